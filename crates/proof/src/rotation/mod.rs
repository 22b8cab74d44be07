//! Handing a log over from one key to the next, on the record.
//!
//! A rotation is an event of the log's own stream ([`log_stream`](annals_store::log_stream)). Its payload holds a note
//! that both keys signed (C2SP signed-note), whose text is
//!
//! ```text
//! Annals key rotation, version 1
//! <origin>
//! <size of the log, which is the position of the event>
//! <root of the tree of that size, in base64>
//! <vkey of the key that goes>
//! <vkey of the key that comes>
//! ```
//!
//! The old key vouches for checkpoints up to this size, the new one for those above. Its first line holds
//! spaces, so that no checkpoint, whose first line is an origin, can be mistaken for it. Size and root bind it
//! to one place of one log, so that it cannot be replayed.

mod event;
mod history;
mod rotate;

use std::fmt;

use annals_tlog::{Note, Origin, Signer, TreeHead, VerifierKey};

pub use history::{KeyHistory, KeyPeriod};

use crate::ProofError;

/// The first line of the text that both keys sign.
const HEADER: &str = "Annals key rotation, version 1";

/// How a log went over from one key to another. Both keys signed it: there is no other way to have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRotation {
    /// The log.
    pub origin: Origin,
    /// The log in front of the event; its size is the position of the event.
    pub at: TreeHead,
    /// The key that signed until then.
    pub from: VerifierKey,
    /// The key that signs from then on.
    pub to: VerifierKey,
    note: Note,
}

impl KeyRotation {
    /// Has both keys sign. Whoever calls this vouches that `at` extends everything the log ever signed.
    pub(crate) fn sign(
        origin: &Origin,
        at: TreeHead,
        from: &(impl Signer + ?Sized),
        to: &(impl Signer + ?Sized),
    ) -> Result<Self, ProofError> {
        let (old, new) = (from.verifier_key(), to.verifier_key());
        let TreeHead { size, root } = at;
        let text = format!("{HEADER}\n{origin}\n{size}\n{root}\n{old}\n{new}\n");
        let mut note = Note::sign(text, from)?;
        note.add_signature(to.sign(note.text().as_bytes())?)?;
        Self::from_note(note)
    }

    /// Reads a rotation as it was signed, and verifies both signatures.
    ///
    /// # Errors
    /// [`ProofError::RotationRefused`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ProofError> {
        Self::from_note(Note::parse(bytes).map_err(refused)?)
    }

    /// The note as it was signed.
    #[must_use]
    pub fn note(&self) -> &Note {
        &self.note
    }

    fn from_note(note: Note) -> Result<Self, ProofError> {
        let form = || refused("its text is not that of a key rotation");
        let mut lines = note.text().strip_suffix('\n').ok_or_else(form)?.split('\n');
        let mut next = || lines.next().ok_or_else(form);
        if next()? != HEADER {
            return Err(form());
        }
        let origin: Origin = next()?.parse().map_err(refused)?;
        let (size, root) = (next()?, next()?.parse().map_err(refused)?);
        let at = TreeHead { size: parse_size(size).ok_or_else(form)?, root };
        let from: VerifierKey = next()?.parse().map_err(refused)?;
        let to: VerifierKey = next()?.parse().map_err(refused)?;
        if lines.next().is_some() {
            return Err(form());
        }
        let rotation = Self { origin, at, from, to, note };
        rotation.must_be_signed_by_both()?;
        Ok(rotation)
    }

    fn must_be_signed_by_both(&self) -> Result<(), ProofError> {
        if self.from == self.to {
            return Err(refused("both keys are the same"));
        }
        for key in [&self.from, &self.to] {
            if key.name() != self.origin.key_name() {
                return Err(refused(format!("the key {key} is not one of {}", self.origin)));
            }
            self.note.verify([key]).map_err(refused)?;
        }
        Ok(())
    }
}

impl fmt::Display for KeyRotation {
    /// The note as it was signed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}

/// A size in decimal as checkpoints state it: without sign and leading zeroes.
fn parse_size(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|size| size.to_string() == text)
}

fn refused(reason: impl fmt::Display) -> ProofError {
    ProofError::RotationRefused { reason: reason.to_string() }
}
