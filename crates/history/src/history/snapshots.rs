use std::collections::VecDeque;

use annals_event::{StreamName, StreamVersion};
use annals_store::{Snapshot, SnapshotKey};

use super::History;
use crate::error::HistoryError;
use crate::fold::Fold;
use crate::moment::Moment;
use crate::snapshot::{SnapshotSummary, StoredState};

/// So many snapshots are read at a time.
const SNAPSHOTS_AHEAD: usize = 100;

/// All snapshots of a log, in the order of their aggregates' names.
pub struct Snapshots<'a> {
    history: &'a History,
    ahead: VecDeque<Snapshot>,
    /// The last one that was read.
    after: Option<(SnapshotKey, StreamVersion)>,
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

    pub(super) fn snapshot_of(&self, stream: &StreamName, fold: &Fold) -> Option<Snapshot> {
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
