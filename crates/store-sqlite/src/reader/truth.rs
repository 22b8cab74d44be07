use std::ops::Range;

use annals_event::{EventId, Position, RecordedEvent};
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use crate::errors::{Result, sqlite};
use crate::tail::TailView;
use crate::{row, sql};

/// The event at a position, if there is one.
pub(crate) fn event_at(truth: &Connection, position: u64) -> Result<Option<RecordedEvent>> {
    EventsAt::of(truth)?.get(position)
}

/// Looks up one event after the other.
pub(crate) struct EventsAt<'a>(CachedStatement<'a>);

impl<'a> EventsAt<'a> {
    pub(crate) fn of(truth: &'a Connection) -> Result<Self> {
        truth.prepare_cached(sql::EVENT_AT).map(Self).map_err(sqlite)
    }

    /// The event at a position, if there is one.
    pub(crate) fn get(&mut self, position: u64) -> Result<Option<RecordedEvent>> {
        let mut rows = self.0.query(params![position]).map_err(sqlite)?;
        rows.next().map_err(sqlite)?.map(row::event).transpose()
    }
}

/// Calls `each` with the events at `positions`, in order.
pub(crate) fn events_between(
    truth: &Connection,
    positions: Range<u64>,
    mut each: impl FnMut(RecordedEvent),
) -> Result<()> {
    let mut statement = truth.prepare_cached(sql::EVENTS_FORWARDS).map_err(sqlite)?;
    let mut rows = statement.query(params![positions.start, positions.end]).map_err(sqlite)?;
    while let Some(row) = rows.next().map_err(sqlite)? {
        each(row::event(row)?);
    }
    Ok(())
}

/// Where the event with this id stands, by tail and index.
pub(crate) fn position_of(index: &Connection, tail: &TailView<'_>, id: EventId) -> Result<Option<Position>> {
    if let Some(position) = tail.position_of(id) {
        return Ok(Some(Position(position)));
    }
    let mut statement = index.prepare_cached(sql::INDEX_EVENT_ID).map_err(sqlite)?;
    let position =
        statement.query_row(params![id.as_bytes()], |row| row.get(0)).optional().map_err(sqlite)?;
    Ok(position.map(Position))
}
