//! Private keys, and whatever else can sign.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::Signer as _;
use zeroize::Zeroizing;

use super::key_text::KeyText;
use super::signature::{NoteSignature, SignatureType};
use super::verifier_key::VerifierKey;
use crate::{Error, KeyName};

/// What the text of every signing key starts with, so that scanners for leaked secrets find it.
const LEAD: &str = "PRIVATE+KEY+";

/// Something that signs the texts of notes: a key in memory, an agent, a key management service.
pub trait Signer {
    /// The key that verifies what this signer signs.
    fn verifier_key(&self) -> &VerifierKey;

    /// Signs a note's text.
    ///
    /// # Errors
    /// [`SignerError::Unavailable`] if the key cannot be reached or used.
    fn sign(&self, text: &[u8]) -> Result<NoteSignature, SignerError>;
}

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    /// The text cannot be a note.
    #[error(transparent)]
    Note(#[from] Error),
    /// The key could not be reached or used.
    #[error("the signing key cannot be used now; nothing was signed")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The private half of an Ed25519 key that signs notes. It is wiped from memory when dropped.
///
/// Its text is `PRIVATE+KEY+name+id+base64(0x01 ‖ seed)`, as other tools for signed notes write it.
///
/// ```
/// use annals_tlog::{Note, Signer, SigningKey};
///
/// let key = SigningKey::from_seed("example.com/log42".parse()?, &[7; 32]);
/// let note = Note::sign("If it is not signed, it did not happen.\n", &key)?;
/// let received = Note::parse(note.to_string().as_bytes())?;
/// received.verify([key.verifier_key()])?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SigningKey {
    verifier_key: VerifierKey,
    secret: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// The key that follows from 32 random bytes (RFC 8032 section 5.1.5).
    #[must_use]
    pub fn from_seed(name: KeyName, seed: &[u8; 32]) -> Self {
        let secret = ed25519_dalek::SigningKey::from_bytes(seed);
        let verifier_key = VerifierKey::of_secret(name, &secret);
        Self { verifier_key, secret }
    }

    /// The text form, to be written to a key file. It is wiped from memory when dropped.
    #[must_use]
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        let text = KeyText {
            name: self.verifier_key.name().clone(),
            id: self.verifier_key.id(),
            key: Zeroizing::new(self.secret.to_bytes()),
        };
        let text = text.format(SignatureType::Ed25519);
        Zeroizing::new([LEAD, &text].concat())
    }
}

impl Signer for SigningKey {
    fn verifier_key(&self) -> &VerifierKey {
        &self.verifier_key
    }

    fn sign(&self, text: &[u8]) -> Result<NoteSignature, SignerError> {
        Ok(NoteSignature {
            name: self.verifier_key.name().clone(),
            key_id: self.verifier_key.id(),
            bytes: self.secret.sign(text).to_bytes().to_vec(),
        })
    }
}

impl FromStr for SigningKey {
    type Err = Error;

    /// Reads the text form; fails with [`Error::SigningKey`], which never repeats the text.
    fn from_str(text: &str) -> Result<Self, Error> {
        let refused = |reason| Error::SigningKey { reason };
        let text = text.strip_prefix(LEAD).ok_or(refused("it does not start with PRIVATE+KEY+"))?;
        let parsed = KeyText::parse(text, SignatureType::Ed25519).map_err(refused)?;
        let key = Self::from_seed(parsed.name, &parsed.key);
        if key.verifier_key.id() == parsed.id {
            Ok(key)
        } else {
            Err(refused("its id is not that of its name and key"))
        }
    }
}

impl fmt::Debug for SigningKey {
    /// Shows the public half only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("verifier_key", &self.verifier_key).finish_non_exhaustive()
    }
}
