//! Public keys of logs.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, VerifyingKey};
use zeroize::Zeroizing;

use super::key_text::KeyText;
use super::signature::{KeyId, NoteSignature, SignatureType};
use crate::{Error, KeyName};

/// The public half of an Ed25519 key that signs notes, with its name.
///
/// Its text, `name+id+base64(0x01 ‖ key)`, is what the C2SP formats call a *vkey*.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    id: KeyId,
    key: VerifyingKey,
}

impl VerifierKey {
    /// Gives a public key its name.
    ///
    /// # Errors
    /// [`Error::VerifierKey`] if the bytes are not a public key of Ed25519 (RFC 8032).
    pub fn new(name: KeyName, public_key: &[u8; 32]) -> Result<Self, Error> {
        let key = parse_public_key(public_key)?;
        Ok(Self { id: KeyId::of(&name, SignatureType::Ed25519, public_key), name, key })
    }

    /// The public half of a private key.
    pub(super) fn of_secret(name: KeyName, secret: &ed25519_dalek::SigningKey) -> Self {
        let key = secret.verifying_key();
        Self { id: KeyId::of(&name, SignatureType::Ed25519, key.as_bytes()), name, key }
    }

    /// The name of the key; for a log, its origin.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// The id by which signature lines refer to the key.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The public key's 32 bytes (RFC 8032).
    #[must_use]
    pub fn public_key(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Whether a signature says that this key made it.
    #[must_use]
    pub fn is_named_by(&self, signature: &NoteSignature) -> bool {
        self.name == signature.name && self.id == signature.key_id
    }

    /// Verifies a signature that names this key over a note's text.
    ///
    /// # Errors
    /// [`Error::NotSignedBy`] if it names another key; [`Error::InvalidSignature`] if it does not
    /// verify.
    pub fn verify(&self, text: &[u8], signature: &NoteSignature) -> Result<(), Error> {
        if !self.is_named_by(signature) {
            return Err(Error::NotSignedBy { keys: self.to_string() });
        }
        let valid = Signature::from_slice(&signature.bytes)
            .is_ok_and(|signature| self.key.verify_strict(text, &signature).is_ok());
        if valid { Ok(()) } else { Err(Error::InvalidSignature { key: self.name.clone(), id: self.id }) }
    }
}

/// Reads the 32 bytes of an Ed25519 public key.
pub(crate) fn parse_public_key(bytes: &[u8; 32]) -> Result<VerifyingKey, Error> {
    let reason = "its bytes are not a public key of Ed25519";
    VerifyingKey::from_bytes(bytes).map_err(|_| Error::VerifierKey { reason })
}

/// Reads the text of a public key of one type and checks its id.
pub(crate) fn parse_vkey(text: &str, of: SignatureType) -> Result<(KeyName, KeyId, VerifyingKey), Error> {
    let parsed = KeyText::parse(text, of).map_err(|reason| Error::VerifierKey { reason })?;
    let key = parse_public_key(&parsed.key)?;
    if parsed.id != KeyId::of(&parsed.name, of, &parsed.key) {
        return Err(Error::VerifierKey { reason: "its id is not that of its name and key" });
    }
    Ok((parsed.name, parsed.id, key))
}

/// The text of a public key of one type.
pub(crate) fn format_vkey(name: &KeyName, id: KeyId, key: &VerifyingKey, of: SignatureType) -> String {
    let text = KeyText { name: name.clone(), id, key: Zeroizing::new(key.to_bytes()) };
    text.format(of).to_string()
}

impl FromStr for VerifierKey {
    type Err = Error;

    /// Reads a vkey; fails with [`Error::VerifierKey`].
    fn from_str(text: &str) -> Result<Self, Error> {
        let (name, id, key) = parse_vkey(text, SignatureType::Ed25519)?;
        Ok(Self { name, id, key })
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format_vkey(&self.name, self.id, &self.key, SignatureType::Ed25519))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}
