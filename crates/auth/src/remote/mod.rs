//! What is asked of others over HTTP: an issuer's keys.

mod client;
mod keys;
mod location;

pub(crate) use client::HttpClient;
pub use keys::KeysStatus;
pub(crate) use keys::RemoteKeys;
pub(crate) use location::Location;
