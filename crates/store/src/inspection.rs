use annals_event::Position;
use async_trait::async_trait;

use crate::error::StoreError;

/// Something in a store that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The stable code under which `docs/errors` explains it.
    pub code: &'static str,
    /// The position of the event that it concerns, where it concerns one.
    pub position: Option<Position>,
    /// What was found, and what should be there.
    pub detail: String,
}

/// Checks what a store holds beside the events and their tree.
#[async_trait]
pub trait Inspection: Send + Sync {
    /// Recomputes everything that is derived (head, stored subtrees, indexes, stream heads, counters) from the
    /// stored rows and compares both ways; checks bookkeeping by its own hashes, and the database by its own
    /// means. At most `problems_max` problems are named.
    async fn inspect(&self, problems_max: usize) -> Result<Vec<Problem>, StoreError>;
}
