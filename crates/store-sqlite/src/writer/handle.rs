use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::thread::JoinHandle;

use annals_store::StoreError;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::incoming::Incoming;
use super::turn::Verdict;
use super::turns::{Writer, in_transaction};
use crate::errors::{Result, closed, unanswered};

/// Requests that may wait for the writer; whoever comes then waits to be let in.
const REQUESTS_MAX: usize = 1_024;

/// Events that share a transaction at the most, but for an append that is larger by itself.
const TURN_EVENTS_MAX: usize = 16_384;

/// Something to be done in a transaction of its own.
type Bookkeeping = Box<dyn FnOnce(&Connection) + Send>;

type Answer = oneshot::Sender<Vec<Verdict>>;

enum Request {
    Appends(Vec<Incoming>, Answer),
    Bookkeeping(Bookkeeping),
}

/// The way to the writer: a queue for many, served by a thread, and a short cut for one who may block.
pub(crate) struct WriterHandle {
    /// `None` once the store is closed.
    ways: Mutex<Option<Ways>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Both ways to the writer.
#[derive(Clone)]
struct Ways {
    requests: SyncSender<Request>,
    /// Requests that the thread has not begun with. Who takes the short cut does not overtake them.
    waiting: Arc<AtomicUsize>,
    writer: Arc<Mutex<Writer>>,
}

impl WriterHandle {
    pub(crate) fn start(writer: Arc<Mutex<Writer>>) -> Result<Self> {
        let (sender, receiver) = sync_channel(REQUESTS_MAX);
        let waiting = Arc::new(AtomicUsize::new(0));
        let queue = Queue { requests: receiver, waiting: Arc::clone(&waiting) };
        let served = Arc::clone(&writer);
        let thread = std::thread::Builder::new()
            .name("annals-writer".into())
            .spawn(move || serve(&queue, &served))
            .map_err(|error| StoreError::Unavailable {
                reason: format!("the writer's thread cannot be started: {error}"),
                source: None,
            })?;
        let ways = Ways { requests: sender, waiting, writer };
        Ok(Self { ways: Mutex::new(Some(ways)), thread: Mutex::new(Some(thread)) })
    }

    /// Hands appends to the writer. Blocks while too many requests wait.
    pub(crate) fn append(&self, appends: Vec<Incoming>) -> Result<oneshot::Receiver<Vec<Verdict>>> {
        let (answer, verdicts) = oneshot::channel();
        self.send(Request::Appends(appends, answer))?;
        Ok(verdicts)
    }

    /// Has appends written on this thread if nobody else writes, which spares waking another, and otherwise
    /// waits for the verdicts.
    pub(crate) fn append_blocking(&self, mut appends: Vec<Incoming>) -> Result<Vec<Verdict>> {
        let ways = self.ways()?;
        if ways.waiting.load(Ordering::Relaxed) == 0 {
            match ways.writer.try_lock() {
                Ok(mut writer) => return Ok(writer.verdicts(&mut appends.iter_mut().collect::<Vec<_>>())),
                Err(TryLockError::Poisoned(_)) => return Err(closed()),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        self.append(appends)?.blocking_recv().map_err(|_| unanswered())
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
        let ways = self.ways()?;
        ways.waiting.fetch_add(1, Ordering::Relaxed);
        ways.requests.send(request).map_err(|_| closed())
    }

    fn ways(&self) -> Result<Ways> {
        self.ways.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or_else(closed)
    }

    /// Takes no more requests, and waits until all that were taken are answered.
    pub(crate) fn finish(&self) {
        let ways = self.ways.lock().unwrap_or_else(PoisonError::into_inner).take();
        let writer = ways.map(|ways| ways.writer);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the writer's thread panicked; nothing that was acknowledged is lost");
        }
        if let Some(writer) = writer {
            writer.lock().unwrap_or_else(PoisonError::into_inner).close();
        }
    }
}

/// The queue as the writer's thread sees it.
struct Queue {
    requests: Receiver<Request>,
    waiting: Arc<AtomicUsize>,
}

impl Queue {
    /// Waits for a request; `None` when the store closes.
    fn wait(&self) -> Option<Request> {
        let request = self.requests.recv().ok()?;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        Some(request)
    }

    fn take(&self) -> Option<Request> {
        match self.requests.try_recv() {
            Ok(request) => {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
                Some(request)
            }
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => None,
        }
    }
}

/// Serves the queue until the store closes.
fn serve(queue: &Queue, writer: &Mutex<Writer>) {
    let mut next = queue.wait();
    while let Some(request) = next.take() {
        let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
        match request {
            Request::Bookkeeping(work) => writer.keep(work),
            Request::Appends(appends, answer) => {
                let mut group = vec![(appends, answer)];
                next = gather(&mut group, queue);
                take_turn(&mut writer, group);
            }
        }
        drop(writer);
        next = next.or_else(|| queue.wait());
    }
}

/// Takes whatever waits as well; the first request that does not fit the group comes back.
fn gather(group: &mut Vec<(Vec<Incoming>, Answer)>, queue: &Queue) -> Option<Request> {
    let count =
        |appends: &[Incoming]| appends.iter().map(|incoming| incoming.append.events.len()).sum::<usize>();
    let mut events: usize = group.iter().map(|(appends, _)| count(appends)).sum();
    while events < TURN_EVENTS_MAX {
        match queue.take()? {
            Request::Appends(appends, answer) => {
                events += count(&appends);
                group.push((appends, answer));
            }
            other => return Some(other),
        }
    }
    None
}

/// Writes a group and answers it. Every verdict leaves after the commit.
fn take_turn(writer: &mut Writer, mut group: Vec<(Vec<Incoming>, Answer)>) {
    let mut appends: Vec<&mut Incoming> = group.iter_mut().flat_map(|(appends, _)| appends).collect();
    let mut verdicts = writer.verdicts(&mut appends).into_iter();
    for (appends, answer) in group {
        // Whoever asked may be gone; what is committed stays.
        let _ = answer.send(verdicts.by_ref().take(appends.len()).collect());
    }
}
