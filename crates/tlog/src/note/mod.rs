//! Signed notes: text with signatures under it (C2SP signed-note).

mod key_text;
mod signature;
mod signing_key;
mod verifier_key;

use std::fmt;

pub(crate) use signature::SignatureType;
pub use signature::{KeyId, NoteSignature};
pub use signing_key::{Signer, SignerError, SigningKey};
pub use verifier_key::VerifierKey;
pub(crate) use verifier_key::{format_vkey, parse_vkey};

use crate::Error;

/// The greatest length of a note in bytes that is read.
pub const NOTE_LEN_MAX: usize = 1_000_000;

/// The greatest number of signatures that a note may have; the specification demands 16 at least.
pub const NOTE_SIGNATURES_MAX: usize = 100;

/// A text with at least one signature line, none of which is verified yet.
///
/// `Display` gives back exactly the bytes that were parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// Signs a text, which has to end in a newline. The signature is verified before it is used,
    /// so that no agent or faulty machine makes a note that nobody can verify.
    ///
    /// # Errors
    /// [`SignerError::Note`] if the text cannot be that of a note, or the signature does not
    /// verify; whatever the signer fails with.
    pub fn sign(text: impl Into<String>, signer: &(impl Signer + ?Sized)) -> Result<Self, SignerError> {
        let text = text.into();
        check_text(&text)?;
        let signature = signer.sign(text.as_bytes())?;
        signer.verifier_key().verify(text.as_bytes(), &signature)?;
        Ok(Self { text, signatures: vec![signature] })
    }

    /// Reads a note, without verifying anything.
    ///
    /// # Errors
    /// [`Error::NoteTooLong`], [`Error::NoteText`], [`Error::NoteUnsigned`],
    /// [`Error::SignatureLine`] or [`Error::TooManySignatures`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > NOTE_LEN_MAX {
            return Err(Error::NoteTooLong { len: bytes.len() });
        }
        let note = str::from_utf8(bytes).map_err(|_| Error::NoteText)?;
        let (before, signature_lines) = note.rsplit_once("\n\n").ok_or(Error::NoteUnsigned)?;
        let text = format!("{before}\n");
        check_text(&text)?;
        let signature_lines = signature_lines.strip_suffix('\n').ok_or(Error::NoteUnsigned)?;
        let mut signatures = Vec::new();
        for line in signature_lines.split('\n') {
            if signatures.len() == NOTE_SIGNATURES_MAX {
                return Err(Error::TooManySignatures);
            }
            signatures.push(line.parse()?);
        }
        Ok(Self { text, signatures })
    }

    /// The text with its final newline. It proves nothing until [`Self::verify`] succeeded.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, in the order of their lines.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a signature: that of a second key during rotation, or that of a witness.
    ///
    /// # Errors
    /// [`Error::TooManySignatures`] beyond [`NOTE_SIGNATURES_MAX`].
    pub fn add_signature(&mut self, signature: NoteSignature) -> Result<(), Error> {
        if self.signatures.len() >= NOTE_SIGNATURES_MAX {
            return Err(Error::TooManySignatures);
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// Verifies the note against the keys that the caller trusts, and returns those that signed
    /// it: at least one. Signatures of unknown keys are ignored, as the specification demands.
    ///
    /// # Errors
    /// [`Error::NotSignedBy`] if none of the keys signed; [`Error::InvalidSignature`] if a
    /// signature that names one of the keys does not verify.
    pub fn verify<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k VerifierKey>,
    ) -> Result<Vec<&'k VerifierKey>, Error> {
        let mut signed = Vec::new();
        let mut unused = Vec::new();
        for key in keys {
            let mut its_own =
                self.signatures.iter().filter(|signature| key.is_named_by(signature)).peekable();
            let verified = if its_own.peek().is_some() { &mut signed } else { &mut unused };
            verified.push(key);
            its_own.try_for_each(|signature| key.verify(self.text.as_bytes(), signature))?;
        }
        if signed.is_empty() {
            let keys = unused.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            return Err(Error::NotSignedBy { keys });
        }
        Ok(signed)
    }
}

/// Refuses a text without final newline or with control characters (signed-note, "Format").
fn check_text(text: &str) -> Result<(), Error> {
    let is_forbidden = |c: char| c < ' ' && c != '\n';
    if !text.ends_with('\n') || text.contains(is_forbidden) { Err(Error::NoteText) } else { Ok(()) }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}
