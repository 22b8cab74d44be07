use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, Row, params};

use super::equal_index::{BLOCK_LEN, ZONE_LEN, event_type_term, stream_term};
use super::step_through;
use crate::error::Result;
use crate::own_log;
use crate::question::{Aggregate, Question};
use crate::sql;

/// The column `timestamp` in all statements that read events.
const TIMESTAMP: usize = 7;

/// Before a string in the keys of `payload_values`.
const STRING_KEY: u8 = 4;

/// Asks the store's own files, as a raw client that knows what their tables mean.
pub(crate) struct EqualReader {
    truth: Connection,
    index: Connection,
    last_block: u64,
}

impl EqualReader {
    /// Opens the files of the store in this folder.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let [truth, index] = own_log::files(folder).map(Connection::open);
        let (truth, index) = (truth?, index?);
        truth.execute_batch(super::equal::EQUAL_TRUTH_PRAGMAS)?;
        index.execute_batch(super::equal_index::EQUAL_INDEX_PRAGMAS)?;
        let size: u64 = index.query_row(sql::INDEX_MARK, [], |row| row.get(0))?;
        Ok(Self { truth, index, last_block: size / BLOCK_LEN })
    }

    /// How many events answer the question; all their columns are read.
    pub(crate) fn ask(&self, question: &Question) -> Result<u64> {
        match question {
            Question::All => {
                let mut all = self.truth.prepare_cached(sql::EQUAL_ALL)?;
                step_through(&mut all.query([])?, |_| true)
            }
            Question::Aggregate(of) => {
                let mut positions = self.newest(of, usize::MAX)?;
                positions.reverse();
                self.events_at(&positions, |_| true)
            }
            Question::Latest(of, limit) => {
                let limit = usize::try_from(*limit).unwrap_or(usize::MAX);
                self.events_at(&self.newest(of, limit)?, |_| true)
            }
            Question::TypeBetween { event_type, from_micros, to_micros } => {
                let positions = self.of_type(event_type, *from_micros, *to_micros)?;
                let in_range = |row: &Row<'_>| {
                    let range = from_micros..=to_micros;
                    matches!(row.get_ref(TIMESTAMP), Ok(ValueRef::Integer(at)) if range.contains(&&at))
                };
                self.events_at(&positions, in_range)
            }
            Question::Invoice(invoice) => {
                let key = [&[STRING_KEY], invoice.as_bytes()].concat();
                let mut values = self.index.prepare_cached(sql::EQUAL_PAYLOAD_VALUE)?;
                let positions = values.query_map(params![key], |row| row.get(0))?;
                self.events_at(&positions.collect::<rusqlite::Result<Vec<_>>>()?, |_| true)
            }
        }
    }

    /// Positions of an aggregate's newest events, the newest first.
    fn newest(&self, of: &Aggregate, limit: usize) -> Result<Vec<u64>> {
        let mut newest = Vec::new();
        let mut postings = self.index.prepare_cached(sql::EQUAL_POSTINGS)?;
        let term = stream_term(of.aggregate_type, &of.aggregate_id);
        for block in (0..=self.last_block).rev() {
            let mut rows = postings.query(params![block, term])?;
            while newest.len() < limit
                && let Some(row) = rows.next()?
            {
                newest.extend(positions(row)?.into_iter().rev());
            }
        }
        newest.truncate(limit);
        Ok(newest)
    }

    /// Positions of a type's events in all zones in which one may lie in the range.
    fn of_type(&self, event_type: &str, from_micros: i64, to_micros: i64) -> Result<Vec<u64>> {
        let mut zones = self.index.prepare_cached(sql::EQUAL_ZONES)?;
        let zones = zones.query_map(params![from_micros, to_micros], |row| row.get(0))?;
        let zones = zones.collect::<rusqlite::Result<BTreeSet<u64>>>()?;
        let Some(first) = zones.first() else { return Ok(Vec::new()) };
        let end = (zones.last().unwrap_or(first) + 1) * ZONE_LEN;
        let mut found = Vec::new();
        let mut postings = self.index.prepare_cached(sql::EQUAL_POSTINGS_BEFORE)?;
        let term = event_type_term(event_type);
        for block in (first * ZONE_LEN / BLOCK_LEN..=(end - 1) / BLOCK_LEN).rev() {
            let mut rows = postings.query(params![block, term, end])?;
            while let Some(row) = rows.next()? {
                let batch = positions(row)?;
                let is_last = batch.first().is_none_or(|position| position / ZONE_LEN < *first);
                found.extend(batch.into_iter().filter(|position| zones.contains(&(position / ZONE_LEN))));
                if is_last {
                    break;
                }
            }
        }
        Ok(found)
    }

    fn events_at(&self, positions: &[u64], wanted: impl Fn(&Row<'_>) -> bool) -> Result<u64> {
        let mut at: CachedStatement<'_> = self.truth.prepare_cached(sql::EQUAL_EVENT_AT)?;
        let mut count = 0;
        for position in positions {
            count += step_through(&mut at.query(params![position])?, &wanted)?;
        }
        Ok(count)
    }
}

/// The positions of a row of postings.
fn positions(row: &Row<'_>) -> Result<Vec<u64>> {
    let mut position: u64 = row.get(0)?;
    let mut positions = vec![position];
    let (mut gap, mut shift) = (0_u64, 0);
    for byte in row.get_ref(1)?.as_blob().unwrap_or_default() {
        gap |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            position += gap;
            positions.push(position);
            (gap, shift) = (0, 0);
        }
    }
    Ok(positions)
}
