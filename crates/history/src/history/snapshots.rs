use std::collections::VecDeque;

use annals_event::{StreamName, StreamVersion};
use annals_store::{Snapshot, SnapshotKey, StreamFilter};

use super::History;
use crate::error::HistoryError;
use crate::fold::Fold;
use crate::moment::Moment;
use crate::snapshot::{SnapshotSummary, StoredState};
use crate::stream::Extent;

/// Snapshots are kept in turns of so many, or so many bytes, so that nobody who appends waits long.
const TURN_SNAPSHOTS_MAX: usize = 64;
const TURN_BYTES_MAX: usize = 1 << 20;

/// So many names of aggregates, or snapshots, are read at a time.
const NAMES_AHEAD: usize = 1_000;
const SNAPSHOTS_AHEAD: usize = 100;

/// All snapshots of a log, in the order of their aggregates' names.
pub struct Snapshots<'a> {
    history: &'a History,
    ahead: VecDeque<Snapshot>,
    /// The last one that was read.
    after: Option<(SnapshotKey, StreamVersion)>,
}

/// What became of the snapshots that were due.
#[derive(Debug, Default)]
pub struct SnapshotRun {
    /// How many were taken.
    pub taken: u64,
    /// How many aggregates could not be folded to their last event.
    pub failed: u64,
    /// Why the first of them could not.
    pub first_failure: Option<HistoryError>,
}

impl History {
    /// Takes a snapshot of an aggregate as it is now.
    ///
    /// # Errors
    /// As [`History::state`], and when the store cannot keep it: it is open for reading only.
    pub async fn snapshot(&self, stream: &StreamName) -> Result<SnapshotSummary, HistoryError> {
        let recent = self.recent(stream, None).await?;
        let extent = self.extent(stream, Moment::Now, &recent).await?;
        let (fold, _) = self.fold_extent(stream, extent, recent).await?;
        let snapshot = self.snapshot_of(stream, &fold).ok_or_else(|| HistoryError::NotKept {
            stream: stream.clone(),
            reason: "its state is no JSON object that a store takes".to_owned(),
        })?;
        let summary = self.summary(&snapshot);
        self.store.keep_snapshot(snapshot).await?;
        Ok(summary)
    }

