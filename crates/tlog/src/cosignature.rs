//! Cosignatures: a witness saw this head, and it extends all that it saw before (C2SP
//! tlog-cosignature, version 1, Ed25519).

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, Signer, VerifyingKey};

use crate::note::{SignatureType, format_vkey, parse_vkey};
use crate::{Error, KeyId, KeyName, NoteSignature, SignedCheckpoint};

/// A witness's public key. Its text is a vkey of type 0x04.
#[derive(Clone, PartialEq, Eq)]
pub struct CosignerKey {
    name: KeyName,
    id: KeyId,
    key: VerifyingKey,
}

/// A witness's private key. It is wiped from memory when dropped, and must not be a log's key.
pub struct CosigningKey {
    cosigner_key: CosignerKey,
    secret: ed25519_dalek::SigningKey,
}

impl CosignerKey {
    /// The name of the witness.
    #[must_use]
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// Verifies this witness's cosignature of a checkpoint and returns when it was made, in
    /// seconds since 1970; of several the latest.
    ///
    /// # Errors
    /// [`Error::NotSignedBy`] if this witness did not cosign; [`Error::InvalidSignature`] or
    /// [`Error::CosignatureTime`] if a cosignature that names this key does not verify.
    pub fn verify(&self, checkpoint: &SignedCheckpoint) -> Result<u64, Error> {
        let note = checkpoint.note();
        let its_own = note.signatures().iter().filter(|s| s.name == self.name && s.key_id == self.id);
        let mut latest = None;
        for signature in its_own {
            latest = latest.max(Some(self.verify_signature(note.text(), signature)?));
        }
        latest.ok_or_else(|| Error::NotSignedBy { keys: self.to_string() })
    }

    fn verify_signature(&self, text: &str, signature: &NoteSignature) -> Result<u64, Error> {
        let invalid = || Error::InvalidSignature { key: self.name.clone(), id: self.id };
        let (time, signature) = signature.bytes.split_first_chunk::<8>().ok_or_else(invalid)?;
        let time = u64::from_be_bytes(*time);
        let message = cosigned_message(text, time)?;
        let signature = Signature::from_slice(signature).map_err(|_| invalid())?;
        self.key.verify_strict(message.as_bytes(), &signature).map_err(|_| invalid())?;
        Ok(time)
    }
}

impl CosigningKey {
    /// The key that follows from 32 random bytes (RFC 8032 section 5.1.5).
    #[must_use]
    pub fn from_seed(name: KeyName, seed: &[u8; 32]) -> Self {
        let secret = ed25519_dalek::SigningKey::from_bytes(seed);
        let key = secret.verifying_key();
        let id = KeyId::of(&name, SignatureType::CosignatureV1, key.as_bytes());
        Self { cosigner_key: CosignerKey { name, id, key }, secret }
    }

    /// The public half.
    #[must_use]
    pub const fn cosigner_key(&self) -> &CosignerKey {
        &self.cosigner_key
    }

    /// Cosigns a checkpoint at a time in seconds since 1970. Whoever calls this vouches that the
    /// checkpoint is consistent with every earlier one of its log.
    ///
    /// # Errors
    /// [`Error::CosignatureTime`] if the time exceeds 2^63 - 1.
    pub fn cosign(&self, checkpoint: &SignedCheckpoint, time_s: u64) -> Result<NoteSignature, Error> {
        let message = cosigned_message(checkpoint.note().text(), time_s)?;
        let signature = self.secret.sign(message.as_bytes()).to_bytes();
        Ok(NoteSignature {
            name: self.cosigner_key.name.clone(),
            key_id: self.cosigner_key.id,
            bytes: [time_s.to_be_bytes().as_slice(), &signature].concat(),
        })
    }
}

/// What a witness signs (tlog-cosignature, "Ed25519 signed message").
fn cosigned_message(text: &str, time_s: u64) -> Result<String, Error> {
    if i64::try_from(time_s).is_err() {
        return Err(Error::CosignatureTime);
    }
    Ok(format!("cosignature/v1\ntime {time_s}\n{text}"))
}

impl FromStr for CosignerKey {
    type Err = Error;

    /// Reads a vkey of type 0x04; fails with [`Error::VerifierKey`].
    fn from_str(text: &str) -> Result<Self, Error> {
        let (name, id, key) = parse_vkey(text, SignatureType::CosignatureV1)?;
        Ok(Self { name, id, key })
    }
}

impl fmt::Display for CosignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format_vkey(&self.name, self.id, &self.key, SignatureType::CosignatureV1))
    }
}

impl fmt::Debug for CosignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CosignerKey({self})")
    }
}

impl fmt::Debug for CosigningKey {
    /// Shows the public half only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CosigningKey").field("cosigner_key", &self.cosigner_key).finish_non_exhaustive()
    }
}
