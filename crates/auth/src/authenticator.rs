use std::sync::Arc;

use annals_store::Clock;

use crate::key::{KeySet, NamedKey, VerifyingKey};
use crate::remote::{HttpClient, Location, RemoteKeys};
use crate::token::{Expectations, TokenVerifier, TrustedKeys};
use crate::{
    AuthError, AuthOptions, Caller, KeySource, KeysStatus, Provider, Sessions, SharedSecret, SignInCodes,
};

/// Knows callers: by tokens, by sessions, by codes. Copies are the same one.
#[derive(Clone)]
pub struct Authenticator {
    inner: Arc<Inner>,
}

struct Inner {
    tokens: TokenVerifier,
    sessions: Sessions,
    /// The secret of the sessions where none is configured, which nobody else knows.
    own_secret: Option<SharedSecret>,
    codes: Arc<SignInCodes>,
    provider: Option<Provider>,
}

impl Authenticator {
    /// Knows callers as `options` say. Keys of an issuer are fetched when the first token comes, or by
    /// [`Self::prepare`].
    ///
    /// # Errors
    /// [`AuthError::KeyUnusable`], [`AuthError::UrlRefused`] and [`AuthError::Misconfigured`] name what is wrong with
    /// the options.
    pub fn new(options: &AuthOptions, clock: Arc<dyn Clock>) -> Result<Self, AuthError> {
        let own_secret = match options.sessions.secret {
            Some(_) => None,
            None => Some(SharedSecret::random()?),
        };
        Self::with(options, own_secret, Arc::new(SignInCodes::new(clock.clone())), clock)
    }

    /// One in the place of this one, which knows callers as `options` say. Codes of sign-in links stay good, and so do
    /// sessions where no secret is configured for them, before and now.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn succeeded_by(&self, options: &AuthOptions, clock: Arc<dyn Clock>) -> Result<Self, AuthError> {
        let own_secret = match (&options.sessions.secret, &self.inner.own_secret) {
            (Some(_), _) => None,
            (None, Some(own)) => Some(own.clone()),
            // The one that was configured may have become known to somebody.
            (None, None) => Some(SharedSecret::random()?),
        };
        Self::with(options, own_secret, self.inner.codes.clone(), clock)
    }

    fn with(
        options: &AuthOptions,
        own_secret: Option<SharedSecret>,
        codes: Arc<SignInCodes>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AuthError> {
        let tokens = TokenVerifier {
            keys: trusted_keys(options, &clock)?,
            expected: Expectations {
                issuer: options.issuer.clone(),
                audience: options.audience.clone(),
                leeway: options.leeway,
                pointers: options.pointers.clone(),
                logs_by_default: options.logs_by_default.clone(),
            },
            token_bytes_max: options.token_bytes_max,
            clock: clock.clone(),
        };
        let secret = own_secret.clone().or_else(|| options.sessions.secret.clone());
        let secret = secret.map_or_else(SharedSecret::random, Ok)?;
        let sessions = Sessions::new(&secret, options.sessions.lifetime, clock.clone())?;
        let provider = options.provider.as_ref();
        let provider = provider.map(|provider| Provider::new(provider, options, &secret, clock));
        let provider = provider.transpose()?;
        Ok(Self { inner: Arc::new(Inner { tokens, sessions, own_secret, codes, provider }) })
    }

    /// Fetches the issuer's keys, so that a mistake is seen at the start and no caller waits.
    ///
    /// # Errors
    /// [`AuthError::KeysUnavailable`]. It is not the end: they are asked for again when a token comes.
    pub async fn prepare(&self) -> Result<(), AuthError> {
        match &self.inner.tokens.keys {
            TrustedKeys::Fixed(_) => Ok(()),
            TrustedKeys::Remote(remote) => remote.keys().await.map(drop),
        }
    }

    /// Who comes with `token`, the part of `Authorization` behind `Bearer`.
    ///
    /// # Errors
    /// An [`AuthError`] that says why the token is not believed.
    pub async fn authenticate(&self, token: &str) -> Result<Caller, AuthError> {
        self.inner.tokens.caller(token).await
    }

    /// The sessions of browsers.
    #[must_use]
    pub fn sessions(&self) -> &Sessions {
        &self.inner.sessions
    }

    /// The codes of sign-in links.
    #[must_use]
    pub fn codes(&self) -> &SignInCodes {
        &self.inner.codes
    }

    /// The identity provider, where one is configured.
    #[must_use]
    pub fn provider(&self) -> Option<&Provider> {
        self.inner.provider.as_ref()
    }

    /// How well the issuer's keys are known; `None` when the keys are configured here.
    #[must_use]
    pub fn keys_status(&self) -> Option<KeysStatus> {
        match &self.inner.tokens.keys {
            TrustedKeys::Fixed(_) => None,
            TrustedKeys::Remote(remote) => Some(remote.status()),
        }
    }
}

impl std::fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authenticator").field("keys", &self.keys_status()).finish_non_exhaustive()
    }
}

fn trusted_keys(options: &AuthOptions, clock: &Arc<dyn Clock>) -> Result<TrustedKeys, AuthError> {
    let keys = match &options.keys {
        KeySource::SharedSecret(secret) => vec![NamedKey { kid: None, key: VerifyingKey::secret(secret) }],
        KeySource::PublicKeys(keys) => public_keys(keys)?,
        KeySource::Jwks(jwks) => {
            if options.issuer.is_none() || options.audience.is_none() {
                let what = "with the keys of an issuer, configure issuer and audience as well: it signs the tokens of \
                            all its services with them";
                return Err(AuthError::Misconfigured { what });
            }
            let location = Location::parse(&jwks.url)?;
            let client = HttpClient::new(&jwks.authorities)?;
            let remote = RemoteKeys::new(location, client, jwks.refresh_every, clock.clone());
            return Ok(TrustedKeys::Remote(Box::new(remote)));
        }
    };
    Ok(TrustedKeys::Fixed(KeySet::new(keys)))
}

fn public_keys(pems: &[crate::PublicKeyPem]) -> Result<Vec<NamedKey>, AuthError> {
    if pems.is_empty() || pems.len() > KeySet::KEYS_MAX {
        let what = "configure at least one public key, and at most 64";
        return Err(AuthError::Misconfigured { what });
    }
    let keys: Vec<NamedKey> = pems.iter().map(crate::PublicKeyPem::key).collect::<Result<_, _>>()?;
    let mut names: Vec<&str> = keys.iter().filter_map(|named| named.kid.as_deref()).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(AuthError::Misconfigured {
            what: "two public keys have the same name (kid); rename one",
        });
    }
    Ok(keys)
}
