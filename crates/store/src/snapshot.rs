use annals_event::{JsonObject, StreamName, StreamVersion, Timestamp};
use async_trait::async_trait;

use crate::error::StoreError;

/// Which snapshots are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotKey {
    /// The stream.
    pub stream: StreamName,
    /// The fingerprint of the reducer that made the state.
    pub reducer: String,
}

/// An aggregate's state after one of its events. A cache: without it every answer stays the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Stream and reducer.
    pub key: SnapshotKey,
    /// The version of the last event in the state.
    pub version: StreamVersion,
    /// The greatest `timestamp` of the events in the state.
    pub greatest_timestamp: Timestamp,
    /// The state.
    pub state: JsonObject,
}

/// Keeps aggregates' states.
#[async_trait]
pub trait SnapshotStore: Send + Sync {
    /// Keeps a snapshot, in place of one of the same key and version.
    async fn keep_snapshot(&self, snapshot: Snapshot) -> Result<(), StoreError> {
        self.keep_snapshots(vec![snapshot]).await
    }

    /// Keeps snapshots, all or none, each in place of one of the same key and version. They take one turn of the
    /// writer together, so a caller keeps few at a time.
    async fn keep_snapshots(&self, snapshots: Vec<Snapshot>) -> Result<(), StoreError>;

    /// The snapshot of the greatest version up to `version` whose greatest timestamp is at most `timestamp`.
    async fn nearest_snapshot(
        &self,
        key: &SnapshotKey,
        version: Option<StreamVersion>,
        timestamp: Option<Timestamp>,
    ) -> Result<Option<Snapshot>, StoreError>;

    /// At most `limit` snapshots behind one, of whatever key, in the order of their streams' names (the bytes of the
    /// type, then those of the id), their reducers and their versions.
    async fn snapshots(
        &self,
        after: Option<(&SnapshotKey, StreamVersion)>,
        limit: usize,
    ) -> Result<Vec<Snapshot>, StoreError>;

    /// Drops the snapshots of one stream, or all; how many there were.
    async fn drop_snapshots(&self, stream: Option<&StreamName>) -> Result<u64, StoreError>;
}
