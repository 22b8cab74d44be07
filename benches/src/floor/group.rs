use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::{Floor, Guard};
use crate::error::{BenchError, Result};

/// A row to write, and whom to tell.
type Request = (usize, oneshot::Sender<()>);

const ENDED: BenchError = BenchError::EndedEarly { what: "the floor's writer" };

/// Group commit by hand: one thread writes, and whatever waits for it shares a transaction.
pub(crate) struct GroupCommit {
    requests: Sender<Request>,
    thread: JoinHandle<Result<()>>,
}

/// A client's way to the writer.
#[derive(Clone)]
pub(crate) struct GroupClient(Sender<Request>);

impl GroupCommit {
    pub(crate) fn start(floor: impl Floor + 'static) -> Self {
        let (requests, receiver) = channel();
        let thread = std::thread::spawn(move || run(floor, &receiver));
        Self { requests, thread }
    }

    pub(crate) fn client(&self) -> GroupClient {
        GroupClient(self.requests.clone())
    }

    /// Waits for the end of all clients, and of the index.
    pub(crate) fn finish(self) -> Result<()> {
        drop(self.requests);
        self.thread.join().unwrap_or(Err(ENDED))
    }
}

impl GroupClient {
    /// Has the event with this number written; the answer comes after the commit.
    pub(crate) async fn append(&self, event: usize) -> Result<()> {
        let (done, answer) = oneshot::channel();
        self.0.send((event, done)).map_err(|_| ENDED)?;
        answer.await.map_err(|_| ENDED)
    }
}

fn run(mut floor: impl Floor, requests: &Receiver<Request>) -> Result<()> {
    while let Ok(first) = requests.recv() {
        let (events, waiting): (Vec<_>, Vec<_>) = std::iter::once(first).chain(requests.try_iter()).unzip();
        floor.write(&events, Guard::ExpectedVersion)?;
        for done in waiting {
            // A client that is gone needs no answer.
            let _ = done.send(());
        }
    }
    floor.finish()
}
