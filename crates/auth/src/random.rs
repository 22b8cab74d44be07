//! Bytes that nobody can predict. They do not come in as a parameter: a nonce that a test could repeat would
//! break the seal that it is for.

use ring::rand::{SecureRandom, SystemRandom};

use crate::AuthError;

pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], AuthError> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| AuthError::NoRandomness)?;
    Ok(bytes)
}
