//! Signing in the background, while the log grows.

use std::sync::Arc;
use std::time::Duration;

use annals_tlog::SignedCheckpoint;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::{CheckpointSigner, ProofError};

/// How long the task waits after it was refused, so that a command in another process can mend it.
const PAUSE_AFTER_REFUSAL: Duration = Duration::from_secs(5);

/// How the background signing stands.
#[derive(Debug, Clone, Default)]
pub enum SigningStatus {
    /// Nothing was there to be signed yet.
    #[default]
    Idle,
    /// The newest checkpoint.
    Signed(Arc<SignedCheckpoint>),
    /// Nothing is signed, for this reason. Appends go on.
    Refused(Arc<ProofError>),
}

/// Signs the log while it grows, at most once per interval. Dropping it ends it at once; [`Self::stop`]
/// signs what is left first.
pub struct SigningTask {
    signer: Arc<CheckpointSigner>,
    task: JoinHandle<()>,
    status: watch::Receiver<SigningStatus>,
}

impl SigningTask {
    /// Begins to sign in the background, on the current Tokio runtime.
    #[must_use]
    pub fn spawn(signer: Arc<CheckpointSigner>, interval: Duration) -> Self {
        let (told, status) = watch::channel(SigningStatus::default());
        let task = tokio::spawn(sign_while_it_grows(signer.clone(), interval, told));
        Self { signer, task, status }
    }

    /// How it stands, now and whenever it changes.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<SigningStatus> {
        self.status.clone()
    }

    /// Ends the task and signs what was committed until now, if there is anything.
    ///
    /// # Errors
    /// As [`CheckpointSigner::sign_now`].
    pub async fn stop(self) -> Result<Option<SignedCheckpoint>, ProofError> {
        self.task.abort();
        let size = self.signer.store().head().await?.size;
        if size == 0 { Ok(None) } else { self.signer.covering(size).await.map(Some) }
    }
}

impl Drop for SigningTask {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// It may be aborted anywhere: a state that was written without its note only makes the next one be signed
/// again, byte for byte.
async fn sign_while_it_grows(
    signer: Arc<CheckpointSigner>,
    interval: Duration,
    told: watch::Sender<SigningStatus>,
) {
    let mut signed_size = 0;
    loop {
        let signed = match signer.store().grown(signed_size).await {
            Ok(head) => signer.covering(head.size).await,
            Err(error) => Err(error.into()),
        };
        match signed {
            Ok(checkpoint) => {
                signed_size = checkpoint.unverified().size;
                told.send_replace(SigningStatus::Signed(Arc::new(checkpoint)));
                sleep(interval).await;
            }
            Err(error) => {
                told.send_replace(SigningStatus::Refused(Arc::new(error)));
                sleep(interval.max(PAUSE_AFTER_REFUSAL)).await;
            }
        }
    }
}
