//! Checkpoints: signed tree heads (C2SP tlog-checkpoint).

use std::fmt;

use crate::decimal::parse_decimal;
use crate::{Error, Hash, Note, NoteSignature, Origin, Signer, SignerError, TreeHead, VerifierKey};

/// What a checkpoint says of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogCheckpoint {
    /// Which log.
    pub origin: Origin,
    /// The number of leaves.
    pub size: u64,
    /// The root hash over them.
    pub root: Hash,
    /// Further lines, opaque and not recommended; none of them empty.
    pub extensions: Vec<String>,
}

impl LogCheckpoint {
    /// Reads a checkpoint's text, which ends in a newline.
    ///
    /// # Errors
    /// [`Error::Checkpoint`], or what is wrong with one of its lines.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refused = |reason| Error::Checkpoint { reason };
        let mut lines = text.strip_suffix('\n').ok_or(refused("its last line is cut off"))?.split('\n');
        let mut next = || lines.next().ok_or(refused("it has fewer than three lines"));
        let origin = next()?.parse()?;
        let size = parse_decimal(next()?)?;
        let root = next()?.parse()?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(refused("an extension line is empty"));
        }
        Ok(Self { origin, size, root, extensions })
    }

    /// The size and the root.
    #[must_use]
    pub const fn tree(&self) -> TreeHead {
        TreeHead { size: self.size, root: self.root }
    }
}

impl fmt::Display for LogCheckpoint {
    /// The text that is signed, with its final newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// A checkpoint with its signatures, as it is kept and served. `Display` gives back exactly the
/// bytes that were parsed.
///
/// ```
/// use annals_tlog::{Hash, LogCheckpoint, Origin, SignedCheckpoint, Signer, SigningKey};
///
/// let origin: Origin = "example.com/log42".parse()?;
/// let key = SigningKey::from_seed(origin.clone().into(), &[7; 32]);
/// let empty = LogCheckpoint { origin, size: 0, root: Hash::EMPTY_ROOT, extensions: Vec::new() };
/// let signed = SignedCheckpoint::sign(&empty, &key)?;
///
/// let received = SignedCheckpoint::parse(signed.to_string().as_bytes())?;
/// assert_eq!(received.verify([key.verifier_key()])?, &empty);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    note: Note,
    checkpoint: LogCheckpoint,
}

impl SignedCheckpoint {
    /// Signs a checkpoint. Whoever calls this vouches that it extends everything the log ever
    /// signed; this crate keeps no state and cannot know.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] if an extension line is empty or not one line;
    /// [`Error::ForeignCheckpoint`] if the key bears another name than the log; whatever the
    /// signer fails with.
    pub fn sign(checkpoint: &LogCheckpoint, signer: &(impl Signer + ?Sized)) -> Result<Self, SignerError> {
        must_be_of(&checkpoint.origin, signer.verifier_key())?;
        let text = checkpoint.to_string();
        if LogCheckpoint::parse(&text)? != *checkpoint {
            return Err(Error::Checkpoint { reason: "an extension is not one line" }.into());
        }
        Ok(Self { note: Note::sign(text, signer)?, checkpoint: checkpoint.clone() })
    }

    /// Reads a signed checkpoint, without verifying anything.
    ///
    /// # Errors
    /// What is wrong with the note or with its text.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let note = Note::parse(bytes)?;
        let checkpoint = LogCheckpoint::parse(note.text())?;
        Ok(Self { note, checkpoint })
    }

    /// Verifies that one of the log's keys signed, and returns what it signed. There are several
    /// keys where the log's key was rotated; those of witnesses are of another type and are asked
    /// with [`CosignerKey::verify`](crate::CosignerKey::verify).
    ///
    /// # Errors
    /// [`Error::NotSignedBy`] or [`Error::InvalidSignature`]; [`Error::ForeignCheckpoint`] if the
    /// checkpoint is of another log than a key that signed it.
    pub fn verify<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k VerifierKey>,
    ) -> Result<&LogCheckpoint, Error> {
        let signed = self.note.verify(keys)?;
        signed.into_iter().try_for_each(|key| must_be_of(&self.checkpoint.origin, key))?;
        Ok(&self.checkpoint)
    }

    /// What the checkpoint claims. It proves nothing until [`Self::verify`] succeeded.
    #[must_use]
    pub const fn unverified(&self) -> &LogCheckpoint {
        &self.checkpoint
    }

    /// The note.
    #[must_use]
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// Adds a signature: that of a second key during rotation, or that of a witness.
    ///
    /// # Errors
    /// [`Error::TooManySignatures`].
    pub fn add_signature(&mut self, signature: NoteSignature) -> Result<(), Error> {
        self.note.add_signature(signature)
    }
}

/// Refuses a key of another name than the log's. The name of a key is not part of what it signs,
/// so without this a key that serves two logs would vouch for one with the head of the other.
fn must_be_of(origin: &Origin, key: &VerifierKey) -> Result<(), Error> {
    if origin.key_name() == key.name() {
        Ok(())
    } else {
        Err(Error::ForeignCheckpoint { origin: origin.clone(), key: key.name().clone() })
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}
