use std::sync::Arc;

use annals_event::Position;
use async_trait::async_trait;

use crate::error::StoreError;
use crate::proof_store::{ProofStore, StoredRow};

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

/// What an inspection found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What could not be looked at, and why, a sentence each. Nothing is known to be wrong with it.
    pub unchecked: Vec<String>,
}

/// Checks what a store holds beside the events and their tree: recomputes everything that is derived (head,
/// stored subtrees, indexes, stream heads, counters) from the stored rows and compares both ways; checks
/// bookkeeping by its own hashes, and the database by its own means.
#[async_trait]
pub trait Inspection: ProofStore {
    /// Begins an inspection. What lies beside the events is looked at in the background from now on, as it is
    /// now; the rows are read by the caller, who may need them for something else too.
    async fn begin_inspection(&self) -> Result<Arc<dyn Inspector>, StoreError>;

    /// Carries out a whole inspection. At most `problems_max` problems are named.
    async fn inspect(&self, problems_max: usize) -> Result<Findings, StoreError> {
        let inspector = self.begin_inspection().await?;
        let mut next = 0;
        loop {
            let rows = self.stored_rows(next..u64::MAX).await?;
            let Some(last) = rows.last() else { break };
            next = last.position.0.saturating_add(1);
            inspector.take_in(&rows);
        }
        inspector.finish(problems_max).await
    }
}

/// An inspection that goes on.
#[async_trait]
pub trait Inspector: Send + Sync {
    /// Takes in rows. Each that was there when the inspection began is to be given once; in which order and
    /// on which threads does not matter.
    fn take_in(&self, rows: &[StoredRow]);

    /// Compares what follows from the rows with what was found beside them, once all of them were taken in.
    /// At most `problems_max` problems are named.
    async fn finish(self: Arc<Self>, problems_max: usize) -> Result<Findings, StoreError>;
}
