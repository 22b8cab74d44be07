//! Keys that a token's signature is checked with. Each is for exactly one algorithm, whatever a token says.

mod algorithm;
mod jwk;
mod key_set;
mod pem;
mod verifying_key;

pub(crate) use algorithm::Algorithm;
pub(crate) use jwk::JwkSet;
pub(crate) use key_set::{KeySet, NamedKey, Verdict};
pub use pem::PublicKeyPem;
pub(crate) use verifying_key::VerifyingKey;
