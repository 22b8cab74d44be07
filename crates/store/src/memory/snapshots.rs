use annals_event::{StreamName, StreamVersion, Timestamp};
use async_trait::async_trait;

use super::MemoryStore;
use crate::error::StoreError;
use crate::snapshot::{Snapshot, SnapshotKey, SnapshotStore};

#[async_trait]
impl SnapshotStore for MemoryStore {
    async fn keep_snapshots(&self, snapshots: Vec<Snapshot>) -> Result<(), StoreError> {
        let kept = &mut self.state().snapshots;
        for snapshot in snapshots {
            kept.retain(|kept| kept.key != snapshot.key || kept.version != snapshot.version);
            kept.push(snapshot);
        }
        Ok(())
    }

    async fn nearest_snapshot(
        &self,
        key: &SnapshotKey,
        version: Option<StreamVersion>,
        timestamp: Option<Timestamp>,
    ) -> Result<Option<Snapshot>, StoreError> {
        let state = self.state();
        let serves = |kept: &&Snapshot| {
            kept.key == *key
                && version.is_none_or(|version| kept.version <= version)
                && timestamp.is_none_or(|timestamp| kept.greatest_timestamp <= timestamp)
        };
        Ok(state.snapshots.iter().filter(serves).max_by_key(|kept| kept.version).cloned())
    }

    async fn snapshots(
        &self,
        after: Option<(&SnapshotKey, StreamVersion)>,
        limit: usize,
    ) -> Result<Vec<Snapshot>, StoreError> {
        let place = |key: &SnapshotKey, version| (key.stream.clone(), key.reducer.clone(), version);
        let after = after.map(|(key, version)| place(key, version));
        let mut behind = self.state().snapshots.clone();
        behind.retain(|kept| after.as_ref().is_none_or(|after| place(&kept.key, kept.version) > *after));
        behind.sort_by_key(|kept| place(&kept.key, kept.version));
        behind.truncate(limit);
        Ok(behind)
    }

    async fn drop_snapshots(&self, stream: Option<&StreamName>) -> Result<u64, StoreError> {
        let snapshots = &mut self.state().snapshots;
        let before = snapshots.len();
        snapshots.retain(|kept| stream.is_some_and(|stream| kept.key.stream != *stream));
        Ok((before - snapshots.len()) as u64)
    }
}
