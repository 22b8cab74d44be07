use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use annals_event::JsonPointer;
use annals_failpoint::{Bug, Point, is_seeded};
use annals_store::{Clock, Head, PreparedAppend, StoreError};
use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use super::heads::StreamHeads;
use super::turn::{LogEnd, Turn, Verdict, begin};
use crate::errors::{Result, closed, pass, sqlite};
use crate::files::LogFiles;
use crate::reader::Connections;
use crate::schema;
use crate::tail::{Segment, Tail};

/// Requests that may wait for the writer; whoever comes then waits to be let in.
const REQUESTS_MAX: usize = 1_024;

/// Events that share a transaction at the most, but for an append that is larger by itself.
const TURN_EVENTS_MAX: usize = 16_384;

/// Something to be done in a transaction of its own.
type Bookkeeping = Box<dyn FnOnce(&Connection) + Send>;

enum Request {
    Appends(Vec<PreparedAppend>, oneshot::Sender<Vec<Verdict>>),
    Bookkeeping(Bookkeeping),
}

/// The way to the writer.
pub(crate) struct WriterHandle {
    requests: Mutex<Option<SyncSender<Request>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

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
    /// Held by the writer during its turn, and by WAL checkpoints that need it to rest.
    pub(crate) turn: Arc<Mutex<()>>,
}

struct Writer {
    parts: WriterParts,
    heads: StreamHeads,
    end: LogEnd,
    /// Why nothing can be written any more.
    broken: Option<StoreError>,
}

impl WriterHandle {
    pub(crate) fn start(parts: WriterParts, end: LogEnd) -> Result<Self> {
        let (sender, receiver) = sync_channel(REQUESTS_MAX);
        let mut writer = Writer { parts, heads: StreamHeads::default(), end, broken: None };
        let thread = std::thread::Builder::new()
            .name("annals-writer".into())
            .spawn(move || writer.run(&receiver))
            .map_err(|error| StoreError::Unavailable {
                reason: format!("the writer's thread cannot be started: {error}"),
                source: None,
            })?;
        Ok(Self { requests: Mutex::new(Some(sender)), thread: Mutex::new(Some(thread)) })
    }

    /// Hands appends to the writer. Blocks while too many requests wait.
    pub(crate) fn append(&self, appends: Vec<PreparedAppend>) -> Result<oneshot::Receiver<Vec<Verdict>>> {
        let (answer, verdicts) = oneshot::channel();
        self.send(Request::Appends(appends, answer))?;
        Ok(verdicts)
    }

    /// Has `work` done on the writer's connection, in a transaction of its own.
    pub(crate) fn keep<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T>>> {
        let (answer, result) = oneshot::channel();
        self.send(Request::Bookkeeping(Box::new(move |truth| {
            // Whoever asked may be gone; the work is done all the same.
            let _ = answer.send(in_transaction(truth, work));
        })))?;
        Ok(result)
    }

    fn send(&self, request: Request) -> Result<()> {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
        requests.ok_or_else(closed)?.send(request).map_err(|_| closed())
    }

    /// Takes no more requests, and waits until all that were taken are answered.
    pub(crate) fn finish(&self) {
        drop(self.requests.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the writer's thread panicked; nothing that was acknowledged is lost");
        }
    }
}

fn in_transaction<T>(truth: &Connection, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    begin(truth)?;
    let done = work(truth).and_then(|value| {
        pass(Point::BookkeepingBeforeCommit)?;
        truth.execute_batch("COMMIT").map_err(sqlite)?;
        pass(Point::BookkeepingAfterCommit)?;
        Ok(value)
    });
    if done.is_err() && !truth.is_autocommit() {
        truth.execute_batch("ROLLBACK").map_err(sqlite)?;
    }
    done
}

impl Writer {
    fn run(&mut self, requests: &Receiver<Request>) {
        let mut next = requests.recv().ok();
        while let Some(request) = next.take() {
            match request {
                Request::Bookkeeping(work) => {
                    let turn = Arc::clone(&self.parts.turn);
                    let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
                    work(&self.parts.truth);
                }
                Request::Appends(appends, answer) => {
                    let mut group = vec![(appends, answer)];
                    next = gather(&mut group, requests);
                    self.take_turn(group);
                }
            }
            next = next.or_else(|| requests.recv().ok());
        }
    }

