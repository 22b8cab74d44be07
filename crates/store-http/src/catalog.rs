//! The aggregates of a log and its numbers.

use std::collections::BTreeMap;

use annals_event::{Position, StreamName, StreamVersion, Timestamp};
use annals_store::{
    Counts, SnapshotCounts, Statistics, StoreError, StreamCatalog, StreamFilter, StreamSummary,
};
use async_trait::async_trait;
use form_urlencoded::Serializer;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::client::unavailable;
use crate::store::HttpEventStore;

/// The server gives no more aggregates at a time.
const LIMIT_MAX: usize = 1_000;

#[derive(Deserialize)]
struct AggregateList {
    items: Vec<AggregateDocument>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AggregateDocument {
    aggregate_type: String,
    aggregate_id: String,
    version: u64,
    last_position: u64,
    last_timestamp: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StatsDocument {
    events: u64,
    streams: u64,
    by_type: Map<String, Value>,
    by_aggregate_type: Map<String, Value>,
    by_actor: Map<String, Value>,
    distinct: Distinct,
    per_hour: BTreeMap<String, u64>,
    snapshots: SnapshotsDocument,
    size_on_disk: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Distinct {
    types: u64,
    aggregate_types: u64,
    actors: u64,
}

#[derive(Deserialize)]
struct SnapshotsDocument {
    count: u64,
    bytes: u64,
}

#[async_trait]
impl StreamCatalog for HttpEventStore {
    async fn streams(
        &self,
        filter: &StreamFilter,
        after: Option<&StreamName>,
        limit: usize,
    ) -> Result<Vec<StreamSummary>, StoreError> {
        let mut streams: Vec<StreamSummary> = Vec::new();
        while streams.len() < limit {
            let wanted = (limit - streams.len()).min(LIMIT_MAX);
            let last = streams.last().map(|last| &last.stream);
            let path = self.path(&format!("/aggregates?{}", parameters(filter, last.or(after), wanted)));
            let AggregateList { items } = self.client.get(&path).await?;
            let found = items.len();
            streams.extend(items.into_iter().map(AggregateDocument::read).collect::<Result<Vec<_>, _>>()?);
            if found < wanted {
                break;
            }
        }
        Ok(streams)
    }

    async fn statistics(&self, top: usize) -> Result<Statistics, StoreError> {
        let stats: StatsDocument = self.client.get(&self.path(&format!("/stats?top={top}"))).await?;
        let per_hour = stats.per_hour.into_iter().map(|(hour, count)| Ok((moment(&hour)?, count)));
        Ok(Statistics {
            events: stats.events,
            streams: stats.streams,
            by_type: counts(stats.by_type, stats.distinct.types),
            by_aggregate_type: counts(stats.by_aggregate_type, stats.distinct.aggregate_types),
            by_actor: counts(stats.by_actor, stats.distinct.actors),
            per_hour: per_hour.collect::<Result<_, StoreError>>()?,
            snapshots: SnapshotCounts { count: stats.snapshots.count, bytes: stats.snapshots.bytes },
            size_on_disk: stats.size_on_disk,
        })
    }
}

fn parameters(filter: &StreamFilter, after: Option<&StreamName>, limit: usize) -> String {
    let mut pairs = Serializer::new(String::new());
    pairs.append_pair("limit", &limit.to_string());
    if let Some(cursor) = after {
        pairs.append_pair("cursor", &cursor.to_string());
    }
    if let Some(aggregate_type) = &filter.aggregate_type {
        pairs.append_pair("type", aggregate_type.as_str());
    }
    if let Some(search) = &filter.search {
        pairs.append_pair("search", search);
    }
    pairs.finish()
}

impl AggregateDocument {
    fn read(self) -> Result<StreamSummary, StoreError> {
        let stream = StreamName::new(self.aggregate_type.as_str(), self.aggregate_id.as_str())
            .map_err(|error| unavailable(&format!("the server's aggregate cannot be read: {error}")))?;
        Ok(StreamSummary {
            stream,
            version: StreamVersion(self.version),
            last_position: Position(self.last_position),
            last_timestamp: moment(&self.last_timestamp)?,
        })
    }
}

/// Counts in the order in which a store gives them: a parsed object may have lost it.
fn counts(values: Map<String, Value>, distinct: u64) -> Counts {
    let mut top: Vec<(String, u64)> =
        values.into_iter().map(|(value, count)| (value, count.as_u64().unwrap_or_default())).collect();
    top.sort_by(|(one, one_count), (other, other_count)| {
        other_count.cmp(one_count).then_with(|| one.cmp(other))
    });
    Counts { top, distinct }
}

fn moment(text: &str) -> Result<Timestamp, StoreError> {
    text.parse().map_err(|error| unavailable(&format!("the server's time {text:?} cannot be read: {error}")))
}
