//! Having a checkpoint that covers what somebody asks about.

use std::time::{Duration, Instant};

use annals::{Position, ProofError, SignedCheckpoint, Signing, StoreError};

use crate::failure::Failure;
use crate::shell::Shell;

/// A process that writes the log signs it every second; so long it is waited for, and a little longer.
const OTHERS_SIGN_WITHIN: Duration = Duration::from_secs(3);

/// How often it is looked whether it has.
const LOOK_INTERVAL: Duration = Duration::from_millis(100);

/// The newest checkpoint, which covers at least `size` events. Where there is none yet, it is signed here, or
/// by the process that writes the log.
///
/// # Errors
/// [`ProofError::NotYetSigned`] when nobody signs, or why it cannot be signed here.
pub(crate) async fn checkpoint_over(shell: &Shell, size: u64) -> Result<SignedCheckpoint, Failure> {
    if let Some(newest) = newest(shell, size).await? {
        return Ok(newest);
    }
    if shell.location().is_server() {
        return wait_for_others(shell, size).await;
    }
    match shell.open_for_writing_at_once().await {
        Ok(log) => {
            let signed = match log.signing() {
                Signing::Active { signer, .. } => signer.covering(size).await.map_err(Failure::from),
                Signing::Refused(_) | Signing::ReadOnly => Err(not_yet(size)),
            };
            shell.close(log).await?;
            signed
        }
        Err(Failure::Store(StoreError::AlreadyWritten { .. })) => wait_for_others(shell, size).await,
        Err(failure) => Err(failure),
    }
}

async fn wait_for_others(shell: &Shell, size: u64) -> Result<SignedCheckpoint, Failure> {
    let deadline = Instant::now() + OTHERS_SIGN_WITHIN;
    while Instant::now() < deadline {
        if let Some(newest) = newest(shell, size).await? {
            return Ok(newest);
        }
        tokio::time::sleep(LOOK_INTERVAL).await;
    }
    Err(not_yet(size))
}

/// The newest kept checkpoint, if it covers `size` events.
async fn newest(shell: &Shell, size: u64) -> Result<Option<SignedCheckpoint>, Failure> {
    let newest = shell.open_for_reading().await?.store().newest_checkpoint().await?;
    Ok(newest.filter(|newest| newest.unverified().size >= size))
}

fn not_yet(size: u64) -> Failure {
    Failure::Proof(ProofError::NotYetSigned { position: Position(size.saturating_sub(1)) })
}