    /// Writes a group and answers it. Every verdict leaves after the commit.
    fn take_turn(&mut self, group: Vec<(Vec<PreparedAppend>, oneshot::Sender<Vec<Verdict>>)>) {
        let appends: Vec<&PreparedAppend> = group.iter().flat_map(|(appends, _)| appends).collect();
        let mut verdicts = self.verdicts(&appends).into_iter();
        for (appends, answer) in group {
            // Whoever asked may be gone; what is committed stays.
            let _ = answer.send(verdicts.by_ref().take(appends.len()).collect());
        }
    }

    fn verdicts(&mut self, appends: &[&PreparedAppend]) -> Vec<Verdict> {
        let turn = Arc::clone(&self.parts.turn);
        let room = self.parts.tail.wait_for_room(self.parts.tail_events_max);
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = room.err().or_else(|| self.broken.clone()) {
            return appends.iter().map(|_| Err(error.clone())).collect();
        }
        match self.try_turn(appends) {
            Ok(verdicts) => verdicts,
            // One append must not spoil the others: each by itself shows which one fails. A lone one is tried
            // again, too: its commit may have failed for once, and its ids make that safe.
            Err(_) => appends
                .iter()
                .map(|append| {
                    let mut alone = self.try_turn(&[append])?;
                    alone.pop().unwrap_or_else(|| Err(closed()))
                })
                .collect(),
        }
    }

    /// Carries out appends in one transaction. An error means that none of them is stored.
    fn try_turn(&mut self, appends: &[&PreparedAppend]) -> Result<Vec<Verdict>> {
        if let Some(error) = &self.broken {
            return Err(error.clone());
        }
        self.heads.trim();
        begin(&self.parts.truth)?;
        let mut turn = Turn {
            connections: Connections {
                truth: &self.parts.truth,
                index: &self.parts.index,
                payload_paths: &self.parts.payload_paths,
            },
            heads: &mut self.heads,
            now: self.parts.clock.now(),
            end: self.end.clone(),
            pending: Segment::default(),
            cursors_moved: false,
        };
        let mut written = Ok(());
        let mut verdicts = Vec::with_capacity(appends.len());
        for append in appends {
            match turn.append(append, self.parts.tail.read().view()) {
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
        let (end, pending) = (turn.end, turn.pending);
        if written.is_err() || !has_written {
            self.roll_back();
            return written.map(|()| verdicts);
        }
        self.commit(end.size())?;
        if is_seeded(Bug::HeadInOwnTransaction) {
            end.write(&self.parts.truth)?;
        }
        self.publish(end, pending);
        annals_failpoint::sync_late(Bug::NoteBeforeTail, &self.parts.files.truth_wal());
        pass(Point::TruthBeforeAnswer)?;
        Ok(verdicts)
    }

    fn roll_back(&mut self) {
        if !is_seeded(Bug::HeadsOutliveRollback) {
            self.heads.forget();
        }
        if !self.parts.truth.is_autocommit()
            && let Err(error) = self.parts.truth.execute_batch("ROLLBACK")
        {
            self.broken = Some(sqlite(error));
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
                     append is stored is not known, so repeat it with the same event ids"
                );
                let broken = StoreError::Unavailable { reason, source: None };
                self.broken = Some(broken.clone());
                Err(broken)
            }
        }
    }

    /// Opens the truth anew and brings everything that it says to disk; the size that it has.
    fn reopen(&mut self) -> Result<u64> {
        pass(Point::TruthBeforeReopen)?;
        let truth = schema::open_truth_for_writing(&self.parts.files.truth)?;
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
        self.parts.truth = truth;
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

fn commit(truth: &Connection) -> Result<()> {
    pass(Point::TruthBeforeCommit)?;
    truth.execute_batch("COMMIT").map_err(sqlite)?;
    pass(Point::TruthAfterCommit)
}

/// Takes whatever waits as well; the first request that does not fit the group comes back.
fn gather(
    group: &mut Vec<(Vec<PreparedAppend>, oneshot::Sender<Vec<Verdict>>)>,
    requests: &Receiver<Request>,
) -> Option<Request> {
    let count = |appends: &[PreparedAppend]| appends.iter().map(|append| append.events.len()).sum::<usize>();
    let mut events: usize = group.iter().map(|(appends, _)| count(appends)).sum();
    while events < TURN_EVENTS_MAX {
        match requests.try_recv() {
            Ok(Request::Appends(appends, answer)) => {
                events += count(&appends);
                group.push((appends, answer));
            }
            Ok(other) => return Some(other),
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => return None,
        }
    }
    None
}
