//! The streams and the numbers of a log: what the index says, and the tail on top of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use annals_event::{Position, StreamName, StreamVersion, Timestamp};
use annals_store::{Counts, Statistics, StreamFilter, StreamSummary};
use rusqlite::{Connection, OptionalExtension, params};

use crate::errors::{Result, sqlite};
use crate::index::read_mark;
use crate::reader::{Connections, events_between};
use crate::sql;
use crate::tail::{IndexedEvent, Segment, Tail};

const MICROS_PER_HOUR: i64 = 3_600_000_000;

/// At most `limit` streams behind `after`, by name.
pub(crate) fn streams(
    index: &Connection,
    tail: &Tail,
    filter: &StreamFilter,
    after: Option<&StreamName>,
    limit: usize,
) -> Result<Vec<StreamSummary>> {
    let mut found = BTreeMap::new();
    let tail = tail.read();
    for segment in tail.view().segments {
        for (position, entry) in segment.entries() {
            let Some(stream) = entry.stream() else { continue };
            if after.is_none_or(|after| stream > *after) && is_wanted(&stream, filter) {
                found.insert(stream, (entry.version, position, entry.timestamp));
            }
        }
    }
    for summary in indexed_streams(index, filter, after, limit)? {
        let StreamSummary { stream, version, last_position, last_timestamp } = summary;
        // The index may be ahead of a reader's tail, as it may be behind.
        let indexed = (version, last_position.0, last_timestamp);
        let end = found.entry(stream).or_insert(indexed);
        *end = (*end).max(indexed);
    }
    let summary = |(stream, (version, position, last_timestamp))| StreamSummary {
        stream,
        version,
        last_position: Position(position),
        last_timestamp,
    };
    Ok(found.into_iter().take(limit).map(summary).collect())
}

fn is_wanted(stream: &StreamName, filter: &StreamFilter) -> bool {
    let id = stream.aggregate_id.as_str().to_ascii_lowercase();
    filter.aggregate_type.as_ref().is_none_or(|wanted| *wanted == stream.aggregate_type)
        && filter.search.as_ref().is_none_or(|text| id.contains(&text.to_ascii_lowercase()))
}

fn indexed_streams(
    index: &Connection,
    filter: &StreamFilter,
    after: Option<&StreamName>,
    limit: usize,
) -> Result<Vec<StreamSummary>> {
    let after = after.map_or(("", ""), |after| (after.aggregate_type.as_str(), after.aggregate_id.as_str()));
    let aggregate_type = filter.aggregate_type.as_ref().map(|name| name.as_str());
    let search = filter.search.as_ref().map(|text| text.to_ascii_lowercase());
    let mut statement = index.prepare_cached(sql::INDEX_STREAMS_AFTER).map_err(sqlite)?;
    let mut rows = statement
        .query(params![after.0, after.1, aggregate_type, search, i64::try_from(limit).unwrap_or(i64::MAX)])
        .map_err(sqlite)?;
    let mut summaries = Vec::new();
    while let Some(row) = rows.next().map_err(sqlite)? {
        let (aggregate_type, aggregate_id): (String, String) =
            (row.get(0).map_err(sqlite)?, row.get(1).map_err(sqlite)?);
        let micros = row.get(4).map_err(sqlite)?;
        summaries.push(StreamSummary {
            stream: StreamName {
                aggregate_type: annals_event::AggregateType::from_stored(&aggregate_type),
                aggregate_id: annals_event::AggregateId::from_stored(&aggregate_id),
            },
            version: StreamVersion(row.get(2).map_err(sqlite)?),
            last_position: Position(row.get(3).map_err(sqlite)?),
            last_timestamp: Timestamp::from_micros(micros).unwrap_or(Timestamp::UNIX_EPOCH),
        });
    }
    Ok(summaries)
}

/// The log in numbers, but for snapshots and size on disk.
pub(crate) fn statistics(connections: Connections<'_>, tail: &Tail, top: usize) -> Result<Statistics> {
    let tail = tail.read();
    // Events may be in the index already and not have left the tail: one transaction says which are.
    let snapshot = connections.index.unchecked_transaction().map_err(sqlite)?;
    let mark = read_mark(&snapshot)?.map_or(0, |mark| mark.size);
    let view = tail.view();
    let partly_indexed =
        view.segments.iter().find(|segment| (segment.first + 1..segment.end()).contains(&mark));
    let rest = partly_indexed.map(|segment| rest_of(segment, mark, connections)).transpose()?;
    let untouched = view.segments.into_iter().filter(|segment| segment.first >= mark);
    let segments: Vec<&Segment> = rest.iter().chain(untouched).collect();
    let new_streams = new_streams(&segments, &snapshot)?;
    let streams: u64 = snapshot.query_row(sql::INDEX_STREAM_COUNT, [], |row| row.get(0)).map_err(sqlite)?;
    let [by_type, by_aggregate_type, by_actor] =
        [0, 1, 2].map(|kind| counts(&snapshot, &segments, kind, top));
    Ok(Statistics {
        events: tail.size.max(mark),
        streams: streams + new_streams,
        by_type: by_type?,
        by_aggregate_type: by_aggregate_type?,
        by_actor: by_actor?,
        per_hour: hours(&snapshot, &segments)?,
        ..Statistics::default()
    })
}

