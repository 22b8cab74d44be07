//! What part of a log is exported, and what vouches for the file.

use annals::{Log, SignedCheckpoint, SigningKey};

use crate::failure::Failure;
use crate::shell::Shell;
use crate::signed::checkpoint_over;

/// The part of a log that is exported.
pub(super) struct Scope {
    /// The log, open for reading.
    pub(super) log: Log,
    /// How many of its events are looked at.
    pub(super) size: u64,
    /// What vouches for the file; `None` where nothing shall.
    pub(super) voucher: Option<Voucher>,
}

/// What a manifest rests on.
pub(super) struct Voucher {
    /// Covers exactly what is exported.
    pub(super) checkpoint: SignedCheckpoint,
    /// The log's key.
    pub(super) key: SigningKey,
}

impl Scope {
    /// Everything that is in the log at this moment; nobody vouches for it.
    pub(super) async fn unsigned(shell: &Shell) -> Result<Self, Failure> {
        let log = shell.open_for_reading().await?;
        let size = log.events().head().await?.size;
        Ok(Self { log, size, voucher: None })
    }

    /// Everything that is in the log at this moment, under a checkpoint that was signed as every other is. A manifest
    /// states the checkpoint's size and root, never a head of its own: of a log that was set back, that could be
    /// another than the one that was signed for the same size.
    ///
    /// All of it is found out before the work, so that nobody waits for an export that cannot be vouched for.
    ///
    /// # Errors
    /// [`Failure::Proof`] when nothing may be signed for the log, or its key is out of reach.
    pub(super) async fn signed(shell: &Shell) -> Result<Self, Failure> {
        let scope = Self::try_signed(shell).await;
        if let Err(Failure::Proof(_)) = scope {
            shell.console.remark("note: no manifest can be signed; --no-manifest exports without one");
        }
        scope
    }

    async fn try_signed(shell: &Shell) -> Result<Self, Failure> {
        let log = shell.open_for_reading().await?;
        shell.must_be_signable(&log).await?;
        let checkpoint = checkpoint_over(shell, log.events().head().await?.size).await?;
        // Opened anew, so that it holds what the checkpoint covers.
        let log = shell.open_for_reading().await?;
        let key = shell.key_to_vouch(&log, &checkpoint).await?;
        let size = checkpoint.unverified().size;
        Ok(Self { log, size, voucher: Some(Voucher { checkpoint, key }) })
    }
}
