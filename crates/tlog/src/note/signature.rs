//! One signature line of a note, and the id of the key that made it.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};

use crate::{Error, KeyName};

/// What every signature line starts with: an em dash and a space.
const LEAD: &str = "\u{2014} ";

/// Four bytes that tell keys of one name apart. They identify, and prove nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId(pub [u8; 4]);

/// The signature types of signed-note, "Signature types", that are understood here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignatureType {
    /// Ed25519 over the note's text.
    Ed25519 = 0x01,
    /// A witness's Ed25519 over a time and the note's text (tlog-cosignature).
    CosignatureV1 = 0x04,
}

/// One signature of a note, by a key that may or may not be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key.
    pub name: KeyName,
    /// The id of the key.
    pub key_id: KeyId,
    /// The signature itself, without the key's id; what it holds depends on the key's type.
    pub bytes: Vec<u8>,
}

impl KeyId {
    /// The first four bytes of SHA-256(name ‖ newline ‖ signature type ‖ public key), as
    /// signed-note, "Signatures", recommends.
    pub(crate) fn of(name: &KeyName, signature_type: SignatureType, public_key: &[u8; 32]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(name.as_str());
        hasher.update([b'\n', signature_type as u8]);
        hasher.update(public_key);
        let digest: [u8; 32] = hasher.finalize().into();
        let [a, b, c, d, ..] = digest;
        Self([a, b, c, d])
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

impl fmt::Display for NoteSignature {
    /// The signature line, without its newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blob = [self.key_id.0.as_slice(), &self.bytes].concat();
        write!(f, "{LEAD}{} {}", self.name, BASE64.encode(blob))
    }
}

impl FromStr for NoteSignature {
    type Err = Error;

    /// Reads a signature line without its newline; fails with [`Error::SignatureLine`].
    fn from_str(line: &str) -> Result<Self, Error> {
        let malformed = || Error::SignatureLine { line: line.chars().take(80).collect() };
        let (name, blob) =
            line.strip_prefix(LEAD).and_then(|rest| rest.split_once(' ')).ok_or_else(malformed)?;
        let name = name.parse().map_err(|_| malformed())?;
        let blob = BASE64.decode(blob).map_err(|_| malformed())?;
        let (key_id, bytes) = blob.split_first_chunk::<4>().ok_or_else(malformed)?;
        if bytes.is_empty() {
            return Err(malformed());
        }
        Ok(Self { name, key_id: KeyId(*key_id), bytes: bytes.to_vec() })
    }
}
