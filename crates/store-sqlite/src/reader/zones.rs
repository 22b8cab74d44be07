use annals_event::Timestamp;
use annals_store::{Direction, TimeRange};
use rusqlite::{Connection, OptionalExtension, params};

use crate::errors::{Result, sqlite};
use crate::sql;
use crate::tail::ZONE_LEN;

/// The positions of all zones that may hold events that happened in a range of time, and the whole tail.
pub(crate) struct Zones<'a> {
    index: &'a Connection,
    tail_first: u64,
    earliest: i64,
    latest: i64,
    /// The zone that was found last, which meets the range.
    current: Option<u64>,
}

impl<'a> Zones<'a> {
    pub(crate) fn of(index: &'a Connection, tail_first: u64, range: TimeRange) -> Self {
        let earliest = range.from.map_or(i64::MIN, Timestamp::as_micros);
        let latest = range.to.map_or(i64::MAX, Timestamp::as_micros);
        Self { index, tail_first, earliest, latest, current: None }
    }

    pub(crate) fn seek(&mut self, from: u64, direction: Direction) -> Result<Option<u64>> {
        let Some(last_indexed) = self.tail_first.checked_sub(1) else { return Ok(Some(from)) };
        if from >= self.tail_first {
            // The tail has no zones yet; backwards the way into the index leads through it.
            return Ok(Some(from));
        }
        if self.current == Some(from / ZONE_LEN) {
            return Ok(Some(from));
        }
        self.current = self.next_zone(from / ZONE_LEN, direction)?;
        Ok(match (direction, self.current) {
            (Direction::Forwards, None) => Some(self.tail_first),
            (Direction::Backwards, None) => None,
            (Direction::Forwards, Some(zone)) => Some(from.max(zone * ZONE_LEN)),
            (Direction::Backwards, Some(zone)) => {
                Some(from.min((zone * ZONE_LEN).saturating_add(ZONE_LEN - 1)).min(last_indexed))
            }
        })
    }

    fn next_zone(&self, zone: u64, direction: Direction) -> Result<Option<u64>> {
        let statement = match direction {
            Direction::Forwards => sql::INDEX_ZONE_AFTER,
            Direction::Backwards => sql::INDEX_ZONE_BEFORE,
        };
        let mut statement = self.index.prepare_cached(statement).map_err(sqlite)?;
        statement
            .query_row(params![zone, self.earliest, self.latest], |row| row.get(0))
            .optional()
            .map_err(sqlite)
    }
}
