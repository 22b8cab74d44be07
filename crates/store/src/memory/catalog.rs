use std::collections::BTreeMap;

use annals_event::{ActorId, RecordedEvent, StreamName, Timestamp};
use async_trait::async_trait;

use super::MemoryStore;
use crate::catalog::{Counts, SnapshotCounts, Statistics, StreamCatalog, StreamFilter, StreamSummary};
use crate::error::StoreError;

const MICROS_PER_HOUR: i64 = 3_600_000_000;

#[async_trait]
impl StreamCatalog for MemoryStore {
    async fn streams(
        &self,
        filter: &StreamFilter,
        after: Option<&StreamName>,
        limit: usize,
    ) -> Result<Vec<StreamSummary>, StoreError> {
        let state = self.state();
        let wanted = |summary: &&StreamSummary| {
            after.is_none_or(|after| summary.stream > *after) && filter_holds(filter, &summary.stream)
        };
        Ok(state.derived.streams.values().filter(wanted).take(limit).cloned().collect())
    }

    async fn statistics(&self, top: usize) -> Result<Statistics, StoreError> {
        let state = self.state();
        let events = || state.rows.iter().map(|row| &row.event);
        let actor = |event: &'_ RecordedEvent| event.actor_id.value().map(ActorId::to_string);
        let mut per_hour = BTreeMap::new();
        for event in events() {
            *per_hour.entry(hour(event.timestamp)).or_insert(0) += 1;
        }
        Ok(Statistics {
            events: state.size(),
            streams: state.derived.streams.len() as u64,
            by_type: counts(events().map(|event| event.event_type.to_string()), top),
            by_aggregate_type: counts(events().map(|event| event.aggregate_type.to_string()), top),
            by_actor: counts(events().filter_map(actor), top),
            per_hour,
            snapshots: SnapshotCounts {
                count: state.snapshots.len() as u64,
                bytes: state.snapshots.iter().map(|snapshot| snapshot.state.as_str().len() as u64).sum(),
            },
            size_on_disk: 0,
        })
    }
}

fn filter_holds(filter: &StreamFilter, stream: &StreamName) -> bool {
    let is_found = |search: &String| {
        let id = stream.aggregate_id.as_str().to_ascii_lowercase();
        id.contains(&search.to_ascii_lowercase())
    };
    filter.aggregate_type.as_ref().is_none_or(|wanted| *wanted == stream.aggregate_type)
        && filter.search.as_ref().is_none_or(is_found)
}

/// The start of the hour in which the moment lies.
fn hour(moment: Timestamp) -> Timestamp {
    let micros = moment.as_micros();
    // The first moment of all starts an hour, so the hour's start is never too early.
    Timestamp::from_micros(micros - micros.rem_euclid(MICROS_PER_HOUR)).unwrap_or(moment)
}

fn counts(values: impl Iterator<Item = String>, top: usize) -> Counts {
    let mut by_value = BTreeMap::new();
    for value in values {
        *by_value.entry(value).or_insert(0_u64) += 1;
    }
    let distinct = by_value.len() as u64;
    let mut most_frequent: Vec<_> = by_value.into_iter().collect();
    // The sort is stable, so that equally frequent values stay in the order of the map.
    most_frequent.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    most_frequent.truncate(top);
    Counts { top: most_frequent, distinct }
}
