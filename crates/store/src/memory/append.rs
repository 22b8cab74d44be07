//! The rules of an append, in the order in which every store applies them.

use annals_event::{Opening, Position, StreamVersion, Timestamp};
use annals_tlog::RecordedAtText;

use super::state::State;
use crate::append::{AppendCondition, Appended, ExpectedVersion, Placement};
use crate::cursor::CursorAdvance;
use crate::error::{IdConflict, StoreError};
use crate::prepare::{PreparedAppend, PreparedEvent};
use crate::proof_store::ProvableEvent;

impl State {
    /// Records an append at `now`, or changes nothing.
    pub(super) fn append(&mut self, append: PreparedAppend, now: Timestamp) -> Result<Appended, StoreError> {
        if let Some(placements) = self.places_of_repeat(&append.events)? {
            self.check_cursors(&append.cursors, CursorCheck::Repeat)?;
            self.advance_cursors(append.cursors);
            return Ok(Appended { events: placements, repeated: true });
        }
        if let Some(place) = append.carried {
            place.must_follow(self.size())?;
        }
        self.check_versions(&append)?;
        if let Some(condition) = &append.condition {
            self.check_condition(condition)?;
        }
        if append.events.is_empty() {
            let repeated = append.cursors.iter().all(|advance| self.stands_at_end(advance));
            self.check_cursors(&append.cursors, CursorCheck::Repeat)?;
            self.advance_cursors(append.cursors);
            return Ok(Appended { events: Vec::new(), repeated });
        }
        self.check_cursors(&append.cursors, CursorCheck::First)?;
        self.advance_cursors(append.cursors);
        // Clocks go backwards; the time of recording does not.
        let now = append.carried.map_or(now, |place| place.recorded_at);
        let recorded_at = self.recorded_at().map_or(now, |last| last.max(now));
        let events = append.events.into_iter().map(|event| self.record(event, recorded_at)).collect();
        Ok(Appended { events, repeated: false })
    }

    /// Where the events were recorded before, all of them; `None` when none of them was.
    fn places_of_repeat(&self, events: &[PreparedEvent]) -> Result<Option<Vec<Placement>>, StoreError> {
        let earlier: Vec<_> = events.iter().map(|event| Some((event, self.recorded(event)?))).collect();
        let Some((event, first)) = earlier.iter().flatten().next() else { return Ok(None) };
        let conflict = |event: &PreparedEvent, reason| {
            Err(StoreError::EventIdConflict { event_id: event.event_id, reason })
        };
        if earlier.iter().any(Option::is_none) {
            return conflict(event, IdConflict::PartialRepeat { position: first.event.position });
        }
        let mut placements = Vec::with_capacity(events.len());
        for (event, row) in earlier.into_iter().flatten() {
            if !event.is_repeat_of(&row.event) {
                return conflict(event, IdConflict::OtherContent { position: row.event.position });
            }
            placements.push(placement(row));
        }
        Ok(Some(placements))
    }

    /// The recorded event with this event's id.
    fn recorded(&self, event: &PreparedEvent) -> Option<&ProvableEvent> {
        self.row(*self.derived.positions.get(&event.event_id)?)
    }

    fn check_versions(&self, append: &PreparedAppend) -> Result<(), StoreError> {
        for (stream, expected) in &append.expected {
            let actual = self.derived.version(stream);
            if !ExpectedVersion::holds(*expected, actual) {
                let (stream, expected) = (stream.clone(), *expected);
                return Err(StoreError::WrongExpectedVersion { stream, expected, actual });
            }
        }
        Ok(())
    }

    fn check_condition(&self, condition: &AppendCondition) -> Result<(), StoreError> {
        let behind = |position: Position| condition.after.is_none_or(|after| after < position);
        let events = self.rows.iter().map(|row| &row.event);
        let mut matching =
            events.filter(|event| behind(event.position) && condition.fail_if_events_match.matches(event));
        match matching.next() {
            Some(event) => Err(StoreError::ConditionFailed { position: event.position }),
            None => Ok(()),
        }
    }

    /// Checks every cursor before any is moved.
    fn check_cursors(&self, advances: &[CursorAdvance], check: CursorCheck) -> Result<(), StoreError> {
        advances.iter().try_for_each(|advance| self.check_cursor(advance, check))
    }

    /// Checks that a cursor can be moved.
    pub(super) fn check_cursor(&self, advance: &CursorAdvance, check: CursorCheck) -> Result<(), StoreError> {
        let actual = self.cursors.get(&advance.name);
        let done = check == CursorCheck::Repeat && self.stands_at_end(advance);
        if done || actual == advance.from.as_ref() {
            return Ok(());
        }
        let CursorAdvance { name, from, .. } = advance.clone();
        Err(StoreError::CursorConflict { name, expected: from, actual: actual.cloned() })
    }

    fn stands_at_end(&self, advance: &CursorAdvance) -> bool {
        self.cursors.get(&advance.name) == Some(&advance.to)
    }

    fn advance_cursors(&mut self, advances: Vec<CursorAdvance>) {
        self.cursors.extend(advances.into_iter().map(|advance| (advance.name, advance.to)));
    }

    /// Gives an event its place, and the place to whoever sent it.
    fn record(&mut self, event: PreparedEvent, recorded_at: Timestamp) -> Placement {
        let position = Position(self.size());
        let version =
            self.derived.version(&event.sent.stream).map_or(StreamVersion::FIRST, StreamVersion::next);
        let leaf_hash = event.leaf_hash(&RecordedAtText::from(recorded_at), version);
        let opening = Opening::Secret(event.secret);
        let row =
            ProvableEvent { event: event.into_recorded(position, version, recorded_at), opening, leaf_hash };
        let placement = placement(&row);
        self.derived.note(&row);
        self.rows.push(row);
        placement
    }
}

/// Where a cursor may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum CursorCheck {
    /// Only where the advance starts, so that two readers of one source cannot both record its events.
    First,
    /// Also where the advance leads: it was carried out before, and the answer was lost.
    Repeat,
}

fn placement(row: &ProvableEvent) -> Placement {
    let event = &row.event;
    Placement {
        event_id: event.event_id,
        position: event.position,
        version: event.version,
        recorded_at: event.recorded_at,
    }
}
