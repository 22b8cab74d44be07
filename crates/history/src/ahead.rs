//! Work that goes on while what it gives is used.

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;

use crate::error::HistoryError;

/// What a task on the current runtime gives, piece by piece. It is never more than one piece ahead of whoever takes
/// them, so that memory stays bounded, and ends when this is dropped.
pub(crate) struct Ahead<T> {
    pieces: Receiver<T>,
    /// `None` once its outcome is known.
    task: Option<JoinHandle<Result<(), HistoryError>>>,
}

/// To whom a task gives its pieces.
pub(crate) struct Taker<T>(Sender<T>);

/// Nobody takes any more pieces.
pub(crate) struct Gone;

impl<T: Send + 'static> Ahead<T> {
    /// Begins the work, which ends with an error where there is nothing right to give.
    pub(crate) fn spawn<W>(work: impl FnOnce(Taker<T>) -> W) -> Self
    where
        W: Future<Output = Result<(), HistoryError>> + Send + 'static,
    {
        let (sender, pieces) = channel(1);
        Self { pieces, task: Some(tokio::spawn(work(Taker(sender)))) }
    }

    /// The next piece; `None` at the end. What came before an error is given first.
    pub(crate) async fn next(&mut self) -> Result<Option<T>, HistoryError> {
        if let Some(piece) = self.pieces.recv().await {
            return Ok(Some(piece));
        }
        match self.task.take() {
            // A task that ended without an outcome has not given everything.
            Some(task) => task.await.unwrap_or(Err(HistoryError::Interrupted)).map(|()| None),
            None => Ok(None),
        }
    }
}

impl<T> Drop for Ahead<T> {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

impl<T> Taker<T> {
    /// Gives a piece, as soon as the one before it was taken.
    pub(crate) async fn give(&self, piece: T) -> Result<(), Gone> {
        self.0.send(piece).await.map_err(|_| Gone)
    }
}
