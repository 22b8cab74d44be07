use std::path::PathBuf;

use annals::{KeyHistory, KeyRotation, Receipt, VerifierKey};

use super::read;
use crate::failure::Failure;

/// The keys that may have signed a receipt's checkpoint: those to which the notes of rotations lead from the keys
/// that are trusted. Without such notes it is the keys that are trusted.
///
/// # Errors
/// [`Failure`] when a note cannot be read, or is none of a rotation.
pub(super) fn keys_for(
    receipt: &[u8],
    trusted: Vec<VerifierKey>,
    notes: &[PathBuf],
) -> Result<Vec<VerifierKey>, Failure> {
    // What is no receipt is refused later.
    let Ok(receipt) = Receipt::parse(receipt) else { return Ok(trusted) };
    if notes.is_empty() {
        return Ok(trusted);
    }
    let rotations: Result<Vec<KeyRotation>, Failure> =
        notes.iter().map(|path| Ok(KeyRotation::parse(&read(path)?)?)).collect();
    let history = KeyHistory::of_notes(&trusted, rotations?);
    Ok(history.keys_at(receipt.checkpoint.unverified().size).cloned().collect())
}
