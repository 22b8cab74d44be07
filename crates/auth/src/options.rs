use std::time::Duration;

use rustls_pki_types::CertificateDer;

use crate::{AllowedLogs, ClaimPointers, ProviderOptions, PublicKeyPem, SharedSecret};

/// How callers are known.
#[derive(Debug, Clone)]
pub struct AuthOptions {
    /// By whose signatures tokens are believed.
    pub keys: KeySource,
    /// Who has to have issued a token (`iss`). Needed with [`KeySource::Jwks`].
    pub issuer: Option<String>,
    /// For whom a token has to be meant (`aud`). Needed with [`KeySource::Jwks`], for an issuer signs the tokens of all
    /// its services with the same keys. A token that is meant for somebody is refused where this is `None`.
    pub audience: Option<String>,
    /// By how much the issuer's clock may differ. 30 seconds by default.
    pub leeway: Duration,
    /// Where the claims stand that give roles and logs.
    pub pointers: ClaimPointers,
    /// The logs of a caller whose token says nothing about logs. None by default.
    pub logs_by_default: AllowedLogs,
    /// The longest token that is read, in bytes. 16 KiB by default.
    pub token_bytes_max: usize,
    /// The sessions of browsers.
    pub sessions: SessionOptions,
    /// With whom people sign in. With nobody by default: they paste a token.
    pub provider: Option<ProviderOptions>,
}

/// By whose signatures tokens are believed. What kind of key it is decides which algorithms are accepted.
#[derive(Debug, Clone)]
pub enum KeySource {
    /// HS256, with a secret that whoever makes tokens has as well.
    SharedSecret(SharedSecret),
    /// RS256, ES256 or EdDSA, each as its key is.
    PublicKeys(Vec<PublicKeyPem>),
    /// RS256, ES256 or EdDSA, by keys that the issuer publishes and changes.
    Jwks(JwksOptions),
}

/// Where an issuer publishes its keys (RFC 7517).
#[derive(Debug, Clone)]
pub struct JwksOptions {
    /// `https://…`, or `http://…` on this machine.
    pub url: String,
    /// How often they are fetched anew. Five minutes by default. A key that the issuer takes back is trusted this long.
    pub refresh_every: Duration,
    /// Certificate authorities that are trusted beside those of the operating system.
    pub authorities: Vec<CertificateDer<'static>>,
}

/// The sessions of browsers.
#[derive(Debug, Clone)]
pub struct SessionOptions {
    /// With what cookies are sealed. Servers that stand in for each other need the same one; where there is none,
    /// sessions end with the process.
    pub secret: Option<SharedSecret>,
    /// The longest session; one never outlives the token it began with. Twelve hours by default.
    pub lifetime: Duration,
}

impl AuthOptions {
    /// The defaults, with `keys`.
    #[must_use]
    pub fn new(keys: KeySource) -> Self {
        Self {
            keys,
            issuer: None,
            audience: None,
            leeway: Duration::from_secs(30),
            pointers: ClaimPointers::default(),
            logs_by_default: AllowedLogs::none(),
            token_bytes_max: 16 * 1024,
            sessions: SessionOptions::default(),
            provider: None,
        }
    }
}

impl JwksOptions {
    /// The defaults, with the keys at `url`.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), refresh_every: Duration::from_secs(300), authorities: Vec::new() }
    }
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self { secret: None, lifetime: Duration::from_secs(12 * 3_600) }
    }
}
