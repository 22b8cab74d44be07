//! Whether a log extends what was signed for it.

use annals_store::Store;
use annals_tlog::{ConsistencyClaim, TreeHead};

use crate::{ProofError, SigningState};

/// The head of a log.
pub(crate) async fn head_of(store: &dyn Store) -> Result<TreeHead, ProofError> {
    let head = store.head().await?;
    Ok(TreeHead { size: head.size, root: head.root })
}

/// Refuses a head that does not extend what was signed.
///
/// It demands a consistency proof, rather than asking the store for its root at the signed size: the proof
/// binds the head that is about to be signed.
pub(crate) async fn must_extend(
    store: &dyn Store,
    signed: TreeHead,
    head: TreeHead,
) -> Result<(), ProofError> {
    let origin = || store.origin().clone();
    if head.size < signed.size {
        return Err(ProofError::Rewound { origin: origin(), signed, found: head });
    }
    let proof = store.consistency_proof(signed.size, head.size).await?;
    if proof.verify(&ConsistencyClaim { old: signed, new: head }).is_ok() {
        return Ok(());
    }
    let found = if head.size == signed.size { head.root } else { store.root_at(signed.size).await? };
    Err(ProofError::Forked { origin: origin(), signed, found })
}

/// Compares a log with what is remembered as signed last, without signing, locking or writing anything: for
/// those who only read, on a machine that signs. What is remembered; `None` for a log that was never signed.
///
/// # Errors
/// [`ProofError::StateMissing`], [`ProofError::StateUnreadable`], [`ProofError::Rewound`] or
/// [`ProofError::Forked`] when nothing could be signed; [`ProofError::Store`] or [`ProofError::File`].
pub async fn check_signing_state(
    store: &dyn Store,
    state: &SigningState,
) -> Result<Option<TreeHead>, ProofError> {
    // Before the head: what is signed meanwhile is a head that this one extends.
    let signed = state.read()?;
    if let Some(signed) = signed {
        must_extend(store, signed, head_of(store).await?).await?;
    } else if let Some(kept) = store.newest_checkpoint().await? {
        return Err(state.missing(kept.unverified().size));
    }
    Ok(signed)
}
