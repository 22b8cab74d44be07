//! Who a caller is and what she may do.
//!
//! An [`Authenticator`] makes a [`Caller`] of a token, a session's cookie or a code that is good once. A caller has
//! roles, each of which gives [`Permission`]s, and the names of the logs that she may use. A [`Mint`] makes tokens where
//! a shared secret is what they are signed with.
//!
//! A key is for exactly one algorithm. What a token says about itself narrows down which keys are tried, and never
//! decides what a key is tried for; so a public key is never taken for a secret, and nothing unsigned is believed.
//!
//! There is no HTTP server, no route and no store here, and nobody is remembered: sessions live in their cookies. What
//! goes out over the network is the question for an issuer's keys.

mod allowed_logs;
mod authenticator;
mod base64url;
mod caller;
mod error;
mod key;
mod options;
mod permission;
mod provider;
mod random;
mod remote;
mod role;
mod secret;
mod session;
mod sign_in_codes;
mod token;

pub use allowed_logs::AllowedLogs;
pub use authenticator::Authenticator;
pub use caller::{Caller, Credential, ReadScope};
pub use error::{AuthError, Remedy};
pub use key::PublicKeyPem;
pub use options::{AuthOptions, JwksOptions, KeySource, SessionOptions};
pub use permission::Permission;
pub use provider::{Arrival, Callback, ClientSecret, Departure, Provider, ProviderOptions};
pub use remote::KeysStatus;
pub use role::{Role, Roles};
pub use rustls_pki_types::CertificateDer;
pub use secret::SharedSecret;
pub use session::{BegunSession, Cookie, Session, Sessions, Transport};
pub use sign_in_codes::{SignInCode, SignInCodes, SignInGrant};
pub use token::{ClaimPointers, Mint, TokenGrant};
