//! Receipts: proof that one event is in the log, for somebody who has neither the log nor trust in its keeper.

mod check;
mod disclosure;
mod disclosure_json;

use annals_event::{EventId, Position};
use annals_store::{Store, StoreError};
use annals_tlog::{Receipt, SignedCheckpoint, recompute_entry};

pub use check::{CheckedReceipt, check_receipt};
pub use disclosure::EventDisclosure;

use crate::{CheckpointSigner, ProofError};

/// A receipt and what the holder needs beside it to recompute the event's leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventProof {
    /// The receipt, as `FILE.tlog-proof` holds it.
    pub receipt: Receipt,
    /// The event with what opens its commitments, as the event file holds it.
    pub disclosure: EventDisclosure,
}

/// Proves that the event with this id is in the log. Where the newest kept checkpoint does not cover it yet,
/// `signer` signs one; without a signer that is refused.
///
/// What is handed out was checked as its receiver will check it.
///
/// # Errors
/// [`ProofError::Store`] with [`StoreError::NotFound`] if there is no such event;
/// [`ProofError::NotYetSigned`]; [`ProofError::EventAltered`] if the stored event does not prove;
/// what [`CheckpointSigner::sign_now`] fails with.
pub async fn prove_event(
    store: &dyn Store,
    signer: Option<&CheckpointSigner>,
    event_id: EventId,
) -> Result<EventProof, ProofError> {
    let no_event = || StoreError::NotFound { what: format!("event {event_id}") };
    let position = store.position_of(event_id).await?.ok_or_else(no_event)?;
    let altered = |reason: String| ProofError::EventAltered { position, reason };
    let row = store.stored_rows(position.0..position.0 + 1).await?.pop();
    let row = row.ok_or_else(|| altered("its row is missing".to_owned()))?;
    let stored = row.event.map_err(altered)?;
    if stored.event.event_id != event_id || stored.event.position != position {
        return Err(altered("another event stands in its place".to_owned()));
    }
    let checkpoint = checkpoint_over(store, signer, position).await?;
    let proof = store.inclusion_proof(position.0, checkpoint.unverified().size).await?;
    let receipt = Receipt { extra: None, index: position.0, proof, checkpoint };

    let keys = store.verifier_keys().await?;
    let entry =
        recompute_entry(&stored.event, &stored.opening).map_err(|error| altered(error.to_string()))?;
    receipt.verify(entry.as_bytes(), &keys).map_err(|error| altered(error.to_string()))?;
    let disclosure = EventDisclosure { event: stored.event, opening: stored.opening };
    Ok(EventProof { receipt, disclosure })
}

async fn checkpoint_over(
    store: &dyn Store,
    signer: Option<&CheckpointSigner>,
    position: Position,
) -> Result<SignedCheckpoint, ProofError> {
    let newest = store.newest_checkpoint().await?;
    if let Some(newest) = newest.filter(|newest| newest.unverified().size > position.0) {
        return Ok(newest);
    }
    let signer = signer.ok_or(ProofError::NotYetSigned { position })?;
    signer.covering(position.0 + 1).await
}