    /// All snapshots, in the order of their aggregates' names, in constant memory.
    #[must_use]
    pub fn snapshots(&self) -> Snapshots<'_> {
        Snapshots { history: self, ahead: VecDeque::new(), after: None }
    }

    /// Drops the snapshots of one aggregate, or all; how many there were.
    ///
    /// # Errors
    /// [`HistoryError::Store`].
    pub async fn drop_snapshots(&self, stream: Option<&StreamName>) -> Result<u64, HistoryError> {
        Ok(self.store.drop_snapshots(stream).await?)
    }

    /// Takes all snapshots that are due and were not taken, for instance at the end of an import. An aggregate that
    /// cannot be folded is passed over.
    ///
    /// # Errors
    /// [`HistoryError::Store`].
    pub async fn take_due_snapshots(&self) -> Result<SnapshotRun, HistoryError> {
        let (filter, mut after, mut run) = (StreamFilter::default(), None, SnapshotRun::default());
        loop {
            let streams = self.store.streams(&filter, after.as_ref(), NAMES_AHEAD).await?;
            let is_last = streams.len() < NAMES_AHEAD;
            for summary in &streams {
                self.take_due_of(&summary.stream, summary.version, &mut run).await?;
            }
            match streams.into_iter().next_back() {
                Some(last) if !is_last => after = Some(last.stream),
                _ => return Ok(run),
            }
        }
    }

    /// Takes the snapshots of one stream that are due up to a version.
    pub(crate) async fn take_due_of(
        &self,
        stream: &StreamName,
        head: StreamVersion,
        run: &mut SnapshotRun,
    ) -> Result<(), HistoryError> {
        let interval = self.engine.rules.snapshot_interval(&stream.aggregate_type).get();
        let extent = Extent { version: StreamVersion(head.0 - head.0 % interval), timestamp: None };
        if extent.version.0 == 0 {
            return Ok(());
        }
        let start = self.nearest(stream, extent).await?;
        if start.as_ref().is_some_and(|stored| stored.last.version == extent.version) {
            return Ok(());
        }
        let mut turn = Turn::default();
        let outcome = self.fold_through(stream, extent, start, interval, &mut turn).await;
        run.taken += turn.taken + self.keep(&mut turn.snapshots).await?;
        match outcome {
            Err(error @ HistoryError::Store(_)) => return Err(error),
            Err(error) => {
                run.failed += 1;
                run.first_failure.get_or_insert(error);
            }
            Ok(()) => {}
        }
        Ok(())
    }

    /// Folds a stream on from `start`, and takes a snapshot at every multiple of `interval`.
    async fn fold_through(
        &self,
        stream: &StreamName,
        extent: Extent,
        start: Option<StoredState>,
        interval: u64,
        turn: &mut Turn,
    ) -> Result<(), HistoryError> {
        let mut fold = self.fold(stream, start);
        let behind = fold.last.as_ref().map(|last| (last.version, last.position));
        let size = self.store.head().await?.size;
        let mut reader = extent.reader(&*self.store, stream.clone(), behind, size);
        while let Some(events) = reader.next_page().await? {
            for events in events.chunk_by(|event, _| event.version.0 % interval != 0) {
                fold.fold(events).await?;
                if fold.version().0.is_multiple_of(interval) {
                    turn.snapshots.extend(self.snapshot_of(stream, &fold));
                }
                if turn.is_full() {
                    turn.taken += self.keep(&mut turn.snapshots).await?;
                }
            }
        }
        Ok(())
    }

    async fn keep(&self, snapshots: &mut Vec<Snapshot>) -> Result<u64, HistoryError> {
        let count = snapshots.len() as u64;
        if count > 0 {
            self.store.keep_snapshots(std::mem::take(snapshots)).await?;
        }
        Ok(count)
    }

    fn snapshot_of(&self, stream: &StreamName, fold: &Fold) -> Option<Snapshot> {
        StoredState::of(fold, self.clock.now())?.into_snapshot(self.snapshot_key(stream))
    }

    fn summary(&self, snapshot: &Snapshot) -> SnapshotSummary {
        let stream = snapshot.key.stream.clone();
        SnapshotSummary {
            version: snapshot.version,
            taken_at: StoredState::from_snapshot(snapshot).map(|stored| stored.taken_at),
            greatest_timestamp: snapshot.greatest_timestamp,
            bytes: snapshot.state.as_str().len() as u64,
            is_current: self.snapshot_key(&stream) == snapshot.key,
            stream,
        }
    }
}

impl Snapshots<'_> {
    /// The next snapshot; `None` at the end.
    ///
    /// # Errors
    /// [`HistoryError::Store`].
    pub async fn next(&mut self) -> Result<Option<SnapshotSummary>, HistoryError> {
        if self.ahead.is_empty() {
            let after = self.after.as_ref().map(|(key, version)| (key, *version));
            self.ahead = self.history.store.snapshots(after, SNAPSHOTS_AHEAD).await?.into();
            self.after = self.ahead.back().map(|last| (last.key.clone(), last.version)).or(self.after.take());
        }
        Ok(self.ahead.pop_front().map(|snapshot| self.history.summary(&snapshot)))
    }
}

/// Snapshots that are kept together.
#[derive(Default)]
struct Turn {
    snapshots: Vec<Snapshot>,
    /// How many were kept before.
    taken: u64,
}

impl Turn {
    fn is_full(&self) -> bool {
        let bytes: usize = self.snapshots.iter().map(|snapshot| snapshot.state.as_str().len()).sum();
        self.snapshots.len() >= TURN_SNAPSHOTS_MAX || bytes >= TURN_BYTES_MAX
    }
}
