use std::ops::Range;

use annals_event::{Opening, Position, RecordedEvent};
use annals_tlog::{ConsistencyProof, Hash, InclusionProof};
use async_trait::async_trait;

use crate::error::StoreError;

/// An event with what is needed to recompute its leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvableEvent {
    /// The event.
    pub event: RecordedEvent,
    /// What opens its commitments.
    pub opening: Opening,
    /// The leaf hash that was stored beside it.
    pub leaf_hash: Hash,
}

/// A row that states an event, as it is found: an altered one may not be readable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRow {
    /// The position under which it is stored.
    pub position: Position,
    /// The event, or why the row states none.
    pub event: Result<ProvableEvent, String>,
}

/// Where a store keeps the leaves of its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeafPlace {
    /// In the events' rows only: the tree's leaf hashes are the rows' leaf hashes.
    InRows,
    /// In the tree, besides those in the rows.
    InTree,
}

/// The Merkle tree of a log, as stored.
#[async_trait]
pub trait ProofStore: Send + Sync {
    /// Where the leaves are kept, so that nobody reads the same hashes twice.
    fn leaf_place(&self) -> LeafPlace {
        LeafPlace::InTree
    }

    /// The rows at `positions`, in order; nothing where a row is missing. A page may be full before the range
    /// ends, so go on behind the last row; no rows at all mean that there are none.
    async fn stored_rows(&self, positions: Range<u64>) -> Result<Vec<StoredRow>, StoreError>;

    /// Stored hashes: at level 0 those of the leaves, at level L the roots of complete subtrees of 256^L
    /// leaves (a row of a C2SP tlog-tiles tile). Fewer than asked for where they are not complete.
    async fn tree_hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, StoreError>;

    /// The root when the log held `size` events.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the log never held so many.
    async fn root_at(&self, size: u64) -> Result<Hash, StoreError>;

    /// The proof that the leaf at `index` is in the tree of `size` leaves.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the log never held so many, or the index is not below the size.
    async fn inclusion_proof(&self, index: u64, size: u64) -> Result<InclusionProof, StoreError>;

    /// The proof that the tree of `to` leaves extends the tree of `from` leaves.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the log never held so many, or `from` is above `to`.
    async fn consistency_proof(&self, from: u64, to: u64) -> Result<ConsistencyProof, StoreError>;
}
