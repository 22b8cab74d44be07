use annals_event::{EventId, Position, Timestamp};
use annals_tlog::{Hash, Origin};
use async_trait::async_trait;

use crate::append::{Append, Appended};
use crate::catalog::StreamCatalog;
use crate::checkpoint_store::CheckpointStore;
use crate::cursor::CursorStore;
use crate::dead_letter::DeadLetterStore;
use crate::error::StoreError;
use crate::inspection::Inspection;
use crate::page::{Page, PageRequest};
use crate::proof_store::ProofStore;
use crate::query::Query;
use crate::snapshot::SnapshotStore;

/// The state of a log after its last commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// How many events it holds; the next position.
    pub size: u64,
    /// The root of its Merkle tree.
    pub root: Hash,
    /// When its last event was recorded.
    pub recorded_at: Option<Timestamp>,
}

/// One totally ordered log: append, read, follow.
#[async_trait]
pub trait EventStore: Send + Sync {
    /// The log's identity, the first line of its checkpoints.
    fn origin(&self) -> &Origin;

    /// Records an append, durably: the answer comes after the commit is on disk. Concurrent appends share
    /// a commit; each gets its own verdict.
    ///
    /// Repeating an append with the same event ids and content gives the original places.
    ///
    /// # Errors
    /// [`StoreError`]. What was refused left no trace. Behind [`StoreError::Unavailable`] it may be unknown whether the
    /// append is stored, and the reason says so then; repeated with the same event ids, it is stored once.
    async fn append(&self, append: Append) -> Result<Appended, StoreError> {
        let unanswered =
            || StoreError::Unavailable { reason: "the store gave no answer".into(), source: None };
        self.append_each(vec![append]).await.pop().unwrap_or_else(|| Err(unanswered()))
    }

    /// Records appends in their order, each for itself: one verdict per append, in order.
    async fn append_each(&self, appends: Vec<Append>) -> Vec<Result<Appended, StoreError>>;

    /// Reads a part of what matches `query`, by position.
    async fn read_page(&self, query: &Query, request: PageRequest) -> Result<Page, StoreError>;

    /// Where the event with this id stands.
    async fn position_of(&self, event_id: EventId) -> Result<Option<Position>, StoreError>;

    /// The state after the last commit.
    async fn head(&self) -> Result<Head, StoreError>;

    /// Waits until the log holds more than `size` events; the state then.
    async fn grown(&self, size: u64) -> Result<Head, StoreError>;
}

/// Everything that stands behind one log.
pub trait Store:
    EventStore
    + ProofStore
    + CheckpointStore
    + CursorStore
    + StreamCatalog
    + SnapshotStore
    + DeadLetterStore
    + Inspection
    + 'static
{
}

impl<T> Store for T where
    T: EventStore
        + ProofStore
        + CheckpointStore
        + CursorStore
        + StreamCatalog
        + SnapshotStore
        + DeadLetterStore
        + Inspection
        + 'static
{
}
