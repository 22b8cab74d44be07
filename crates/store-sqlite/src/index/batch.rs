use std::collections::{BTreeMap, HashMap};

use annals_event::{AggregateId, AggregateType, EventId};
use foldhash::fast::RandomState;
use rusqlite::{Transaction, params};

use super::block::block_of;
use super::gaps::write_gaps;
use crate::sql;
use crate::tail::{Entry, Segment, ZONE_LEN};
use crate::term::Term;

const MICROS_PER_HOUR: i64 = 3_600_000_000;

/// Events that are indexed in one transaction. Every table is written in the order of its key: the batches are
/// large, and sorted they touch each page once.
pub(super) struct Batch<'a> {
    pub(super) segments: &'a [&'a Segment],
}

impl<'a> Batch<'a> {
    pub(super) fn write(&self, index: &Transaction<'_>) -> rusqlite::Result<()> {
        self.write_event_ids(index)?;
        self.write_postings(index)?;
        self.write_payload_values(index)?;
        self.write_streams(index)?;
        self.write_counters(index)?;
        self.write_times(index)
    }

    fn entries(&self) -> impl Iterator<Item = (u64, &'a Entry)> {
        self.segments.iter().flat_map(|segment| segment.entries())
    }

    fn write_event_ids(&self, index: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut ids: Vec<(EventId, u64)> =
            self.entries().map(|(position, entry)| (entry.event_id, position)).collect();
        ids.sort_unstable();
        let mut insert = index.prepare_cached(sql::INDEX_INSERT_EVENT_ID)?;
        for (id, position) in ids {
            insert.execute(params![id.as_bytes(), position])?;
        }
        Ok(())
    }

    fn write_postings(&self, index: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut postings: Vec<(u64, Term, u64)> = (self.segments.iter())
            .flat_map(|segment| segment.terms())
            .map(|(term, position)| (block_of(position), term, position))
            .collect();
        postings.sort_unstable();
        let mut insert = index.prepare_cached(sql::INDEX_INSERT_POSTING)?;
        let (mut positions, mut gaps) = (Vec::new(), Vec::new());
        for row in postings.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let Some((block, term, first)) = row.first() else { continue };
            positions.clear();
            positions.extend(row.iter().map(|(_, _, position)| *position));
            gaps.clear();
            write_gaps(&positions, &mut gaps);
            insert.execute(params![block, term.0, first, gaps])?;
        }
        Ok(())
    }

    fn write_payload_values(&self, index: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut values: Vec<(usize, &[u8], u64)> = (self.segments.iter())
            .flat_map(|segment| segment.payload_values())
            .map(|(value, position)| (value.path, value.key.as_slice(), position))
            .collect();
        values.sort_unstable();
        let mut insert = index.prepare_cached(sql::INDEX_INSERT_PAYLOAD_VALUE)?;
        for (path, key, position) in values {
            insert.execute(params![path, key, position])?;
        }
        Ok(())
    }

    fn write_streams(&self, index: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut ends: HashMap<(&AggregateType, &AggregateId), (u64, &Entry), RandomState> =
            HashMap::default();
        for (position, entry) in self.entries() {
            if let Some(id) = &entry.aggregate_id {
                ends.insert((&entry.aggregate_type, id), (position, entry));
            }
        }
        let mut ends: Vec<_> = ends.into_iter().collect();
        ends.sort_unstable_by_key(|(stream, _)| *stream);
        let mut put = index.prepare_cached(sql::INDEX_PUT_STREAM)?;
        for ((aggregate_type, aggregate_id), (position, entry)) in ends {
            let (version, micros) = (entry.version.0, entry.timestamp.as_micros());
            put.execute(params![aggregate_type.as_str(), aggregate_id.as_str(), version, position, micros])?;
        }
        Ok(())
    }

    fn write_counters(&self, index: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut counters: [HashMap<&str, u64, RandomState>; 3] = Default::default();
        for (_, entry) in self.entries() {
            for (counters, value) in counters.iter_mut().zip(entry.counted()) {
                if let Some(value) = value {
                    *counters.entry(value).or_default() += 1;
                }
            }
        }
        let mut count = index.prepare_cached(sql::INDEX_COUNT)?;
        for (kind, counters) in (1..).zip(&counters) {
            for (value, events) in counters {
                count.execute(params![kind, value, events])?;
            }
        }
        Ok(())
    }

    fn write_times(&self, index: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut hours: BTreeMap<i64, u64> = BTreeMap::new();
        let mut zones: BTreeMap<u64, (i64, i64)> = BTreeMap::new();
        for (position, entry) in self.entries() {
            let micros = entry.timestamp.as_micros();
            *hours.entry(micros.div_euclid(MICROS_PER_HOUR)).or_default() += 1;
            let range = zones.entry(position / ZONE_LEN).or_insert((micros, micros));
            *range = (range.0.min(micros), range.1.max(micros));
        }
        let mut count = index.prepare_cached(sql::INDEX_COUNT_HOUR)?;
        for (hour, events) in &hours {
            count.execute(params![hour, events])?;
        }
        let mut widen = index.prepare_cached(sql::INDEX_WIDEN_ZONE)?;
        for (zone, (earliest, latest)) in &zones {
            widen.execute(params![zone, earliest, latest])?;
        }
        Ok(())
    }
}
