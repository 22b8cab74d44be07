//! Snapshots in the background, by the process that writes the log.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use annals_event::{Position, StreamName, StreamVersion};
use annals_store::{EventReader, Query, ReadOptions};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::error::HistoryError;
use crate::history::{History, SnapshotRun, Taking};
use crate::pace::{Pace, Rest};

/// More new events than this are not read: the list of aggregates tells sooner where snapshots are due.
const FOLLOWED_EVENTS_MAX: u64 = 50_000;

/// How long nothing is done after the store failed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(30);

/// Takes the snapshots that are due while a log grows, at a [`Pace`] at which they cost those who append nothing that
/// could be noticed. Dropping it ends it at once, which does no harm; [`Self::stop`] takes first what became due.
pub struct Snapshotter {
    task: JoinHandle<()>,
    history: History,
    seen: Arc<Seen>,
}

/// The size of the log up to which nothing is due any more that became due while the snapshotter ran.
struct Seen(AtomicU64);

impl Snapshotter {
    /// Begins to take snapshots in the background, on the current Tokio runtime. Those that are due from before are taken
    /// as well, unless the log is opened for a short visit only.
    ///
    /// # Errors
    /// [`HistoryError::Store`].
    pub async fn start(history: History) -> Result<Self, HistoryError> {
        Self::start_at(Pace::default(), history).await
    }

    /// The same at another pace.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_at(pace: Pace, history: History) -> Result<Self, HistoryError> {
        let size = history.store().head().await?.size;
        let seen = Arc::new(Seen(AtomicU64::new(size)));
        let background = Background { pace, history: history.clone(), seen: Arc::clone(&seen) };
        Ok(Self { task: tokio::spawn(background.take_while_it_grows()), history, seen })
    }

    /// Ends the task and takes the snapshots that became due since it began. An aggregate that cannot be folded is passed
    /// over.
    ///
    /// # Errors
    /// [`HistoryError::Store`].
    pub async fn stop(mut self) -> Result<SnapshotRun, HistoryError> {
        self.task.abort();
        // It was aborted, and says so.
        let _ = (&mut self.task).await;
        let size = self.history.store().head().await?.size;
        take_between(&self.history, self.seen.get(), size, Rest::NONE).await
    }
}

impl Drop for Snapshotter {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Seen {
    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What runs in the background. It may be aborted anywhere: snapshots are kept as a whole or not at all, and what was not
/// taken is still due.
struct Background {
    pace: Pace,
    history: History,
    seen: Arc<Seen>,
}

impl Background {
    async fn take_while_it_grows(self) {
        sleep(self.pace.short_visit).await;
        while self.take_from_before().await.is_err() {
            // Whoever appends or reads learns what is wrong with the store.
            sleep(PAUSE_AFTER_FAILURE).await;
        }
        loop {
            if self.take_next().await.is_err() {
                sleep(PAUSE_AFTER_FAILURE).await;
            }
        }
    }

    async fn take_from_before(&self) -> Result<(), HistoryError> {
        let size = self.history.store().head().await?.size;
        self.history.take_all_due(self.pace.rest).await?;
        self.seen.0.store(size, Ordering::Relaxed);
        Ok(())
    }

    /// Waits until the log has grown and rests; then takes what is due.
    async fn take_next(&self) -> Result<(), HistoryError> {
        let (store, seen) = (self.history.store(), self.seen.get());
        let mut size = store.grown(seen).await?.size;
        let began = Instant::now();
        loop {
            sleep(self.pace.look_every).await;
            let before = std::mem::replace(&mut size, store.head().await?.size);
            if size.saturating_sub(before) < self.pace.busy_events || began.elapsed() > self.pace.patience {
                break;
            }
        }
        take_between(&self.history, seen, size, self.pace.rest).await?;
        self.seen.0.store(size, Ordering::Relaxed);
        Ok(())
    }
}

/// Takes the snapshots that became due between two sizes of the log.
async fn take_between(
    history: &History,
    seen: u64,
    size: u64,
    rest: Rest,
) -> Result<SnapshotRun, HistoryError> {
    if size.saturating_sub(seen) > FOLLOWED_EVENTS_MAX {
        return history.take_all_due(rest).await;
    }
    let mut taking = Taking::new(history, rest);
    for (stream, version) in due_between(history, seen, size).await? {
        taking.take(&stream, version).await?;
    }
    taking.finish().await
}

/// The streams for which a snapshot became due between two sizes of the log, each with the version at which it did.
async fn due_between(
    history: &History,
    seen: u64,
    size: u64,
) -> Result<BTreeMap<StreamName, StreamVersion>, HistoryError> {
    let after = seen.checked_sub(1).map(Position);
    let options = ReadOptions { after, size: Some(size), ..ReadOptions::default() };
    let mut reader = EventReader::new(&**history.store(), Query::all(), options);
    let mut due = BTreeMap::new();
    while let Some(events) = reader.next_page().await? {
        for event in events {
            let interval = history.rules().snapshot_interval(&event.aggregate_type);
            if let (0, Some(stream)) = (event.version.0 % interval, event.stream()) {
                due.insert(stream, event.version);
            }
        }
    }
    Ok(due)
}
