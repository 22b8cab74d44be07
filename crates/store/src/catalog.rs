use std::collections::BTreeMap;

use annals_event::{AggregateType, Position, StreamName, StreamVersion, Timestamp};
use async_trait::async_trait;

use crate::error::StoreError;

/// Which streams are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamFilter {
    /// Only of this type.
    pub aggregate_type: Option<AggregateType>,
    /// Only with this text in the aggregate id, whatever the case of ASCII letters.
    pub search: Option<String>,
}

/// A stream and its last event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamSummary {
    /// The stream.
    pub stream: StreamName,
    /// The version of its last event, and so the number of its events.
    pub version: StreamVersion,
    /// Where its last event stands.
    pub last_position: Position,
    /// When its last event happened.
    pub last_timestamp: Timestamp,
}

/// How often each value occurs, the most frequent first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// The most frequent values; of equally frequent ones the lesser first.
    pub top: Vec<(String, u64)>,
    /// How many different values there are.
    pub distinct: u64,
}

/// Snapshots at a glance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SnapshotCounts {
    /// How many there are.
    pub count: u64,
    /// Their states' bytes.
    pub bytes: u64,
}

/// A log in numbers, answered from maintained counters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Events.
    pub events: u64,
    /// Streams.
    pub streams: u64,
    /// Events by type.
    pub by_type: Counts,
    /// Events by aggregate type.
    pub by_aggregate_type: Counts,
    /// Events by actor.
    pub by_actor: Counts,
    /// Events by the hour (UTC, its start) of their `timestamp`.
    pub per_hour: BTreeMap<Timestamp, u64>,
    /// Snapshots.
    pub snapshots: SnapshotCounts,
    /// Bytes on disk, everything included; 0 in memory.
    pub size_on_disk: u64,
}

/// The streams of a log and its numbers.
#[async_trait]
pub trait StreamCatalog: Send + Sync {
    /// At most `limit` streams behind `after`, by name (the bytes of the type, then those of the id).
    async fn streams(
        &self,
        filter: &StreamFilter,
        after: Option<&StreamName>,
        limit: usize,
    ) -> Result<Vec<StreamSummary>, StoreError>;

    /// The log in numbers; of each kind of value at most `top` are listed.
    async fn statistics(&self, top: usize) -> Result<Statistics, StoreError>;
}