/// The part of a segment that is not in the index. Only a reader's segments are cut by a mark: those of a
/// writer are indexed as a whole.
fn rest_of(segment: &Segment, mark: u64, connections: Connections<'_>) -> Result<Segment> {
    let mut rest = Segment::default();
    events_between(connections.truth, mark..segment.end(), |event| {
        rest.push(&IndexedEvent::recorded(&event), connections.payload_paths);
    })?;
    Ok(rest)
}

/// How many streams of the tail are not in the index: those that began in it.
fn new_streams(segments: &[&Segment], index: &Connection) -> Result<u64> {
    let mut known = index.prepare_cached(sql::INDEX_STREAM_VERSION).map_err(sqlite)?;
    let in_tail: HashSet<StreamName> = segments
        .iter()
        .flat_map(|segment| segment.entries())
        .filter_map(|(_, entry)| entry.stream())
        .collect();
    let mut new = 0;
    for stream in in_tail {
        let name = params![stream.aggregate_type.as_str(), stream.aggregate_id.as_str()];
        new += u64::from(!known.exists(name).map_err(sqlite)?);
    }
    Ok(new)
}

fn counts(index: &Connection, segments: &[&Segment], kind: usize, top: usize) -> Result<Counts> {
    let mut merged: HashMap<String, u64> = HashMap::new();
    let number = kind + 1;
    let mut statement = index.prepare_cached(sql::INDEX_COUNTERS).map_err(sqlite)?;
    let limit = i64::try_from(top).unwrap_or(i64::MAX);
    let rows =
        statement.query_map(params![number, limit], |row| Ok((row.get(0)?, row.get(1)?))).map_err(sqlite)?;
    for row in rows {
        let (value, count) = row.map_err(sqlite)?;
        merged.insert(value, count);
    }
    let mut distinct: u64 =
        index.query_row(sql::INDEX_COUNTER_VALUES, params![number], |row| row.get(0)).map_err(sqlite)?;
    // Whatever the tail counts may reach the top, so its count in the index is asked for.
    let mut in_tail: HashMap<&str, u64> = HashMap::new();
    for (_, entry) in segments.iter().flat_map(|segment| segment.entries()) {
        if let Some(value) = entry.counted().into_iter().nth(kind).flatten() {
            *in_tail.entry(value).or_default() += 1;
        }
    }
    let mut counter = index.prepare_cached(sql::INDEX_COUNTER).map_err(sqlite)?;
    for (value, count) in in_tail {
        let indexed: Option<u64> =
            counter.query_row(params![number, value], |row| row.get(0)).optional().map_err(sqlite)?;
        distinct += u64::from(indexed.is_none());
        merged.insert(value.to_owned(), indexed.unwrap_or(0) + count);
    }
    let mut sorted: Vec<(String, u64)> = merged.into_iter().collect();
    sorted.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    sorted.truncate(top);
    Ok(Counts { top: sorted, distinct })
}

fn hours(index: &Connection, segments: &[&Segment]) -> Result<BTreeMap<Timestamp, u64>> {
    let mut hours: BTreeMap<i64, u64> = BTreeMap::new();
    let mut statement = index.prepare_cached(sql::INDEX_HOURS).map_err(sqlite)?;
    for row in statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(sqlite)? {
        let (hour, count) = row.map_err(sqlite)?;
        hours.insert(hour, count);
    }
    for (_, entry) in segments.iter().flat_map(|segment| segment.entries()) {
        *hours.entry(entry.timestamp.as_micros().div_euclid(MICROS_PER_HOUR)).or_default() += 1;
    }
    let start = |hour: i64| Timestamp::from_micros(hour.saturating_mul(MICROS_PER_HOUR)).ok();
    Ok(hours.into_iter().filter_map(|(hour, count)| Some((start(hour)?, count))).collect())
}
