use std::sync::{Mutex, PoisonError};

use annals_store::PreparedAppend;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::judge::Verdict;
use super::turns::Writer;
use crate::errors::{Result, closed, unanswered};

/// Requests that may wait for the writer; whoever comes then waits to be let in.
const REQUESTS_MAX: usize = 1_024;

/// Events that share a transaction at the most, but for an append that is larger by itself.
const GROUP_EVENTS_MAX: usize = 16_384;

/// A group that has so many bytes of payload and metadata takes no further append.
const GROUP_BYTES_MAX: usize = 32 << 20;

/// Appends, and who waits for their verdicts.
struct Request {
    appends: Vec<PreparedAppend>,
    answer: oneshot::Sender<Vec<Verdict>>,
}

/// The way to the writer: a queue for many.
pub(crate) struct WriterHandle {
    /// `None` once the store is closed.
    requests: Mutex<Option<mpsc::Sender<Request>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl WriterHandle {
    pub(crate) fn start(writer: Writer) -> Self {
        let (sender, receiver) = mpsc::channel(REQUESTS_MAX);
        let task = tokio::spawn(serve(receiver, writer));
        Self { requests: Mutex::new(Some(sender)), task: Mutex::new(Some(task)) }
    }

    /// Has appends written, and waits for their verdicts.
    pub(crate) async fn append(&self, appends: Vec<PreparedAppend>) -> Result<Vec<Verdict>> {
        let (answer, verdicts) = oneshot::channel();
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let requests = requests.ok_or_else(closed)?;
        requests.send(Request { appends, answer }).await.map_err(|_| closed())?;
        // Not held while it waits, or a store that closes would wait for its own appends.
        drop(requests);
        verdicts.await.map_err(|_| unanswered())
    }

    /// Takes no more requests, and waits until all that were taken are answered.
    pub(crate) async fn finish(&self) {
        drop(self.requests.lock().unwrap_or_else(PoisonError::into_inner).take());
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task
            && task.await.is_err()
        {
            tracing::error!("the writer's task panicked; nothing that was acknowledged is lost");
        }
    }
}

/// Serves the queue until the store closes.
async fn serve(mut queue: mpsc::Receiver<Request>, mut writer: Writer) {
    while let Some(first) = queue.recv().await {
        let group = gather(first, &mut queue);
        let appends: Vec<&PreparedAppend> = group.iter().flat_map(|request| &request.appends).collect();
        let mut verdicts = writer.verdicts(&appends).await.into_iter();
        for Request { appends, answer } in group {
            // Whoever asked may be gone; what is committed stays.
            let _ = answer.send(verdicts.by_ref().take(appends.len()).collect());
        }
    }
}

/// Takes whatever waits as well, until the group is large.
fn gather(first: Request, queue: &mut mpsc::Receiver<Request>) -> Vec<Request> {
    let mut size = size_of(&first);
    let mut group = vec![first];
    while size.0 < GROUP_EVENTS_MAX && size.1 < GROUP_BYTES_MAX {
        let Ok(next) = queue.try_recv() else { break };
        let more = size_of(&next);
        size = (size.0 + more.0, size.1 + more.1);
        group.push(next);
    }
    group
}

/// Events, and bytes of payload and metadata.
fn size_of(request: &Request) -> (usize, usize) {
    let events = || request.appends.iter().flat_map(|append| &append.events);
    let bytes = |event: &annals_store::PreparedEvent| {
        event.sent.payload.as_str().len() + event.sent.metadata.as_str().len()
    };
    (events().count(), events().map(bytes).sum())
}
