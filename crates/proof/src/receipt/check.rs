//! Checking a receipt with nothing but the log's key.

use annals_event::RecordedEvent;
use annals_tlog::{Hash, LogCheckpoint, Receipt, VerifierKey, leaf_hash};

use super::EventDisclosure;
use crate::ProofError;

/// What a receipt proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedReceipt {
    /// The event. Every field of it was checked; of what was erased only the commitment is left.
    pub event: RecordedEvent,
    /// The leaf hash that was recomputed from the event and its opening.
    pub leaf: Hash,
    /// The checkpoint under which the leaf stands at the event's position.
    pub checkpoint: LogCheckpoint,
    /// The keys that signed the checkpoint, of those that were given; at least one.
    pub signed_by: Vec<VerifierKey>,
}

/// Checks without any store that the event of an event file stands in the log whose keys are given: the leaf
/// is recomputed from the event, the proof leads from it to the checkpoint's root, one of the keys signed the
/// checkpoint.
///
/// # Errors
/// [`ProofError::NoVerifierKey`], [`ProofError::EventFile`], [`ProofError::PositionsDiffer`], or
/// [`ProofError::Tlog`] with what does not fit: the form of the receipt, the signature, or the proof.
pub fn check_receipt(
    receipt: &[u8],
    event_file: &[u8],
    keys: &[VerifierKey],
) -> Result<CheckedReceipt, ProofError> {
    if keys.is_empty() {
        return Err(ProofError::NoVerifierKey);
    }
    let disclosure = EventDisclosure::parse(event_file)?;
    let receipt = Receipt::parse(receipt)?;
    let position = disclosure.event.position;
    if receipt.index != position.0 {
        return Err(ProofError::PositionsDiffer { receipt: receipt.index, event_file: position });
    }
    let entry = disclosure.entry()?;
    let checkpoint = receipt.verify(entry.as_bytes(), keys)?.clone();
    let signed_by = receipt.checkpoint.note().verify(keys)?.into_iter().cloned().collect();
    Ok(CheckedReceipt { event: disclosure.event, leaf: leaf_hash(entry.as_bytes()), checkpoint, signed_by })
}
