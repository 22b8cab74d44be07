use annals_event::{EventId, Position, StreamName, Timestamp};
use annals_failpoint::{Bug, Point, is_seeded};
use annals_store::{Appended, CursorAdvance, Placement, PreparedAppend, PreparedEvent, StoreError};
use annals_tlog::{CompleteSubtree, Frontier, RecordedAtText};
use rusqlite::{CachedStatement, Connection, params};

use super::checks::{Move, Repeat, condition_failure, cursor_move, repeat_of};
use super::heads::StreamHeads;
use crate::bookkeeping::cursor_hash;
use crate::errors::{Result, pass, sqlite};
use crate::reader::{Connections, Sources};
use crate::sql;
use crate::tail::{IndexedEvent, Segment, TailView};

/// What one append is answered, once the turn is committed.
pub(super) type Verdict = std::result::Result<Appended, StoreError>;

/// What the log is after the events that were written so far.
#[derive(Clone)]
pub(crate) struct LogEnd {
    pub(crate) frontier: Frontier,
    pub(crate) recorded_at: Option<Timestamp>,
    /// The greatest event id that is recorded: greater ones need no look-up.
    pub(crate) greatest_id: Option<EventId>,
}

impl LogEnd {
    pub(super) fn size(&self) -> u64 {
        self.frontier.size()
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
    pub(super) heads: &'a mut StreamHeads,
    pub(super) now: Timestamp,
    pub(super) end: LogEnd,
    /// What is written and not committed.
    pub(super) pending: Segment,
    pub(super) cursors_moved: bool,
}

impl Turn<'_> {
    /// Whether there is anything to commit.
    pub(super) fn has_written(&self) -> bool {
        !self.pending.is_empty() || self.cursors_moved
    }

    /// Checks one append and writes it. An outer error is unexpected and spoils the transaction; a verdict,
    /// be it a refusal, left the transaction as it must be.
    pub(super) fn append(&mut self, append: &PreparedAppend, published: TailView<'_>) -> Result<Verdict> {
        let tail = published.with_pending(&self.pending);
        let sources = Sources { connections: self.connections, tail: &tail, size: self.end.size() };
        let repeated = match repeat_of(append, &sources, self.end.greatest_id)? {
            Repeat::Conflict(error) => return Ok(Err(error)),
            Repeat::Repeated(appended) => Some(appended),
            Repeat::New => None,
        };
        if repeated.is_none() {
            for (stream, expected) in &append.expected {
                let actual = self.heads.version(stream, &tail, self.connections.index)?;
                if !expected.holds(actual) {
                    let (stream, expected) = (stream.clone(), *expected);
                    return Ok(Err(StoreError::WrongExpectedVersion { stream, expected, actual }));
                }
            }
            if let Some(error) = condition_failure(append, &sources)? {
                return Ok(Err(error));
            }
        }
        let may_have_arrived = repeated.is_some() || append.events.is_empty();
        let due = match self.due_cursors(&append.cursors, may_have_arrived)? {
            Ok(due) => due,
            Err(error) => return Ok(Err(error)),
        };
        if repeated.is_none() {
            for event in &append.events {
                self.heads.version(&event.sent.stream, &tail, self.connections.index)?;
            }
        }
        let all_arrived = due.is_empty();
        for advance in due {
            self.move_cursor(advance)?;
        }
        match repeated {
            Some(appended) => Ok(Ok(appended)),
            None if append.events.is_empty() => {
                Ok(Ok(Appended { events: Vec::new(), repeated: all_arrived }))
            }
            None => self.write(&append.events).map(|events| Ok(Appended { events, repeated: false })),
        }
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

    fn write(&mut self, events: &[PreparedEvent]) -> Result<Vec<Placement>> {
        let recorded_at = self.end.recorded_at.map_or(self.now, |last| last.max(self.now));
        let recorded_at_text = RecordedAtText::from(recorded_at);
        self.end.recorded_at = Some(recorded_at);
        let mut insert = self.connections.truth.prepare_cached(sql::INSERT_EVENT).map_err(sqlite)?;
        let mut placements = Vec::with_capacity(events.len());
        for event in events {
            let position = Position(self.end.size());
            let version =
                self.heads.advance(&event.sent.stream).ok_or_else(|| unknown(&event.sent.stream))?;
            let leaf = event.leaf_hash(&recorded_at_text, version);
            let placement = Placement { event_id: event.event_id, position, version, recorded_at };
            insert_event(&mut insert, event, &placement, leaf.as_bytes()).map_err(sqlite)?;
            let mut complete = Vec::new();
            self.end.frontier.push(leaf, |subtree| complete.push(subtree));
            self.keep_subtrees(&complete)?;
            self.pending
                .push(&IndexedEvent::prepared(event, position, version), self.connections.payload_paths);
            self.end.greatest_id = self.end.greatest_id.max(Some(event.event_id));
            placements.push(placement);
        }
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

fn unknown(stream: &StreamName) -> StoreError {
    StoreError::Unavailable {
        reason: format!("the version of stream {stream} was not looked up"),
        source: None,
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
    truth.execute_batch("BEGIN IMMEDIATE").map_err(sqlite)?;
    pass(Point::TruthAfterBegin)
}
