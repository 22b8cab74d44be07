use std::sync::Arc;

use annals_event::JsonPointer;
use annals_failpoint::{Bug, Point, is_seeded};
use annals_store::{Clock, Head, StoreError};
use rusqlite::Connection;
use tokio::sync::watch;

use super::backlog::WalBacklog;
use super::heads::StreamHeads;
use super::incoming::Incoming;
use super::new_ids::NewIds;
use super::turn::{LogEnd, Turn, Verdict, begin, control};
use crate::errors::{Result, closed, pass, sqlite};
use crate::files::LogFiles;
use crate::reader::Connections;
use crate::schema;
use crate::tail::{Segment, Tail};

/// What a turn puts into the write-ahead log besides its events: head, tree, interior pages.
const TURN_BYTES: u64 = 3 * 8_192;

/// What the writer works with.
pub(crate) struct WriterParts {
    pub(crate) files: LogFiles,
    pub(crate) truth: Connection,
    pub(crate) index: Connection,
    pub(crate) tail: Arc<Tail>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) payload_paths: Arc<[JsonPointer]>,
    pub(crate) tail_events_max: u64,
    pub(crate) head: watch::Sender<Head>,
    pub(crate) backlog: Arc<WalBacklog>,
}

/// Whoever holds it is the one who writes the log: the writer's thread, a caller who may block, or the
/// checkpointer, which wants the others to rest.
pub(crate) struct Writer {
    parts: WriterParts,
    heads: StreamHeads,
    new_ids: NewIds,
    end: LogEnd,
    /// Why nothing can be written any more.
    broken: Option<StoreError>,
}

impl Writer {
    pub(crate) fn new(parts: WriterParts, end: LogEnd) -> Self {
        let heads = StreamHeads::starting_at(end.size());
        Self { parts, heads, new_ids: NewIds::default(), end, broken: None }
    }

    /// Writes nothing any more.
    pub(super) fn close(&mut self) {
        self.broken = Some(closed());
    }

    /// Carries out appends in one turn, and says of each what came of it, once it is on disk.
    pub(super) fn verdicts(&mut self, appends: &mut [&mut Incoming]) -> Vec<Verdict> {
        let room = self.parts.tail.wait_for_room(self.parts.tail_events_max);
        if let Some(error) = room.err().or_else(|| self.broken.clone()) {
            return appends.iter().map(|_| Err(error.clone())).collect();
        }
        match self.try_turn(appends) {
            Ok(verdicts) => verdicts,
            // One append must not spoil the others: each by itself shows which one fails. A lone one is tried
            // again, too: its commit may have failed for once, and its ids make that safe.
            Err(_) => appends.iter_mut().map(|append| self.try_alone(append)).collect(),
        }
    }

    fn try_alone(&mut self, append: &mut Incoming) -> Verdict {
        append.renew(&self.parts.payload_paths);
        let mut alone = self.try_turn(&mut [append])?;
        alone.pop().unwrap_or_else(|| Err(closed()))
    }

    /// Carries out appends in one transaction. An error means that none of them is stored.
    fn try_turn(&mut self, appends: &mut [&mut Incoming]) -> Result<Vec<Verdict>> {
        if let Some(error) = &self.broken {
            return Err(error.clone());
        }
        self.heads.trim(self.end.size());
        if let Err(error) = begin(&self.parts.truth) {
            self.roll_back();
            return Err(error);
        }
        let mut turn = Turn {
            connections: Connections {
                truth: &self.parts.truth,
                index: &self.parts.index,
                payload_paths: &self.parts.payload_paths,
            },
            tail: &self.parts.tail,
            heads: &mut self.heads,
            new_ids: &mut self.new_ids,
            now: self.parts.clock.now(),
            end: self.end.clone(),
            pending: Segment::default(),
            cursors_moved: false,
            bytes: TURN_BYTES,
        };
        let mut written = Ok(());
        let mut verdicts = Vec::with_capacity(appends.len());
        for append in appends {
            match turn.append(append) {
                Ok(verdict) => verdicts.push(verdict),
                Err(error) => {
                    written = Err(error);
                    break;
                }
            }
        }
        let has_written = turn.has_written();
        if written.is_ok() && has_written && !is_seeded(Bug::HeadInOwnTransaction) {
            written = turn.end.write(&self.parts.truth);
        }
        let (end, pending, bytes) = (turn.end, turn.pending, turn.bytes);
        if written.is_err() || !has_written {
            self.roll_back();
            return written.map(|()| verdicts);
        }
        self.commit(end.size())?;
        self.parts.backlog.add(bytes);
        if is_seeded(Bug::HeadInOwnTransaction) {
            end.write(&self.parts.truth)?;
        }
        self.publish(end, pending);
        annals_failpoint::sync_late(Bug::NoteBeforeTail, &self.parts.files.truth_wal());
        pass(Point::TruthBeforeAnswer)?;
        Ok(verdicts)
    }

