use annals_event::{EventId, Position, Timestamp};
use annals_failpoint::{Bug, Point, is_seeded};
use annals_store::{Appended, CursorAdvance, Placement, PreparedAppend, PreparedEvent, StoreError};
use annals_tlog::{CompleteSubtree, Frontier, RecordedAtText};
use rusqlite::{CachedStatement, Connection, params};

use super::checks::{Move, Repeat, condition_failure, cursor_move, repeat_of};
use super::heads::{HeadSources, StreamHeads};
use super::incoming::Incoming;
use super::new_ids::NewIds;
use crate::bookkeeping::cursor_hash;
use crate::errors::{Result, pass, sqlite};
use crate::reader::{Connections, Sources};
use crate::sql;
use crate::tail::{Segment, Tail};

/// What one append is answered, once the turn is committed.
pub(super) type Verdict = std::result::Result<Appended, StoreError>;

/// What the log is after the events that were written so far.
#[derive(Clone)]
pub(crate) struct LogEnd {
    pub(crate) frontier: Frontier,
    pub(crate) recorded_at: Option<Timestamp>,
    /// The greatest event id that is recorded: greater ones need no look-up.
    pub(crate) greatest_id: Option<EventId>,
    /// The greatest that was not made by this store since it was opened: greater ones that it makes are new.
    pub(crate) greatest_sent_id: Option<EventId>,
}

impl LogEnd {
    pub(super) fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Whether the event's id is new without a look.
    pub(super) fn has_new_id(&self, event: &PreparedEvent) -> bool {
        let known = if event.id_is_made { self.greatest_sent_id } else { self.greatest_id };
        known.is_none_or(|greatest| event.event_id > greatest)
    }

    fn note_id(&mut self, event: &PreparedEvent) {
        self.greatest_id = self.greatest_id.max(Some(event.event_id));
        if !event.id_is_made {
            self.greatest_sent_id = self.greatest_sent_id.max(Some(event.event_id));
        }
    }

    /// Writes the head.
    pub(super) fn write(&self, truth: &Connection) -> Result<()> {
        let mut update = truth.prepare_cached(sql::UPDATE_HEAD).map_err(sqlite)?;
        let recorded_at = self.recorded_at.map(Timestamp::as_micros);
        update.execute(params![self.size(), recorded_at, self.frontier.to_bytes()]).map_err(sqlite)?;
        Ok(())
    }
}

/// The writer's turn: one transaction that many appends share. Checks see the earlier appends of the turn.
pub(super) struct Turn<'a> {
    pub(super) connections: Connections<'a>,
    pub(super) tail: &'a Tail,
    pub(super) heads: &'a mut StreamHeads,
    pub(super) new_ids: &'a mut NewIds,
    pub(super) now: Timestamp,
    pub(super) end: LogEnd,
    /// What is written and not committed.
    pub(super) pending: Segment,
    pub(super) cursors_moved: bool,
    /// What is written takes about so many bytes of the write-ahead log.
    pub(super) bytes: u64,
}

