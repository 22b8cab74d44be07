//! The equal floor's index, written behind the commits in sorted batches.

use std::collections::{BTreeMap, HashMap};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, Transaction, params};
use twox_hash::XxHash3_64;

use super::SharedEvents;
use crate::error::Result;
use crate::events::EventValues;
use crate::sql;

/// How the equal floor sets up its index.
pub(crate) const EQUAL_INDEX_PRAGMAS: &str =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536";

/// So many events are indexed at once without waiting for more, and so many at the most.
const BATCH_LEN_MIN: usize = 4_096;
const BATCH_LEN_MAX: usize = 32_768;
/// So long a smaller batch waits for more events.
const BATCH_WAIT_MAX: Duration = Duration::from_millis(50);

/// Positions whose least and greatest times are known together.
pub(super) const ZONE_LEN: u64 = 1_024;
/// Positions whose postings lie together.
pub(super) const BLOCK_LEN: u64 = 1 << 18;
const MICROS_PER_HOUR: i64 = 3_600_000_000;

/// Events that are committed: the numbers of those from a position on.
pub(super) struct Written {
    pub(super) first: u64,
    pub(super) events: Vec<usize>,
}

/// What one batch says of its events.
#[derive(Default)]
struct Batch<'e> {
    ids: Vec<([u8; 16], u64)>,
    /// By block and term.
    postings: HashMap<(u64, i64), Vec<u64>>,
    streams: BTreeMap<(&'e str, &'e str), (&'e EventValues, u64)>,
    counters: HashMap<(u8, &'e str), u64>,
    hours: BTreeMap<i64, u64>,
    zones: BTreeMap<u64, (i64, i64)>,
    end: u64,
}

pub(super) fn run(mut index: Connection, events: &SharedEvents, written: &Receiver<Written>) -> Result<()> {
    index.execute_batch(EQUAL_INDEX_PRAGMAS)?;
    while let Ok(first) = written.recv() {
        let mut batch = Batch::default();
        batch.add(first, events);
        let deadline = Instant::now() + BATCH_WAIT_MAX;
        while batch.ids.len() < BATCH_LEN_MAX {
            let patience = match batch.ids.len() {
                0..BATCH_LEN_MIN => deadline.saturating_duration_since(Instant::now()),
                _ => Duration::ZERO,
            };
            match written.recv_timeout(patience) {
                Ok(more) => batch.add(more, events),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        let transaction = index.transaction()?;
        batch.write(&transaction)?;
        transaction.commit()?;
    }
    Ok(())
}

impl<'e> Batch<'e> {
    fn add(&mut self, written: Written, events: &'e SharedEvents) {
        let events = written.events.iter().filter_map(|event| events.get(*event));
        for (event, position) in events.zip(written.first..) {
            self.end = position + 1;
            self.ids.push((event.event_id, position));
            for term in terms(event) {
                self.postings.entry((position / BLOCK_LEN, term)).or_default().push(position);
            }
            self.streams.insert((event.aggregate_type, &event.aggregate_id), (event, position));
            for counter in [(1, event.event_type), (2, event.aggregate_type), (3, event.actor_id.as_str())] {
                *self.counters.entry(counter).or_default() += 1;
            }
            let at = event.timestamp_micros;
            *self.hours.entry(at.div_euclid(MICROS_PER_HOUR)).or_default() += 1;
            let zone = self.zones.entry(position / ZONE_LEN).or_insert((at, at));
            *zone = (zone.0.min(at), zone.1.max(at));
        }
    }

    fn write(mut self, index: &Transaction<'_>) -> Result<()> {
        self.ids.sort_unstable();
        let mut insert = index.prepare_cached(sql::EQUAL_INDEX_ID)?;
        for (id, position) in self.ids {
            insert.execute(params![id, position])?;
        }
        let mut insert = index.prepare_cached(sql::EQUAL_INDEX_POSTING)?;
        let mut postings: Vec<_> = self.postings.into_iter().collect();
        postings.sort_unstable_by_key(|(key, _)| *key);
        for ((block, term), positions) in postings {
            insert.execute(params![block, term, positions.first(), gaps(&positions)])?;
        }
        let mut put = index.prepare_cached(sql::EQUAL_INDEX_STREAM)?;
        for ((aggregate_type, aggregate_id), (event, position)) in self.streams {
            let at = event.timestamp_micros;
            put.execute(params![aggregate_type, aggregate_id, event.version, position, at])?;
        }
        let mut count = index.prepare_cached(sql::EQUAL_INDEX_COUNTER)?;
        for ((kind, value), events) in self.counters {
            count.execute(params![kind, value, events])?;
        }
        let mut count = index.prepare_cached(sql::EQUAL_INDEX_HOUR)?;
        for (hour, events) in self.hours {
            count.execute(params![hour, events])?;
        }
        let mut widen = index.prepare_cached(sql::EQUAL_INDEX_ZONE)?;
        for (zone, (earliest, latest)) in self.zones {
            widen.execute(params![zone, earliest, latest])?;
        }
        index.prepare_cached(sql::EQUAL_INDEX_MOVE_MARK)?.execute(params![self.end])?;
        Ok(())
    }
}

/// The keys of an event's postings: the store's, which hash a value together with what it is a value of.
fn terms(event: &EventValues) -> [i64; 6] {
    [
        event_type_term(event.event_type),
        stream_term(event.aggregate_type, &event.aggregate_id),
        term(3, event.aggregate_type),
        term(4, &event.tag),
        term(5, &event.actor_id),
        term(6, &event.correlation_id),
    ]
}

pub(super) fn event_type_term(event_type: &str) -> i64 {
    term(1, event_type)
}

pub(super) fn stream_term(aggregate_type: &str, aggregate_id: &str) -> i64 {
    term(term(2, aggregate_type).cast_unsigned(), aggregate_id)
}

fn term(seed: u64, value: &str) -> i64 {
    XxHash3_64::oneshot_with_seed(seed, value.as_bytes()).cast_signed()
}

/// The distances between positions, in LEB128.
fn gaps(positions: &[u64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(positions.len());
    for (before, after) in positions.iter().zip(positions.iter().skip(1)) {
        let mut gap = after.wrapping_sub(*before);
        while gap >= 0x80 {
            bytes.push(gap.to_le_bytes()[0] | 0x80);
            gap >>= 7;
        }
        bytes.push(gap.to_le_bytes()[0]);
    }
    bytes
}
