use std::fmt;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf;
use zeroize::Zeroizing;

use crate::{AuthError, SharedSecret, base64url, random};

/// Seals what a browser keeps, so that it can neither be read nor altered there. AES-256-GCM with random nonces.
pub(crate) struct Seal {
    key: LessSafeKey,
    /// What the seal is for. What was sealed for one purpose does not open for another.
    purpose: &'static [u8],
}

impl Seal {
    pub(crate) fn new(secret: &SharedSecret, purpose: &'static [u8]) -> Result<Self, AuthError> {
        let bytes = derive(secret, purpose)?;
        let key = UnboundKey::new(&AES_256_GCM, bytes.as_slice()).map_err(|_| UNDERIVED)?;
        Ok(Self { key: LessSafeKey::new(key), purpose })
    }

    /// Base64url of nonce, ciphertext and tag.
    pub(crate) fn seal(&self, plain: &[u8]) -> Result<String, AuthError> {
        let nonce: [u8; NONCE_LEN] = random::bytes()?;
        let mut sealed = plain.to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        let done = self.key.seal_in_place_append_tag(unique, Aad::from(self.purpose), &mut sealed);
        done.map_err(|_| UNDERIVED)?;
        Ok(base64url::encode([nonce.as_slice(), &sealed].concat()))
    }

    /// What was sealed; `None` when it was not sealed here, or altered since.
    pub(crate) fn open(&self, sealed: &str) -> Option<Vec<u8>> {
        let bytes = base64url::decode(sealed)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut plain = sealed.to_vec();
        self.key.open_in_place(nonce, Aad::from(self.purpose), &mut plain).ok().map(|opened| opened.to_vec())
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(not shown)")
    }
}

const UNDERIVED: AuthError =
    AuthError::Misconfigured { what: "no key can be derived from the secret of sessions" };

/// A key of 32 bytes for one purpose (HKDF with SHA-256, RFC 5869).
pub(super) fn derive(secret: &SharedSecret, purpose: &[u8]) -> Result<Zeroizing<[u8; 32]>, AuthError> {
    let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(secret.bytes());
    let mut key = Zeroizing::new([0; 32]);
    let purposes = [purpose];
    let expanded = extracted.expand(&purposes, hkdf::HKDF_SHA256);
    expanded.and_then(|expanded| expanded.fill(key.as_mut_slice())).map_err(|_| UNDERIVED)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(byte: u8) -> SharedSecret {
        SharedSecret::new([byte; 32]).expect("long enough")
    }

    #[test]
    fn what_was_sealed_opens_on_any_server_with_the_same_secret_and_purpose_only() {
        let sealed = Seal::new(&secret(1), b"a").expect("a seal").seal(b"contents").expect("sealed");
        let open = |byte, purpose| Seal::new(&secret(byte), purpose).expect("a seal").open(&sealed);
        assert_eq!(open(1, b"a").as_deref(), Some(b"contents".as_slice()));
        assert_eq!(open(2, b"a"), None);
        assert_eq!(open(1, b"b"), None);
    }

    #[test]
    fn a_sealed_text_that_was_altered_anywhere_does_not_open() {
        let seal = Seal::new(&secret(1), b"a").expect("a seal");
        let sealed = seal.seal(b"contents").expect("sealed");
        let bytes = base64url::decode(&sealed).expect("base64url");
        for at in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            assert_eq!(seal.open(&base64url::encode(altered)), None, "byte {at}");
        }
        for text in ["", "a", "AAAA", "no base64!"] {
            assert_eq!(seal.open(text), None);
        }
    }

    #[test]
    fn sealing_twice_gives_two_texts() {
        let seal = Seal::new(&secret(1), b"a").expect("a seal");
        assert_ne!(seal.seal(b"same").expect("sealed"), seal.seal(b"same").expect("sealed"));
    }
}
