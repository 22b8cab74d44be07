//! The rules of an append, in the order in which every store applies them. Nothing is asked and nothing is written
//! here: what a group comes to follows from the group, the end of the log, and what is known of it.

use std::collections::HashMap;

use annals_event::{CursorName, EventId, Position, StreamName, StreamVersion, Timestamp};
use annals_store::{
    AppendCondition, Appended, CursorAdvance, CursorValue, IdConflict, Placement, PreparedAppend,
    PreparedEvent, StoreError,
};
use annals_tlog::{CompleteSubtree, RecordedAtText};

use super::end::LogEnd;
use super::heads::StreamHeads;
use super::known::{Doubt, Known};
use super::records::PlacedEvent;
use crate::errors::corrupt;

/// What one append is answered, once what was written is committed.
pub(crate) type Verdict = Result<Appended, StoreError>;

/// What a group comes to: the verdicts, and what is to be written.
pub(super) struct Judged<'a> {
    pub(super) verdicts: Vec<Verdict>,
    pub(super) events: Vec<PlacedEvent<'a>>,
    pub(super) subtrees: Vec<CompleteSubtree>,
    pub(super) cursors: HashMap<&'a CursorName, &'a CursorValue>,
    pub(super) end: LogEnd,
}

impl Judged<'_> {
    /// Whether anything is to be written.
    pub(super) fn has_written(&self) -> bool {
        !self.events.is_empty() || !self.cursors.is_empty()
    }
}

/// A group under judgement. Checks see the earlier appends of the group.
pub(super) struct Judge<'a, 'k> {
    known: &'k Known,
    heads: &'k StreamHeads,
    doubt: Doubt,
    now: Timestamp,
    /// The versions of streams that the group writes.
    versions: HashMap<&'a StreamName, StreamVersion>,
    /// Where events of the group stand whose ids others may have used.
    sent_ids: HashMap<EventId, usize>,
    judged: Judged<'a>,
}

/// What an append's event ids say.
enum Repeat {
    New,
    /// It was recorded before: by whoever sends it again, or by an attempt of ours whose answer was lost.
    Recorded(Appended),
}

impl<'a, 'k> Judge<'a, 'k> {
    pub(super) fn new(
        end: LogEnd,
        (known, heads): (&'k Known, &'k StreamHeads),
        (now, doubt): (Timestamp, Doubt),
    ) -> Self {
        let judged = Judged {
            verdicts: Vec::new(),
            events: Vec::new(),
            subtrees: Vec::new(),
            cursors: HashMap::new(),
            end,
        };
        Self { known, heads, doubt, now, versions: HashMap::new(), sent_ids: HashMap::new(), judged }
    }

