use annals_tlog::{SignedCheckpoint, VerifierKey};
use async_trait::async_trait;

use crate::error::StoreError;

/// Keeps every signed checkpoint as it is.
#[async_trait]
pub trait CheckpointStore: Send + Sync {
    /// Keeps a signed checkpoint. Keeping the newest one again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::CheckpointRefused`] when it is of another origin, not larger than the newest, or
    /// larger than the log.
    async fn keep_checkpoint(&self, checkpoint: &SignedCheckpoint) -> Result<(), StoreError>;

    /// The largest kept checkpoint.
    async fn newest_checkpoint(&self) -> Result<Option<SignedCheckpoint>, StoreError>;

    /// At most `limit` kept checkpoints of sizes above `after`, by size.
    async fn checkpoints(
        &self,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<SignedCheckpoint>, StoreError>;

    /// The keys that signed or sign this log's checkpoints, the current one last.
    async fn verifier_keys(&self) -> Result<Vec<VerifierKey>, StoreError>;

    /// Makes `key` the current one. Adding the current one again changes nothing.
    async fn add_verifier_key(&self, key: &VerifierKey) -> Result<(), StoreError>;
}
