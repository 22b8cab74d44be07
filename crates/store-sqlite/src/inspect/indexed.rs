use annals_event::EventId;
use annals_store::Problem;
use rusqlite::{Connection, Row};

use super::expected::Expected;
use super::problem;
use super::sums::{Keys, Sum};
use crate::errors::{Result, sqlite};
use crate::index::{Mark, indexed_paths, read_gaps};
use crate::sql;
use crate::term::Term;

/// Tables that do not say what they must, and in which events can be named.
#[derive(Default)]
pub(super) struct Differing {
    pub(super) event_ids: bool,
    pub(super) postings: bool,
    pub(super) payload_values: bool,
    pub(super) streams: bool,
}

/// Compares what the index says with what it must say; what cannot be laid at an event's door is named here.
pub(super) fn compare(
    index: &Connection,
    mark: &Mark,
    expected: &Expected,
    keys: &Keys,
    problems: &mut Vec<Problem>,
) -> Result<Differing> {
    let mut altered = |what: &str| problems.push(problem("index-altered", None, what));
    if Some(mark.root) != expected.root {
        altered("the root at the index's mark is not the log's");
    }
    if Some(&mark.origin) != expected.origin.as_ref() {
        altered("the index says that it is of another log");
    }
    if indexed_paths(mark).is_none() {
        altered("the index does not say which payload paths it has");
    }
    let mut altered = |table: &str, differs: bool| {
        if differs {
            let detail = format!("table {table} of the index does not say what follows from the events");
            problems.push(problem("index-altered", None, detail));
        }
    };
    altered("counters", counters(index, keys)? != Some(expected.counters));
    altered("hours", hours(index, keys)? != Some(expected.hours));
    altered("zones", zones_differ(index, expected)?);
    Ok(Differing {
        event_ids: event_ids(index, keys)? != Some(expected.event_ids),
        postings: postings(index, keys)? != Some(expected.postings),
        payload_values: payload_values(index, keys)? != Some(expected.payload_values),
        streams: streams_differ(index, expected)?,
    })
}

/// Calls `each` with every row; `None` when a row cannot be read or `each` finds it impossible.
fn every_row(
    index: &Connection,
    statement: &str,
    mut each: impl FnMut(&Row<'_>) -> rusqlite::Result<Option<()>>,
) -> Result<Option<()>> {
    let mut statement = index.prepare_cached(statement).map_err(sqlite)?;
    let mut rows = statement.query([]).map_err(sqlite)?;
    while let Some(row) = rows.next().map_err(sqlite)? {
        if !matches!(each(row), Ok(Some(()))) {
            return Ok(None);
        }
    }
    Ok(Some(()))
}

fn event_ids(index: &Connection, keys: &Keys) -> Result<Option<Sum>> {
    let mut sum = Sum::default();
    let read = every_row(index, sql::INDEX_ALL_EVENT_IDS, |row| {
        sum.add(keys, (EventId::from_bytes(row.get(0)?), row.get::<_, u64>(1)?));
        Ok(Some(()))
    })?;
    Ok(read.map(|()| sum))
}

/// Rows of one term must follow each other, or a reader that reads ahead would miss some.
fn postings(index: &Connection, keys: &Keys) -> Result<Option<Sum>> {
    let mut sum = Sum::default();
    let mut before: Option<(Term, u64)> = None;
    let mut positions = Vec::new();
    let read = every_row(index, sql::INDEX_ALL_POSTINGS, |row| {
        let (term, first) = (Term(row.get(0)?), row.get::<_, u64>(1)?);
        positions.clear();
        let gaps = row.get_ref(2)?.as_blob().unwrap_or(&[0]);
        if read_gaps(first, gaps, &mut positions).is_none()
            || before.is_some_and(|(last_term, last)| last_term == term && last >= first)
        {
            return Ok(None);
        }
        for position in &positions {
            sum.add(keys, (term, *position));
        }
        before = positions.last().map(|last| (term, *last));
        Ok(Some(()))
    })?;
    Ok(read.map(|()| sum))
}

fn payload_values(index: &Connection, keys: &Keys) -> Result<Option<Sum>> {
    let mut sum = Sum::default();
    let read = every_row(index, sql::INDEX_ALL_PAYLOAD_VALUES, |row| {
        let value: Vec<u8> = row.get(1)?;
        sum.add(keys, (row.get::<_, usize>(0)?, value.as_slice(), row.get::<_, u64>(2)?));
        Ok(Some(()))
    })?;
    Ok(read.map(|()| sum))
}

fn counters(index: &Connection, keys: &Keys) -> Result<Option<Sum>> {
    let mut sum = Sum::default();
    let read = every_row(index, sql::INDEX_ALL_COUNTERS, |row| {
        let (kind, value, count): (u8, String, u64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        sum.add_times(keys, (kind, value.as_str()), count);
        Ok((count > 0).then_some(()))
    })?;
    Ok(read.map(|()| sum))
}

fn hours(index: &Connection, keys: &Keys) -> Result<Option<Sum>> {
    let mut sum = Sum::default();
    let read = every_row(index, sql::INDEX_HOURS, |row| {
        let (hour, count): (i64, u64) = (row.get(0)?, row.get(1)?);
        sum.add_times(keys, hour, count);
        Ok((count > 0).then_some(()))
    })?;
    Ok(read.map(|()| sum))
}

fn zones_differ(index: &Connection, expected: &Expected) -> Result<bool> {
    let mut found = 0;
    let read = every_row(index, sql::INDEX_ALL_ZONES, |row| {
        found += 1;
        let zone = expected.zones.get(&row.get(0)?);
        Ok((zone == Some(&(row.get(1)?, row.get(2)?))).then_some(()))
    })?;
    Ok(read.is_none() || found != expected.zones.len())
}

/// Every row names a stream once; if there are as many as streams, and their versions sum up to the events,
/// no row can be behind: each one's last event is looked at besides.
fn streams_differ(index: &Connection, expected: &Expected) -> Result<bool> {
    let (mut streams, mut versions) = (0_u64, 0_u64);
    let read = every_row(index, sql::INDEX_ALL_STREAMS, |row| {
        streams += 1;
        versions = versions.wrapping_add(row.get::<_, u64>(2)?);
        Ok(Some(()))
    })?;
    Ok(read.is_none() || streams != expected.streams || versions != expected.stream_events)
}
