//! SHA-256 as RFC 6962 section 2.1 uses it: leaves and nodes are told apart by their first byte.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::Error;
use crate::sha256::sha256;

/// Whether nothing is hashed, so that it can be measured what the proof costs; such a build proves nothing. Only
/// `--cfg annals_unproven`, a flag of the compiler, asks for it: a cargo feature could be turned on by another crate.
pub(crate) const UNPROVEN: bool = cfg!(annals_unproven);

/// The first byte of what is hashed into a leaf hash (RFC 6962 section 2.1).
pub(crate) const LEAF_PREFIX: u8 = 0x00;

/// The first byte of what is hashed into a node hash (RFC 6962 section 2.1).
const NODE_PREFIX: u8 = 0x01;

/// A SHA-256 hash: of a leaf, of a node, or of a whole tree.
///
/// `Display` and `FromStr` speak standard base64 with padding, as all C2SP formats do;
/// `{:x}` writes lowercase hex.
///
/// ```
/// use annals_tlog::Hash;
///
/// let empty: Hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=".parse()?;
/// assert_eq!(empty, Hash::EMPTY_ROOT);
/// assert!(format!("{empty:x}").starts_with("e3b0c442"));
/// # Ok::<(), annals_tlog::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; Hash::LEN]);

impl Hash {
    /// The length of a hash in bytes.
    pub const LEN: usize = 32;

    /// The root of the tree without leaves: SHA-256 of nothing (RFC 6962 section 2.1).
    pub const EMPTY_ROOT: Self = Self([
        0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27,
        0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
    ]);

    /// Takes 32 bytes as a hash.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }

    /// The 32 bytes, by value.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; Self::LEN] {
        self.0
    }
}

impl From<[u8; Hash::LEN]> for Hash {
    fn from(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }
}

impl TryFrom<&[u8]> for Hash {
    type Error = Error;

    /// Fails with [`Error::HashLength`] on anything but 32 bytes.
    fn try_from(bytes: &[u8]) -> Result<Self, Error> {
        let bytes = <[u8; Self::LEN]>::try_from(bytes).map_err(|_| Error::HashLength { len: bytes.len() })?;
        Ok(Self(bytes))
    }
}

impl FromStr for Hash {
    type Err = Error;

    /// Reads standard base64 with padding; fails on any other spelling of the same bytes.
    fn from_str(text: &str) -> Result<Self, Error> {
        let bytes = BASE64.decode(text).map_err(|_| Error::Base64)?;
        Self::try_from(bytes.as_slice())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(self.0))
    }
}

impl fmt::LowerHex for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// The hash of a leaf: SHA-256(0x00 ‖ entry), RFC 6962 section 2.1.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(sha256(&[LEAF_PREFIX], entry))
}

/// The hash of a node: SHA-256(0x01 ‖ left ‖ right), RFC 6962 section 2.1.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    if UNPROVEN {
        return Hash([0; 32]);
    }
    Hash(sha256(&[NODE_PREFIX], [left.0, right.0].as_flattened()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_root_is_sha256_of_nothing() {
        let digest = sha256(&[], &[]);
        assert_eq!(Hash::EMPTY_ROOT.to_bytes(), digest);
    }

    #[test]
    fn text_of_another_length_or_spelling_is_refused() {
        assert!(matches!("AAAA".parse::<Hash>(), Err(Error::HashLength { len: 3 })));
        let unpadded = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";
        assert!(matches!(unpadded.parse::<Hash>(), Err(Error::Base64)));
        let stray_bits = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=";
        assert!(matches!(stray_bits.parse::<Hash>(), Err(Error::Base64)));
    }
}
