use std::collections::BTreeMap;

use annals_event::StreamVersion;
use annals_tlog::{Hash, root_at};
use rusqlite::Connection;

use super::sums::{Keys, Sum};
use crate::errors::Result;
use crate::index::{Mark, indexed_paths, payload_key};
use crate::reader::{TreeReader, event_at};
use crate::sql;
use crate::tail::{IndexedEvent, ZONE_LEN};

const MICROS_PER_HOUR: i64 = 3_600_000_000;

/// What an index must say, summed up from the truth.
#[derive(Default)]
pub(super) struct Expected {
    /// The root at the mark; `None` when the tree cannot be read.
    pub(super) root: Option<Hash>,
    /// The log's identity, if it has one.
    pub(super) origin: Option<String>,
    pub(super) event_ids: Sum,
    pub(super) postings: Sum,
    pub(super) payload_values: Sum,
    pub(super) counters: Sum,
    pub(super) hours: Sum,
    pub(super) zones: BTreeMap<u64, (i64, i64)>,
    /// Streams, by their first events.
    pub(super) streams: u64,
    /// Events that belong to a stream whose name is known.
    pub(super) stream_events: u64,
}

impl Expected {
    pub(super) fn of_truth(truth: &Connection, mark: &Mark, keys: &Keys) -> Result<Self> {
        let root = root_at(mark.size, &TreeReader(truth)).ok();
        let origin = truth.query_row(sql::LOG_IDENTITY, [], |row| row.get(0)).ok();
        let mut expected = Self { root, origin, ..Self::default() };
        let paths = indexed_paths(mark).unwrap_or_default();
        for position in 0..mark.size {
            // A row that cannot be read is named by whoever checks the leaves.
            let Ok(Some(event)) = event_at(truth, position) else { continue };
            let event = IndexedEvent::recorded(&event);
            expected.add(&event, keys);
            for (path, pointer) in paths.iter().enumerate() {
                if let Some(key) = event.payload.and_then(|payload| payload_key(payload.at(pointer)?)) {
                    expected.payload_values.add(keys, (path, key.as_slice(), position));
                }
            }
        }
        Ok(expected)
    }

    fn add(&mut self, event: &IndexedEvent<'_>, keys: &Keys) {
        self.event_ids.add(keys, (event.event_id, event.position));
        event.each_term(|term| self.postings.add(keys, (term, event.position)));
        let actor = event.actor_id.map(|actor| actor.as_str());
        let values = [Some(event.event_type.as_str()), Some(event.aggregate_type.as_str()), actor];
        for (kind, value) in (1_u8..).zip(values) {
            if let Some(value) = value {
                self.counters.add(keys, (kind, value));
            }
        }
        let micros = event.timestamp.as_micros();
        self.hours.add(keys, micros.div_euclid(MICROS_PER_HOUR));
        let zone = self.zones.entry(event.position / ZONE_LEN).or_insert((micros, micros));
        *zone = (zone.0.min(micros), zone.1.max(micros));
        if event.stream.is_some() {
            self.stream_events += 1;
            self.streams += u64::from(event.version == StreamVersion::FIRST);
        }
    }
}