impl Turn<'_> {
    /// Whether there is anything to commit.
    pub(super) fn has_written(&self) -> bool {
        !self.pending.is_empty() || self.cursors_moved
    }

    /// Checks one append and writes it. An outer error is unexpected and spoils the transaction; a verdict,
    /// be it a refusal, left the transaction as it must be.
    pub(super) fn append(&mut self, incoming: &mut Incoming) -> Result<Verdict> {
        let append = &incoming.append;
        let repeated = match self.repeat_of(append)? {
            Repeat::Conflict(error) => return Ok(Err(error)),
            Repeat::Repeated(appended) => Some(appended),
            Repeat::New => None,
        };
        if repeated.is_none()
            && let Some(place) = append.carried
            && let Err(refusal) = place.must_follow(self.end.size())
        {
            return Ok(Err(refusal));
        }
        if repeated.is_none()
            && let Some(refusal) = self.unmet_condition(append)?
        {
            return Ok(Err(refusal));
        }
        let may_have_arrived = repeated.is_some() || append.events.is_empty();
        let due = match self.due_cursors(&append.cursors, may_have_arrived)? {
            Ok(due) => due,
            Err(error) => return Ok(Err(error)),
        };
        let all_arrived = due.is_empty();
        for advance in due {
            self.move_cursor(advance)?;
        }
        match repeated {
            Some(appended) => Ok(Ok(appended)),
            None if append.events.is_empty() => {
                Ok(Ok(Appended { events: Vec::new(), repeated: all_arrived }))
            }
            None => self.write(incoming).map(|events| Ok(Appended { events, repeated: false })),
        }
    }

    /// What the append's event ids say.
    fn repeat_of(&mut self, append: &PreparedAppend) -> Result<Repeat> {
        if append.events.iter().all(|event| self.has_new_id(event)) {
            return Ok(Repeat::New);
        }
        let published = self.tail.read();
        let tail = published.view().with_pending(&self.pending);
        let size = self.end.size();
        self.new_ids.prepare(append.events.len(), size, (self.connections.index, &tail))?;
        let sources = Sources { connections: self.connections, tail: &tail, size };
        repeat_of(append, &sources, |event| self.has_new_id(event))
    }

    /// Whether the event's id is new without a look.
    fn has_new_id(&self, event: &PreparedEvent) -> bool {
        self.end.has_new_id(event) || self.new_ids.are_without(event.event_id)
    }

    /// Why the append must not be written, if so.
    fn unmet_condition(&mut self, append: &PreparedAppend) -> Result<Option<StoreError>> {
        let sources = HeadSources { tail: self.tail, index: self.connections.index };
        for (stream, expected) in &append.expected {
            let actual = self.heads.version(stream, sources)?;
            if !expected.holds(actual) {
                let (stream, expected) = (stream.clone(), *expected);
                return Ok(Some(StoreError::WrongExpectedVersion { stream, expected, actual }));
            }
        }
        match &append.condition {
            Some(condition) => self.with_sources(|sources| condition_failure(condition, sources)),
            None => Ok(None),
        }
    }

    /// Asks what is recorded, the events of this turn included.
    fn with_sources<T>(&self, ask: impl FnOnce(&Sources<'_, '_>) -> Result<T>) -> Result<T> {
        let published = self.tail.read();
        let tail = published.view().with_pending(&self.pending);
        ask(&Sources { connections: self.connections, tail: &tail, size: self.end.size() })
    }

    /// The cursors that have to be moved. Only a repeat may find them moved already, or a move to the same place.
    fn due_cursors<'c>(
        &self,
        cursors: &'c [CursorAdvance],
        may_have_arrived: bool,
    ) -> Result<std::result::Result<Vec<&'c CursorAdvance>, StoreError>> {
        let mut due = Vec::with_capacity(cursors.len());
        for advance in cursors {
            match cursor_move(self.connections.truth, advance)? {
                Move::Due => due.push(advance),
                Move::Arrived if may_have_arrived || advance.from.as_ref() == Some(&advance.to) => {}
                Move::Arrived => {
                    let CursorAdvance { name, from, to } = advance.clone();
                    return Ok(Err(StoreError::CursorConflict { name, expected: from, actual: Some(to) }));
                }
                Move::Conflict(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(due))
    }

    fn move_cursor(&mut self, advance: &CursorAdvance) -> Result<()> {
        let hash = cursor_hash(&advance.name, &advance.to);
        let mut put = self.connections.truth.prepare_cached(sql::PUT_CURSOR).map_err(sqlite)?;
        put.execute(params![advance.name.as_str(), &*advance.to.0, hash]).map_err(sqlite)?;
        self.cursors_moved = true;
        Ok(())
    }

    fn write(&mut self, incoming: &mut Incoming) -> Result<Vec<Placement>> {
        let now = incoming.append.carried.map_or(self.now, |place| place.recorded_at);
        let recorded_at = self.end.recorded_at.map_or(now, |last| last.max(now));
        let recorded_at_text = RecordedAtText::from(recorded_at);
        let sources = HeadSources { tail: self.tail, index: self.connections.index };
        let mut insert = self.connections.truth.prepare_cached(sql::INSERT_EVENT).map_err(sqlite)?;
        let mut placements = Vec::with_capacity(incoming.append.events.len());
        for event in &incoming.append.events {
            let position = Position(self.end.size());
            let version = self.heads.advance(&event.sent.stream, sources)?;
            let leaf = event.leaf_hash(&recorded_at_text, version);
            let placement = Placement { event_id: event.event_id, position, version, recorded_at };
            insert_event(&mut insert, event, &placement, leaf.as_bytes()).map_err(sqlite)?;
            let mut complete = Vec::new();
            self.end.frontier.push(leaf, |subtree| complete.push(subtree));
            self.keep_subtrees(&complete)?;
            self.end.note_id(event);
            self.new_ids.note(event.event_id);
            self.bytes += row_bytes(event);
            placements.push(placement);
        }
        self.end.recorded_at = Some(recorded_at);
        self.pending.absorb(incoming.place(&placements));
        Ok(placements)
    }

    fn keep_subtrees(&self, complete: &[CompleteSubtree]) -> Result<()> {
        for subtree in complete {
            let mut insert = self.connections.truth.prepare_cached(sql::INSERT_SUBTREE).map_err(sqlite)?;
            insert.execute(params![subtree.level, subtree.index, subtree.hash.as_bytes()]).map_err(sqlite)?;
        }
        Ok(())
    }
}

fn insert_event(
    insert: &mut CachedStatement<'_>,
    event: &PreparedEvent,
    placement: &Placement,
    leaf_hash: &[u8; 32],
) -> rusqlite::Result<usize> {
    insert.execute(params![
        placement.position.0,
        event.event_id.as_bytes(),
        event.sent.event_type.as_str(),
        event.sent.stream.aggregate_type.as_str(),
        event.sent.stream.aggregate_id.as_str(),
        placement.version.0,
        event.schema_version.get(),
        event.timestamp.as_micros(),
        placement.recorded_at.as_micros(),
        event.actor_id.as_str(),
        event.tags_text,
        event.sent.payload.as_str(),
        event.sent.metadata.as_str(),
        event.sent.context.as_str(),
        event.secret.0,
        leaf_hash,
    ])
}

/// Begins a transaction that no other writer can have begun.
pub(super) fn begin(truth: &Connection) -> Result<()> {
    if is_seeded(Bug::AcknowledgedBeforeCommit) && !truth.is_autocommit() {
        truth.execute_batch("COMMIT").map_err(sqlite)?;
    }
    pass(Point::TruthBeforeBegin)?;
    control(truth, "BEGIN IMMEDIATE")?;
    pass(Point::TruthAfterBegin)
}

/// Begins or ends a transaction; the statement is kept, since every turn needs it.
pub(super) fn control(truth: &Connection, statement: &'static str) -> Result<()> {
    truth.prepare_cached(statement).and_then(|mut statement| statement.execute([])).map_err(sqlite)?;
    Ok(())
}

/// About what an event's row takes on a page.
fn row_bytes(event: &PreparedEvent) -> u64 {
    const OTHER_COLUMNS: usize = 200;
    let sent = &event.sent;
    let texts = [sent.payload.as_str(), sent.metadata.as_str(), sent.context.as_str(), &event.tags_text];
    (texts.map(str::len).iter().sum::<usize>() + OTHER_COLUMNS) as u64
}
