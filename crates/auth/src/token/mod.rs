//! Tokens: JSON Web Tokens (RFC 7519) in the compact form of RFC 7515, read as RFC 8725 advises.

mod claims;
mod compact;
mod mint;
mod pointers;
mod verifier;

pub(crate) use claims::{Claims, Expectations};
pub(crate) use compact::CompactToken;
pub use mint::{Mint, TokenGrant};
pub use pointers::ClaimPointers;
pub(crate) use verifier::{TokenVerifier, TrustedKeys};
