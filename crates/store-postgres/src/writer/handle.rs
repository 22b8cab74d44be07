use std::sync::{Mutex, PoisonError};

use annals_store::PreparedAppend;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::group::Request;
use super::judge::Verdict;
use super::pipeline::Pipeline;
use super::turns::Writer;
use crate::errors::{Result, closed, unanswered};

/// Requests that may wait for the writer; whoever comes then waits to be let in.
const REQUESTS_MAX: usize = 1_024;

/// The way to the writer: a queue for many.
pub(crate) struct WriterHandle {
    /// `None` once the store is closed.
    requests: Mutex<Option<mpsc::Sender<Request>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl WriterHandle {
    pub(crate) fn start(writer: Writer) -> Self {
        let (sender, receiver) = mpsc::channel(REQUESTS_MAX);
        let task = tokio::spawn(Pipeline::new(writer).serve(receiver));
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