    /// Judges every append of a group.
    pub(super) fn judge(mut self, appends: &[&'a PreparedAppend]) -> Judged<'a> {
        for (index, append) in appends.iter().enumerate() {
            let verdict = self.append(index, append);
            self.judged.verdicts.push(verdict);
        }
        self.judged
    }

    fn append(&mut self, index: usize, append: &'a PreparedAppend) -> Verdict {
        let repeat = self.repeat_of(&append.events)?;
        if matches!(repeat, Repeat::New) {
            if let Some(place) = append.carried {
                place.must_follow(self.judged.end.size())?;
            }
            self.check_versions(append)?;
            if let Some(condition) = &append.condition {
                self.check_condition(index, condition)?;
            }
        }
        let is_first = matches!(repeat, Repeat::New) && !append.events.is_empty();
        let due = self.due_cursors(&append.cursors, is_first)?;
        let all_arrived = due.is_empty();
        // Nothing can fail from here on but an inconsistent view of the log.
        let answer = match repeat {
            Repeat::Recorded(appended) => appended,
            Repeat::New if append.events.is_empty() => Appended { events: Vec::new(), repeated: all_arrived },
            Repeat::New => Appended { events: self.write(append)?, repeated: false },
        };
        self.judged.cursors.extend(due.into_iter().map(|advance| (&advance.name, &advance.to)));
        Ok(answer)
    }

    /// Whether and where the events were recorded before.
    fn repeat_of(&self, events: &[PreparedEvent]) -> Result<Repeat, StoreError> {
        let earlier: Vec<_> = events.iter().map(|event| (event, self.recorded(event))).collect();
        let first = earlier.iter().find_map(|(event, found)| Some((event, found.as_ref()?)));
        let Some((event, first)) = first else { return Ok(Repeat::New) };
        let conflict = |event: &PreparedEvent, reason| {
            Err(StoreError::EventIdConflict { event_id: event.event_id, reason })
        };
        if earlier.iter().any(|(_, found)| found.is_none()) {
            return conflict(event, IdConflict::PartialRepeat { position: first.placement.position });
        }
        let mut is_ours = self.doubt == Doubt::MayBeStored;
        let mut placements = Vec::with_capacity(events.len());
        for (event, found) in earlier.iter().filter_map(|(event, found)| Some((event, found.as_ref()?))) {
            if !found.is_same {
                return conflict(event, IdConflict::OtherContent { position: found.placement.position });
            }
            is_ours &= found.is_ours;
            placements.push(found.placement);
        }
        Ok(Repeat::Recorded(Appended { events: placements, repeated: !is_ours }))
    }

    /// The event with this one's id, recorded or of this group.
    fn recorded(&self, event: &PreparedEvent) -> Option<Found> {
        if let Some(before) = self.known.recorded.get(&event.event_id) {
            let recorded = &before.event;
            let placement = Placement {
                event_id: recorded.event_id,
                position: recorded.position,
                version: recorded.version,
                recorded_at: recorded.recorded_at,
            };
            let is_ours = before.secret.as_ref() == Some(&event.secret);
            return Some(Found { placement, is_same: event.is_repeat_of(recorded), is_ours });
        }
        let placed = self.judged.events.get(*self.sent_ids.get(&event.event_id)?)?;
        let is_same = event.is_repeat_of(&recorded(placed));
        Some(Found { placement: placed.placement, is_same, is_ours: false })
    }

    fn check_versions(&self, append: &PreparedAppend) -> Result<(), StoreError> {
        for (stream, expected) in &append.expected {
            let actual = self.version(stream)?;
            if !expected.holds(actual) {
                let (stream, expected) = (stream.clone(), *expected);
                return Err(StoreError::WrongExpectedVersion { stream, expected, actual });
            }
        }
        Ok(())
    }

    fn check_condition(&self, index: usize, condition: &AppendCondition) -> Result<(), StoreError> {
        let behind = |position: Position| condition.after.is_none_or(|after| after < position);
        let in_group = || {
            let mut pending = self.judged.events.iter().filter(|placed| behind(placed.placement.position));
            let matching = pending.find(|placed| condition.fail_if_events_match.matches(&recorded(placed)));
            matching.map(|placed| placed.placement.position)
        };
        match self.known.matched.get(&index).copied().or_else(in_group) {
            Some(position) => Err(StoreError::ConditionFailed { position }),
            None => Ok(()),
        }
    }

    /// The cursors that have to be moved. Only a repeat may find them moved already, or a move to the same place.
    fn due_cursors(
        &self,
        cursors: &'a [CursorAdvance],
        is_first: bool,
    ) -> Result<Vec<&'a CursorAdvance>, StoreError> {
        let mut due = Vec::with_capacity(cursors.len());
        for advance in cursors {
            let moved = self.judged.cursors.get(&advance.name).copied();
            let actual = moved.or_else(|| self.known.cursors.get(&advance.name));
            let has_arrived = actual == Some(&advance.to);
            if has_arrived && (!is_first || advance.from.as_ref() == Some(&advance.to)) {
                continue;
            }
            if actual != advance.from.as_ref() {
                let CursorAdvance { name, from, .. } = advance.clone();
                return Err(StoreError::CursorConflict { name, expected: from, actual: actual.cloned() });
            }
            due.push(advance);
        }
        Ok(due)
    }

    /// Gives the events their places.
    fn write(&mut self, append: &'a PreparedAppend) -> Result<Vec<Placement>, StoreError> {
        let events = &append.events;
        // All or none: what cannot be numbered is found before anything is.
        for event in events {
            self.version(&event.sent.stream)?;
        }
        let end = &self.judged.end;
        // Clocks go backwards; the time of recording does not.
        let now = append.carried.map_or(self.now, |place| place.recorded_at);
        let recorded_at = end.recorded_at.map_or(now, |last| last.max(now));
        let recorded_at_text = RecordedAtText::from(recorded_at);
        let mut placements = Vec::with_capacity(events.len());
        for event in events {
            let stream = &event.sent.stream;
            let version = self.version(stream)?.map_or(StreamVersion::FIRST, StreamVersion::next);
            let end = &mut self.judged.end;
            let position = Position(end.size());
            let placement = Placement { event_id: event.event_id, position, version, recorded_at };
            let leaf_hash = event.leaf_hash(&recorded_at_text, version);
            end.note_id(event.event_id);
            end.frontier.push(leaf_hash, |subtree| self.judged.subtrees.push(subtree));
            if !event.id_is_made {
                self.sent_ids.insert(event.event_id, self.judged.events.len());
            }
            self.judged.events.push(PlacedEvent { event, placement, leaf_hash });
            self.versions.insert(stream, version);
            placements.push(placement);
        }
        self.judged.end.recorded_at = Some(recorded_at);
        Ok(placements)
    }

    /// The version of a stream's last event, those of the group included.
    fn version(&self, stream: &StreamName) -> Result<Option<StreamVersion>, StoreError> {
        match self.versions.get(stream) {
            Some(version) => Ok(Some(*version)),
            None => {
                self.heads.known(stream).ok_or_else(|| corrupt(format!("stream {stream} was not looked up")))
            }
        }
    }
}

/// An event that has the id of one that is judged.
struct Found {
    placement: Placement,
    /// Whether it says the same.
    is_same: bool,
    /// Whether it was written for this very append.
    is_ours: bool,
}

/// The event that a row of the group will state.
fn recorded(placed: &PlacedEvent<'_>) -> annals_event::RecordedEvent {
    let Placement { position, version, recorded_at, .. } = placed.placement;
    placed.event.clone().into_recorded(position, version, recorded_at)
}
