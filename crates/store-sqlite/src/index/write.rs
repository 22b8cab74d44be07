use annals_event::JsonPointer;
use annals_failpoint::{Bug, Point, is_seeded};
use annals_tlog::{Hash, root_at};
use rusqlite::{Connection, Transaction, params};

use super::gaps::write_gaps;
use crate::errors::{Result, corrupt, pass, sqlite};
use crate::reader::{TreeReader, events_between};
use crate::sql;
use crate::tail::{IndexedEvent, Segment};

/// Events that are indexed in one go when the index is behind.
const BATCH_LEN: u64 = 16_384;

/// Writes segments that follow the mark, and the new mark, in one transaction.
pub(super) fn write_segments<'a>(
    index: &mut Connection,
    segments: impl Iterator<Item = &'a Segment>,
) -> Result<u64> {
    let segments: Vec<&Segment> = segments.collect();
    if let Some(last) = segments.last().filter(|_| is_seeded(Bug::MarkBeforeRows)) {
        index.execute(sql::INDEX_MOVE_MARK, params![last.end, last.root.as_bytes()]).map_err(sqlite)?;
    }
    let transaction = index.transaction().map_err(sqlite)?;
    let (mut mark, mut root) = (0, Hash::EMPTY_ROOT);
    for segment in segments {
        write_segment(&transaction, segment).map_err(sqlite)?;
        (mark, root) = (segment.end, segment.root);
    }
    transaction.execute(sql::INDEX_MOVE_MARK, params![mark, root.as_bytes()]).map_err(sqlite)?;
    pass(Point::IndexBeforeCommit)?;
    transaction.commit().map_err(sqlite)?;
    pass(Point::IndexAfterCommit)?;
    Ok(mark)
}

/// Indexes every event from `mark` up to `size`, from the truth.
pub(crate) fn catch_up(
    index: &mut Connection,
    truth: &Connection,
    mark: u64,
    size: u64,
    payload_paths: &[JsonPointer],
) -> Result<()> {
    let mut first = mark;
    while first < size {
        let end = size.min(first + BATCH_LEN);
        let mut segment = Segment::default();
        events_between(truth, first..end, |event| {
            segment.push(&IndexedEvent::recorded(&event), payload_paths);
        })?;
        if segment.end != end || segment.first != first {
            return Err(corrupt(format!("events between {first} and {end} are missing")));
        }
        segment.root = root_at(end, &TreeReader(truth)).map_err(|error| corrupt(error.to_string()))?;
        first = write_segments(index, std::iter::once(&segment))?;
    }
    Ok(())
}

/// Every table is written in the order of its key: the batches are large, and sorted they touch each page once.
fn write_segment(index: &Transaction<'_>, segment: &Segment) -> rusqlite::Result<()> {
    let mut insert = index.prepare_cached(sql::INDEX_INSERT_EVENT_ID)?;
    let mut ids: Vec<_> = segment.ids.iter().collect();
    ids.sort_unstable();
    for (id, position) in ids {
        insert.execute(params![id.as_bytes(), position])?;
    }
    let mut insert = index.prepare_cached(sql::INDEX_INSERT_POSTING)?;
    let mut postings: Vec<_> = segment.postings.iter().collect();
    postings.sort_unstable_by_key(|(term, _)| **term);
    for (term, positions) in postings {
        insert.execute(params![term.0, positions.first(), write_gaps(positions)])?;
    }
    let mut insert = index.prepare_cached(sql::INDEX_INSERT_PAYLOAD_VALUE)?;
    for ((path, value), positions) in &segment.payload_values {
        for position in positions {
            insert.execute(params![path, value, position])?;
        }
    }
    write_streams(index, segment)?;
    write_counters(index, segment)
}

fn write_streams(index: &Transaction<'_>, segment: &Segment) -> rusqlite::Result<()> {
    let mut put = index.prepare_cached(sql::INDEX_PUT_STREAM)?;
    let mut streams: Vec<_> = segment.streams.iter().collect();
    streams.sort_unstable_by(|a, b| a.0.cmp(b.0));
    for (stream, end) in streams {
        put.execute(params![
            stream.aggregate_type.as_str(),
            stream.aggregate_id.as_str(),
            end.version.0,
            end.position,
            end.timestamp.as_micros(),
        ])?;
    }
    Ok(())
}

fn write_counters(index: &Transaction<'_>, segment: &Segment) -> rusqlite::Result<()> {
    let mut count = index.prepare_cached(sql::INDEX_COUNT)?;
    for (kind, counters) in (1..).zip(&segment.counters) {
        for (value, events) in counters {
            count.execute(params![kind, value.as_str(), events])?;
        }
    }
    let mut count_hour = index.prepare_cached(sql::INDEX_COUNT_HOUR)?;
    for (hour, events) in &segment.hours {
        count_hour.execute(params![hour, events])?;
    }
    let mut widen = index.prepare_cached(sql::INDEX_WIDEN_ZONE)?;
    for (zone, (earliest, latest)) in &segment.zones {
        widen.execute(params![zone, earliest, latest])?;
    }
    Ok(())
}
