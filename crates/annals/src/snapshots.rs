use std::sync::Arc;
use std::time::Duration;

use annals_event::{Position, RecordedEvent};
use annals_history::{History, HistoryError, SnapshotRun, Snapshotter};
use annals_store::{EventReader, Query, ReadOptions, Store};
use tokio::task::JoinHandle;

/// Whoever opens a log only to append a few events is gone by then, and is spared the look at all aggregates with
/// which a [`Snapshotter`] begins.
const SHORT_VISIT: Duration = Duration::from_secs(3);

/// So many new events are looked at when the log is closed; behind more, something is due in all likelihood.
const EVENTS_LOOKED_AT_MAX: u64 = 10_000;

/// Takes the snapshots of a log that is written: in the background while it is open, and at its end what became due.
pub(crate) struct SnapshotTask {
    /// Holds the [`Snapshotter`], once there is one; both end together.
    background: JoinHandle<()>,
    history: History,
    store: Arc<dyn Store>,
    /// The log's size when it was opened; `None` where that could not be read.
    size_before: Option<u64>,
}

impl SnapshotTask {
    pub(crate) async fn spawn(store: Arc<dyn Store>, history: History) -> Self {
        let size_before = store.head().await.ok().map(|head| head.size);
        let kept = history.clone();
        let background = tokio::spawn(async move {
            tokio::time::sleep(SHORT_VISIT).await;
            let _snapshotter = Snapshotter::spawn(kept);
            std::future::pending::<()>().await;
        });
        Self { background, history, store, size_before }
    }

    /// Ends it and takes what became due while the log was open. Snapshots are a cache, so one that cannot be taken is
    /// no reason not to close a log; but a reducer that fails is worth knowing before somebody asks for a state.
    pub(crate) async fn finish(self) {
        self.background.abort();
        match self.take_due().await {
            Err(error) => tracing::warn!(%error, "no snapshots are taken now"),
            Ok(SnapshotRun { failed, first_failure: Some(error), .. }) => {
                tracing::warn!(%error, failed, "no snapshots are taken of aggregates that cannot be folded");
            }
            Ok(_) => {}
        }
    }

    async fn take_due(&self) -> Result<SnapshotRun, HistoryError> {
        if self.became_due().await? {
            self.history.take_due_snapshots().await
        } else {
            Ok(SnapshotRun::default())
        }
    }

    async fn became_due(&self) -> Result<bool, HistoryError> {
        let size = self.store.head().await?.size;
        let Some(before) = self.size_before else { return Ok(true) };
        if size.saturating_sub(before) > EVENTS_LOOKED_AT_MAX {
            return Ok(true);
        }
        let after = before.checked_sub(1).map(Position);
        let options = ReadOptions { after, size: Some(size), ..ReadOptions::default() };
        let mut reader = EventReader::new(&*self.store, Query::all(), options);
        while let Some(events) = reader.next_page().await? {
            if events.iter().any(|event| self.is_due(event)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_due(&self, event: &RecordedEvent) -> bool {
        event.version.0.is_multiple_of(self.history.rules().snapshot_interval(&event.aggregate_type).get())
    }
}

impl Drop for SnapshotTask {
    fn drop(&mut self) {
        self.background.abort();
    }
}
