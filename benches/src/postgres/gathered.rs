//! Group commit by hand: two connections write, and whatever waits for them shares a statement.

use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Mutex, oneshot};
use tokio::task::JoinSet;

use super::lean::Lean;
use super::schema::Schema;
use crate::error::{BenchError, Result};
use crate::events::EventValues;
use crate::floor::SharedEvents;

/// Connections that write.
const WRITERS: usize = 2;

/// A row to write, and whom to tell.
type Request = (usize, oneshot::Sender<()>);

const ENDED: BenchError = BenchError::EndedEarly { what: "the floor's writer" };

/// The writers of the plain table.
pub(super) struct Gathered {
    requests: UnboundedSender<Request>,
    writers: JoinSet<Result<()>>,
}

/// A client's way to the writers.
#[derive(Clone)]
pub(super) struct GatheredClient(UnboundedSender<Request>);

impl Gathered {
    pub(super) async fn start(schema: &Schema, events: &SharedEvents) -> Result<Self> {
        let (requests, receiver) = unbounded_channel();
        let receiver = Arc::new(Mutex::new(receiver));
        let mut writers = JoinSet::new();
        for _ in 0..WRITERS {
            writers.spawn(run(Lean::open(schema).await?, Arc::clone(events), Arc::clone(&receiver)));
        }
        Ok(Self { requests, writers })
    }

    pub(super) fn client(&self) -> GatheredClient {
        GatheredClient(self.requests.clone())
    }

    /// Waits for the end of all clients; where one failed, a writer knows why.
    pub(super) async fn finish(mut self) -> Result<()> {
        drop(self.requests);
        while let Some(ended) = self.writers.join_next().await {
            ended.map_err(|_| ENDED)??;
        }
        Ok(())
    }
}

impl GatheredClient {
    /// Has the event with this number written; the answer comes after the commit.
    pub(super) async fn append(&self, event: usize) -> Result<()> {
        let (done, answer) = oneshot::channel();
        self.0.send((event, done)).map_err(|_| ENDED)?;
        answer.await.map_err(|_| ENDED)
    }
}

async fn run(
    lean: Lean,
    events: SharedEvents,
    requests: Arc<Mutex<UnboundedReceiver<Request>>>,
) -> Result<()> {
    loop {
        let mut taken = Vec::new();
        if requests.lock().await.recv_many(&mut taken, usize::MAX).await == 0 {
            return Ok(());
        }
        let rows: Vec<(usize, &EventValues)> =
            taken.iter().filter_map(|(event, _)| Some((*event, events.get(*event)?))).collect();
        lean.insert_many(&rows).await?;
        for (_, done) in taken {
            // A client that is gone needs no answer.
            let _ = done.send(());
        }
    }
}
