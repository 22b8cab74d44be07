//! What is asked of the log before an append is written.

use annals_event::{CursorName, EventId, Position};
use annals_store::{
    AppendCondition, Appended, CursorAdvance, CursorValue, IdConflict, Placement, PreparedAppend,
    PreparedEvent, StoreError,
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::errors::{Result, corrupt, sqlite};
use crate::reader::{Sources, event_at, first_match, position_of};
use crate::sql;

/// What an append's event ids say.
pub(super) enum Repeat {
    /// All events are new.
    New,
    /// The append was recorded before, at these places.
    Repeated(Appended),
    /// An id is taken.
    Conflict(StoreError),
}

/// Looks for the append's event ids, but for those that are new for certain.
pub(super) fn repeat_of(
    append: &PreparedAppend,
    sources: &Sources<'_, '_>,
    is_new: impl Fn(&PreparedEvent) -> bool,
) -> Result<Repeat> {
    let mut found = Vec::new();
    for event in &append.events {
        let position = if is_new(event) { None } else { known_position(event.event_id, sources)? };
        found.extend(position.map(|position| (event, position)));
    }
    let Some((event, position)) = found.first() else { return Ok(Repeat::New) };
    if found.len() < append.events.len() {
        let reason = IdConflict::PartialRepeat { position: *position };
        return Ok(Repeat::Conflict(StoreError::EventIdConflict { event_id: event.event_id, reason }));
    }
    let mut events = Vec::with_capacity(found.len());
    for (event, position) in found {
        match placement_of_repeat(event, position, sources)? {
            Some(placement) => events.push(placement),
            None => {
                let reason = IdConflict::OtherContent { position };
                return Ok(Repeat::Conflict(StoreError::EventIdConflict {
                    event_id: event.event_id,
                    reason,
                }));
            }
        }
    }
    Ok(Repeat::Repeated(Appended { events, repeated: true }))
}

/// Where the event with this id stands. The index is not asked for an id that is greater than all that it has.
fn known_position(id: EventId, sources: &Sources<'_, '_>) -> Result<Option<Position>> {
    if sources.tail.greatest_indexed_id.is_none_or(|greatest| id > greatest) {
        return Ok(sources.tail.position_of(id).map(Position));
    }
    position_of(sources.connections.index, sources.tail, id)
}

/// The place of the recorded event, if `event` repeats it.
fn placement_of_repeat(
    event: &PreparedEvent,
    position: Position,
    sources: &Sources<'_, '_>,
) -> Result<Option<Placement>> {
    let recorded = event_at(sources.connections.truth, position.0)?.ok_or_else(|| {
        corrupt(format!("event id {} leads to position {position}, where nothing is", event.event_id))
    })?;
    Ok(event.is_repeat_of(&recorded).then_some(Placement {
        event_id: recorded.event_id,
        position,
        version: recorded.version,
        recorded_at: recorded.recorded_at,
    }))
}

/// The error of an append condition that does not hold.
pub(super) fn condition_failure(
    condition: &AppendCondition,
    sources: &Sources<'_, '_>,
) -> Result<Option<StoreError>> {
    let from = condition.after.map_or(0, |after| after.0.saturating_add(1));
    let matched = first_match(sources, &condition.fail_if_events_match, from)?;
    Ok(matched.map(|position| StoreError::ConditionFailed { position }))
}

/// What to do about one cursor of an append.
pub(super) enum Move {
    /// It stands where it goes already.
    Arrived,
    /// It stands where it was expected.
    Due,
    /// It stands elsewhere.
    Conflict(StoreError),
}

pub(super) fn cursor_move(truth: &Connection, advance: &CursorAdvance) -> Result<Move> {
    let actual = cursor(truth, &advance.name)?;
    Ok(if actual.as_ref() == Some(&advance.to) {
        Move::Arrived
    } else if actual == advance.from {
        Move::Due
    } else {
        let (name, expected) = (advance.name.clone(), advance.from.clone());
        Move::Conflict(StoreError::CursorConflict { name, expected, actual })
    })
}

/// Where a cursor stands.
pub(crate) fn cursor(truth: &Connection, name: &CursorName) -> Result<Option<CursorValue>> {
    let mut statement = truth.prepare_cached(sql::CURSOR).map_err(sqlite)?;
    let value = statement.query_row(params![name.as_str()], |row| row.get(0)).optional().map_err(sqlite)?;
    Ok(value.map(CursorValue))
}
