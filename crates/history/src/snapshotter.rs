//! Snapshots in the background, by the process that writes the log.

use std::collections::BTreeMap;
use std::time::Duration;

use annals_event::{Position, StreamName, StreamVersion};
use annals_store::{EventReader, Query, ReadOptions};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::error::HistoryError;
use crate::history::{History, SnapshotRun};

/// How long the log is left to itself between two looks.
const PAUSE: Duration = Duration::from_secs(1);

/// A log that grew by more events since the last look is busy, and is left alone.
const BUSY_EVENTS: u64 = 2_000;

/// But after so many looks it is taken care of all the same.
const LOOKS_MAX: u32 = 60;

/// More new events than this are not read: the list of aggregates tells sooner where snapshots are due.
const FOLLOWED_EVENTS_MAX: u64 = 50_000;

/// How long nothing is done after the store failed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(30);

/// Takes the snapshots that are due while a log grows, whenever it is not busy, so that they cost those who append
/// nothing. Dropping it ends it at once, which does no harm; [`Self::stop`] takes first what is due.
pub struct Snapshotter {
    task: JoinHandle<()>,
    history: History,
}

impl Snapshotter {
    /// Begins to take snapshots in the background, on the current Tokio runtime, with those that are due from before.
    #[must_use]
    pub fn spawn(history: History) -> Self {
        Self { task: tokio::spawn(take_while_it_grows(history.clone())), history }
    }

    /// Ends the task and takes all snapshots that are due.
    ///
    /// # Errors
    /// [`HistoryError::Store`].
    pub async fn stop(self) -> Result<SnapshotRun, HistoryError> {
        self.task.abort();
        self.history.take_due_snapshots().await
    }
}

impl Drop for Snapshotter {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// It may be aborted anywhere: a snapshot is kept as a whole or not at all, and what was not taken is still due.
async fn take_while_it_grows(history: History) {
    // The size of the log up to which nothing is due.
    let mut seen = None;
    loop {
        match take_next(&history, seen).await {
            Ok(size) => seen = Some(size),
            // Whoever appends or reads learns what is wrong with the store.
            Err(_) => sleep(PAUSE_AFTER_FAILURE).await,
        }
    }
}

/// Waits until the log has grown and rests; then takes what is due. The size of the log up to which nothing is due.
async fn take_next(history: &History, seen: Option<u64>) -> Result<u64, HistoryError> {
    let store = history.store();
    let Some(seen) = seen else {
        let size = store.head().await?.size;
        history.take_due_snapshots().await?;
        return Ok(size);
    };
    let mut size = store.grown(seen).await?.size;
    for _ in 0..LOOKS_MAX {
        sleep(PAUSE).await;
        let before = std::mem::replace(&mut size, store.head().await?.size);
        if size.saturating_sub(before) < BUSY_EVENTS {
            break;
        }
    }
    if size.saturating_sub(seen) > FOLLOWED_EVENTS_MAX {
        history.take_due_snapshots().await?;
        return Ok(size);
    }
    let mut run = SnapshotRun::default();
    for (stream, version) in due_between(history, seen, size).await? {
        history.take_due_of(&stream, version, &mut run).await?;
    }
    Ok(size)
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
