use std::ops::Range;

use annals_tlog::{
    ConsistencyProof, Hash, HashReader, InclusionProof, LeafInTree, TreeGrowth, consistency_proof,
    inclusion_proof, root_at,
};
use async_trait::async_trait;

use super::MemoryStore;
use super::derived::Derived;
use super::state::State;
use crate::error::StoreError;
use crate::proof_store::{ProofStore, StoredRow};

#[async_trait]
impl ProofStore for MemoryStore {
    async fn stored_rows(&self, positions: Range<u64>) -> Result<Vec<StoredRow>, StoreError> {
        let state = self.state();
        let rows = part(&state.rows, positions);
        Ok(rows
            .iter()
            .map(|row| StoredRow { position: row.event.position, event: Ok(row.clone()) })
            .collect())
    }

    async fn tree_hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, StoreError> {
        self.state().derived.hashes(level, range)
    }

    async fn root_at(&self, size: u64) -> Result<Hash, StoreError> {
        let state = self.state();
        state.must_have_held(size)?;
        Ok(root_at(size, &state.derived)?)
    }

    async fn inclusion_proof(&self, index: u64, size: u64) -> Result<InclusionProof, StoreError> {
        let state = self.state();
        state.must_have_held(size)?;
        Ok(inclusion_proof(LeafInTree { index, size }, &state.derived)?)
    }

    async fn consistency_proof(&self, from: u64, to: u64) -> Result<ConsistencyProof, StoreError> {
        let state = self.state();
        state.must_have_held(to)?;
        Ok(consistency_proof(TreeGrowth { from, to }, &state.derived)?)
    }
}

impl HashReader for Derived {
    type Error = StoreError;

    fn hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, StoreError> {
        Ok(self.levels.get(usize::from(level)).map_or_else(Vec::new, |hashes| part(hashes, range).to_vec()))
    }
}

impl State {
    fn must_have_held(&self, size: u64) -> Result<(), StoreError> {
        if size <= self.size() {
            return Ok(());
        }
        Err(StoreError::NotFound { what: format!("tree of {size} events; the log holds {}", self.size()) })
    }
}

/// The part of `items` that lies in the range.
fn part<T>(items: &[T], range: Range<u64>) -> &[T] {
    let index = |at: u64| usize::try_from(at).map_or(items.len(), |at| at.min(items.len()));
    items.get(index(range.start)..index(range.end)).unwrap_or_default()
}
