//! What is let in and what is not, seen from outside.

mod attacks;
mod claims;
mod codes;
mod issuer;
mod jwks;
mod key_server;
mod keys;
mod mint;
mod provider;
mod sessions;
mod test_clock;
