use annals_tlog::{SignedCheckpoint, VerifierKey};
use async_trait::async_trait;

use super::MemoryStore;
use crate::checkpoint_store::CheckpointStore;
use crate::error::StoreError;

#[async_trait]
impl CheckpointStore for MemoryStore {
    async fn keep_checkpoint(&self, checkpoint: &SignedCheckpoint) -> Result<(), StoreError> {
        let claim = checkpoint.unverified();
        let refused = |reason: String| Err(StoreError::CheckpointRefused { reason });
        let mut state = self.state();
        if claim.origin != self.origin {
            return refused(format!("it is of {}, and this log is {}", claim.origin, self.origin));
        }
        if claim.size > state.size() {
            return refused(format!("it is of {} events, and the log holds {}", claim.size, state.size()));
        }
        match state.checkpoints.last() {
            Some(newest) if newest == checkpoint => return Ok(()),
            Some(newest) if claim.size <= newest.unverified().size => {
                let newest = newest.unverified().size;
                return refused(format!("it is of {} events, and one of {newest} is kept", claim.size));
            }
            _ => state.checkpoints.push(checkpoint.clone()),
        }
        Ok(())
    }

    async fn newest_checkpoint(&self) -> Result<Option<SignedCheckpoint>, StoreError> {
        Ok(self.state().checkpoints.last().cloned())
    }

    async fn checkpoints(
        &self,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<SignedCheckpoint>, StoreError> {
        let state = self.state();
        let behind = |kept: &&SignedCheckpoint| after.is_none_or(|after| kept.unverified().size > after);
        Ok(state.checkpoints.iter().filter(behind).take(limit).cloned().collect())
    }

    async fn verifier_keys(&self) -> Result<Vec<VerifierKey>, StoreError> {
        Ok(self.state().verifier_keys.clone())
    }

    async fn add_verifier_key(&self, key: &VerifierKey) -> Result<(), StoreError> {
        let keys = &mut self.state().verifier_keys;
        keys.retain(|known| known != key);
        keys.push(key.clone());
        Ok(())
    }
}
