use std::collections::BTreeMap;

use annals_event::EventId;
use annals_store::Problem;
use annals_tlog::{Hash, root_at};
use rusqlite::{Connection, Row};

use super::claims::Claims;
use super::expected::{Expected, StreamSums};
use super::problem;
use super::sums::{Keys, Sum};
use crate::errors::{Result, sqlite};
use crate::index::{block_of, indexed_paths, read_gaps};
use crate::reader::TreeReader;
use crate::sql;
use crate::term::Term;

/// What an index says, summed up; nothing of a table in which a row cannot be read or cannot be.
pub(super) struct Said {
    event_ids: Option<Sum>,
    postings: Option<Sum>,
    payload_values: Option<Sum>,
    counters: Option<Sum>,
    hours: Option<Sum>,
    zones: Option<BTreeMap<u64, (i64, i64)>>,
    streams: Option<StreamSums>,
}

/// Tables that do not say what they must, and in which events can be named.
#[derive(Default, PartialEq, Eq)]
pub(super) struct Differing {
    pub(super) event_ids: bool,
    pub(super) postings: bool,
    pub(super) payload_values: bool,
    pub(super) streams: bool,
}

impl Said {
    /// Reads every table once.
    pub(super) fn by(index: &Connection, claims: &Claims) -> Result<Self> {
        let keys = &claims.keys;
        Ok(Self {
            event_ids: event_ids(index, keys)?,
            postings: postings(index, keys)?,
            payload_values: payload_values(index, keys)?,
            counters: counters(index, keys)?,
            hours: hours(index, keys)?,
            zones: zones(index)?,
            streams: streams(index, keys)?,
        })
    }

    /// Compares with what must be said; what cannot be laid at an event's door is named here.
    pub(super) fn compare(&self, expected: &Expected, problems: &mut Vec<Problem>) -> Differing {
        let mut altered = |table: &str, differs: bool| {
            if differs {
                let detail = format!("table {table} of the index does not say what follows from the events");
                problems.push(problem("index-altered", None, detail));
            }
        };
        altered("counters", self.counters != Some(expected.counters));
        altered("hours", self.hours != Some(expected.hours));
        altered("zones", self.zones.as_ref() != Some(&expected.zones));
        Differing {
            event_ids: self.event_ids != Some(expected.event_ids),
            postings: self.postings != Some(expected.postings),
            payload_values: self.payload_values != Some(expected.payload_values),
            streams: self.streams != Some(expected.streams),
        }
    }
}

/// Holds what an index says of itself against the log that it lies beside.
pub(super) fn check_mark(truth: &Connection, claims: &Claims, problems: &mut Vec<Problem>) {
    let mut altered = |what: &str| problems.push(problem("index-altered", None, what));
    let root: Option<Hash> = root_at(claims.mark.size, &TreeReader(truth)).ok();
    if Some(claims.mark.root) != root {
        altered("the root at the index's mark is not the log's");
    }
    let origin = truth.query_row(sql::LOG_IDENTITY, [], |row| row.get::<_, String>(0)).ok();
    if Some(&claims.mark.origin) != origin.as_ref() {
        altered("the index says that it is of another log");
    }
    if indexed_paths(&claims.mark).is_none() {
        altered("the index does not say which payload paths it has");
    }
}

/// Calls `each` with every row; `None` when a row cannot be read or `each` finds it impossible.
pub(super) fn every_row(
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
    let mut before: Option<(u64, Term, u64)> = None;
    let mut positions = Vec::new();
    let read = every_row(index, sql::INDEX_ALL_POSTINGS, |row| {
        let (block, term, first) = (row.get::<_, u64>(0)?, Term(row.get(1)?), row.get::<_, u64>(2)?);
        positions.clear();
        let gaps = row.get_ref(3)?.as_blob().unwrap_or(&[0]);
        if read_gaps(first, gaps, &mut positions).is_none()
            || positions.iter().any(|position| block_of(*position) != block)
            || before.is_some_and(|(in_block, of, last)| (in_block, of) == (block, term) && last >= first)
        {
            return Ok(None);
        }
        for position in &positions {
            sum.add(keys, (term, *position));
        }
        before = positions.last().map(|last| (block, term, *last));
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

fn zones(index: &Connection) -> Result<Option<BTreeMap<u64, (i64, i64)>>> {
    let mut zones = BTreeMap::new();
    let read = every_row(index, sql::INDEX_ALL_ZONES, |row| {
        zones.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
        Ok(Some(()))
    })?;
    Ok(read.map(|()| zones))
}

fn streams(index: &Connection, keys: &Keys) -> Result<Option<StreamSums>> {
    let mut sums = StreamSums::default();
    let read = every_row(index, sql::INDEX_ALL_STREAMS, |row| {
        let (aggregate_type, aggregate_id): (String, String) = (row.get(0)?, row.get(1)?);
        let (version, position, timestamp): (u64, u64, i64) = (row.get(2)?, row.get(3)?, row.get(4)?);
        sums.count += 1;
        sums.events = sums.events.wrapping_add(version);
        let name = (aggregate_type.as_str(), aggregate_id.as_str());
        sums.ends.add(keys, (name, (version, position, timestamp)));
        Ok(Some(()))
    })?;
    Ok(read.map(|()| sums))
}
