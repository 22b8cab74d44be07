use std::fmt;

use ring::{hmac, signature};

use super::Algorithm;
use crate::SharedSecret;

/// The bits of the smallest RSA modulus that is trusted (RFC 7518 section 3.3).
const RSA_BITS_MIN: usize = 2_048;

/// The bits of the largest, which bound what checking a signature costs.
const RSA_BITS_MAX: usize = 8_192;

/// A key, and with it the only algorithm that it is used for.
pub(crate) enum VerifyingKey {
    Secret(hmac::Key),
    Rsa(signature::RsaPublicKeyComponents<Vec<u8>>),
    /// An uncompressed point of the curve P-256.
    P256(signature::UnparsedPublicKey<Vec<u8>>),
    Ed25519(signature::UnparsedPublicKey<Vec<u8>>),
}

impl VerifyingKey {
    pub(crate) fn secret(secret: &SharedSecret) -> Self {
        Self::Secret(hmac::Key::new(hmac::HMAC_SHA256, secret.bytes()))
    }

    /// An RSA key of modulus and exponent, unsigned and big-endian.
    pub(super) fn rsa(n: &[u8], e: &[u8]) -> Result<Self, &'static str> {
        let (n, e) = (without_leading_zeros(n), without_leading_zeros(e));
        let bits = n.len() * 8 - n.first().map_or(0, |first| first.leading_zeros() as usize);
        if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) {
            return Err("its RSA modulus has fewer than 2,048 or more than 8,192 bits");
        }
        if e.is_empty() || e.len() > 5 {
            return Err("its RSA exponent is none that is in use");
        }
        Ok(Self::Rsa(signature::RsaPublicKeyComponents { n: n.to_vec(), e: e.to_vec() }))
    }

    /// A point of the curve P-256 as SEC 1 section 2.3.3 writes it, uncompressed.
    pub(super) fn p256(point: &[u8]) -> Result<Self, &'static str> {
        if point.len() != 65 || point.first() != Some(&4) {
            return Err("its point on P-256 is not two coordinates of 32 bytes");
        }
        let algorithm = &signature::ECDSA_P256_SHA256_FIXED;
        Ok(Self::P256(signature::UnparsedPublicKey::new(algorithm, point.to_vec())))
    }

    pub(super) fn ed25519(key: &[u8]) -> Result<Self, &'static str> {
        if key.len() != 32 {
            return Err("its Ed25519 key does not have 32 bytes");
        }
        Ok(Self::Ed25519(signature::UnparsedPublicKey::new(&signature::ED25519, key.to_vec())))
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        match self {
            Self::Secret(_) => Algorithm::Hs256,
            Self::Rsa(_) => Algorithm::Rs256,
            Self::P256(_) => Algorithm::Es256,
            Self::Ed25519(_) => Algorithm::EdDsa,
        }
    }

    /// Whether `signature` is this key's over `signed`. Secrets are compared in constant time.
    pub(crate) fn verifies(&self, signed: &[u8], signature: &[u8]) -> bool {
        let verified = match self {
            Self::Secret(key) => hmac::verify(key, signed, signature),
            Self::Rsa(key) => key.verify(&signature::RSA_PKCS1_2048_8192_SHA256, signed, signature),
            Self::P256(key) | Self::Ed25519(key) => key.verify(signed, signature),
        };
        verified.is_ok()
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.algorithm().as_str())
    }
}

fn without_leading_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}