    /// Undoes what is not committed. Where not even that is possible, the connection is given up, and with it its
    /// transaction: the truth is opened again.
    fn roll_back(&mut self) {
        if !is_seeded(Bug::HeadsOutliveRollback) {
            self.heads.forget();
        }
        let Err(error) = roll_back(&self.parts.truth) else { return };
        tracing::error!(%error, "a transaction cannot be rolled back; the store is opened again without it");
        if let Err(reopening) = self.connect_anew() {
            let reason = format!(
                "what was written cannot be undone ({error}) and the store cannot be opened again ({reopening}); \
                 open the log again and repeat the append with the same event ids"
            );
            self.broken = Some(StoreError::Unavailable { reason, source: None });
        }
    }

    /// Does `work` that has a transaction of its own; none stays open behind it.
    pub(super) fn keep(&mut self, work: impl FnOnce(&Connection)) {
        work(&self.parts.truth);
        if !self.parts.truth.is_autocommit() {
            self.roll_back();
        }
    }

    /// Commits, and after a failure finds out what is true: the store is opened again and asked.
    fn commit(&mut self, size: u64) -> Result<()> {
        if is_seeded(Bug::AcknowledgedBeforeCommit) {
            return Ok(());
        }
        let Err(error) = commit(&self.parts.truth) else { return Ok(()) };
        tracing::error!(%error, "a commit failed; the store is opened again to see what is on disk");
        self.roll_back();
        if is_seeded(Bug::FailedCommitAcknowledged) {
            return Ok(());
        }
        match self.reopen() {
            Ok(stored) if stored == size && stored != self.end.size() => Ok(()),
            Ok(_) => Err(error),
            Err(reopening) => {
                let reason = format!(
                    "a commit failed ({error}) and the store cannot be opened again ({reopening}); whether the \
                     append is stored is not known, so open the log again and repeat it with the same event ids"
                );
                let broken = StoreError::Unavailable { reason, source: None };
                self.broken = Some(broken.clone());
                Err(broken)
            }
        }
    }

    /// Opens the truth anew. The connection before it is closed, and a transaction that it could not end with it,
    /// which would hold everybody up.
    fn connect_anew(&mut self) -> Result<()> {
        pass(Point::TruthBeforeReopen)?;
        self.parts.truth = schema::open_truth_for_writing(&self.parts.files.truth)?;
        Ok(())
    }

    /// Opens the truth anew and brings everything that it says to disk; the size that it has.
    fn reopen(&mut self) -> Result<u64> {
        self.connect_anew()?;
        let truth = &self.parts.truth;
        // What a failed sync left in memory only must not count as stored.
        let busy: i64 =
            truth.query_row("PRAGMA wal_checkpoint(FULL)", [], |row| row.get(0)).map_err(sqlite)?;
        if busy != 0 {
            return Err(StoreError::Unavailable {
                reason: "a reader holds the log open".into(),
                source: None,
            });
        }
        let size = truth.query_row(crate::sql::HEAD, [], |row| row.get(0)).map_err(sqlite)?;
        // Whatever the connection before it had come to is over.
        self.broken = None;
        pass(Point::TruthAfterReopen)?;
        Ok(size)
    }

    fn publish(&mut self, end: LogEnd, mut pending: Segment) {
        let head = Head { size: end.size(), root: end.frontier.root(), recorded_at: end.recorded_at };
        if !pending.is_empty() {
            pending.root = head.root;
            self.parts.tail.publish(pending);
            self.parts.head.send_replace(head);
        }
        self.end = end;
    }
}

/// Rolls back a transaction, if one is open.
fn roll_back(truth: &Connection) -> Result<()> {
    if truth.is_autocommit() {
        return Ok(());
    }
    pass(Point::TruthBeforeRollback)?;
    truth.execute_batch("ROLLBACK").map_err(sqlite)
}

fn commit(truth: &Connection) -> Result<()> {
    pass(Point::TruthBeforeCommit)?;
    control(truth, "COMMIT")?;
    pass(Point::TruthAfterCommit)
}

/// Does `work` in a transaction of its own.
pub(super) fn in_transaction<T>(
    truth: &Connection,
    work: impl FnOnce(&Connection) -> Result<T>,
) -> Result<T> {
    let done = begin(truth).and_then(|()| work(truth)).and_then(|value| {
        pass(Point::BookkeepingBeforeCommit)?;
        control(truth, "COMMIT")?;
        pass(Point::BookkeepingAfterCommit)?;
        Ok(value)
    });
    if done.is_err()
        && let Err(error) = roll_back(truth)
    {
        // Why it failed matters more; the writer sees to the transaction.
        tracing::error!(%error, "bookkeeping cannot be rolled back");
    }
    done
}
