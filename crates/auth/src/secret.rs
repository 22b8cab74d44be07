use std::fmt;

use zeroize::Zeroizing;

use crate::AuthError;

/// A secret that several servers may share. It is wiped from memory, and never printed.
#[derive(Clone)]
pub struct SharedSecret(Zeroizing<Vec<u8>>);

impl SharedSecret {
    /// The shortest that RFC 7518 section 3.2 allows for HS256.
    pub const BYTES_MIN: usize = 32;

    /// Takes the bytes as they are.
    ///
    /// # Errors
    /// [`AuthError::SecretTooShort`] below [`Self::BYTES_MIN`].
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, AuthError> {
        let bytes = Zeroizing::new(bytes.into());
        if bytes.len() < Self::BYTES_MIN {
            return Err(AuthError::SecretTooShort { bytes: bytes.len() });
        }
        Ok(Self(bytes))
    }

    /// Takes the bytes of a text, without the space around it that editors and shells leave.
    ///
    /// # Errors
    /// [`AuthError::SecretTooShort`] below [`Self::BYTES_MIN`].
    pub fn from_text(text: &str) -> Result<Self, AuthError> {
        Self::new(text.trim())
    }

    /// A secret that nobody else knows, and that is gone with the process.
    ///
    /// # Errors
    /// [`AuthError::NoRandomness`].
    pub fn random() -> Result<Self, AuthError> {
        crate::random::bytes::<{ Self::BYTES_MIN }>().map(|bytes| Self(Zeroizing::new(bytes.to_vec())))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSecret(not shown)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_can_be_guessed_is_refused() {
        assert_eq!(SharedSecret::new([7; 31]).unwrap_err(), AuthError::SecretTooShort { bytes: 31 });
        assert!(SharedSecret::from_text(&format!(" {} \n", "x".repeat(31))).is_err());
        assert!(SharedSecret::new([7; 32]).is_ok());
    }

    #[test]
    fn a_secret_is_never_printed() {
        let secret = SharedSecret::from_text("correct horse battery staple, twice over").expect("a secret");
        assert!(!format!("{secret:?}").contains("horse"));
    }

    #[test]
    fn two_random_secrets_differ() {
        let (one, other) = (SharedSecret::random().expect("one"), SharedSecret::random().expect("another"));
        assert_ne!(one.bytes(), other.bytes());
    }
}
