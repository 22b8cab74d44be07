//! Signing in with an identity provider: OpenID Connect Core 1.0 section 3.1 (the code flow), with the proof key of
//! RFC 7636 and the issuer in the answer of RFC 9207.
//!
//! Nothing is kept here between the two halves of a sign-in: what the second has to know is sealed in a cookie that the
//! browser brings back.

mod discovery;
mod exchange;
mod intent;
mod options;

use std::sync::Arc;

use annals_store::Clock;
use tokio::sync::OnceCell;

use crate::caller::Credential;
use crate::remote::{HttpClient, Location, RemoteKeys};
use crate::session::{Seal, Transport};
use crate::token::{Expectations, TokenVerifier, TrustedKeys};
use crate::{AuthError, AuthOptions, Caller, SharedSecret};
use discovery::Discovered;
use exchange::Exchange;
use intent::Intent;
pub use options::{ClientSecret, ProviderOptions};

/// Sends people to an identity provider, and knows them when they come back.
pub struct Provider {
    options: ProviderOptions,
    issuer: Location,
    client: HttpClient,
    seal: Seal,
    expected: Expectations,
    token_bytes_max: usize,
    clock: Arc<dyn Clock>,
    ready: OnceCell<Ready>,
}

/// What is known once the provider has said where its parts are.
struct Ready {
    discovered: Discovered,
    tokens: TokenVerifier,
}

/// A sign-in that has begun.
pub struct Departure {
    /// Where the browser goes now.
    pub location: String,
    /// What the browser keeps until it comes back: the value of a cookie. It is a secret.
    pub cookie: String,
}

/// With what the browser comes back.
#[derive(Debug, Clone, Default)]
pub struct Callback {
    /// `code`: what the identity token is asked for with.
    pub code: Option<String>,
    /// `state`: what was sent along.
    pub state: Option<String>,
    /// `iss`: who sent the browser back, where the provider says so.
    pub issuer: Option<String>,
    /// `error`: why the provider signs nobody in.
    pub error: Option<String>,
}

/// Who came back, and where she was going.
#[derive(Debug)]
pub struct Arrival {
    /// Who she is.
    pub caller: Caller,
    /// The page that she wanted to see: a path on this server.
    pub return_to: String,
}

impl Provider {
    pub(crate) fn new(
        options: &ProviderOptions,
        auth: &AuthOptions,
        secret: &SharedSecret,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AuthError> {
        Location::parse(&options.redirect_url)?;
        Ok(Self {
            issuer: Location::parse(&options.issuer)?,
            client: HttpClient::new(&options.authorities)?,
            seal: Seal::new(secret, b"annals sign-in v1")?,
            expected: Expectations {
                issuer: Some(options.issuer.clone()),
                audience: Some(options.client_id.clone()),
                leeway: auth.leeway,
                pointers: auth.pointers.clone(),
                logs_by_default: auth.logs_by_default.clone(),
            },
            token_bytes_max: auth.token_bytes_max,
            options: options.clone(),
            clock,
            ready: OnceCell::new(),
        })
    }

    /// How browsers reach the callback, and so whether the cookie of a sign-in needs TLS.
    #[must_use]
    pub fn transport(&self) -> Transport {
        if self.options.redirect_url.starts_with("https:") { Transport::Tls } else { Transport::Plain }
    }

    /// Begins a sign-in, after which the browser goes to `return_to`, a path on this server.
    ///
    /// # Errors
    /// [`AuthError::ProviderUnavailable`] when the provider cannot be asked where its parts are, and
    /// [`AuthError::NoRandomness`].
    pub async fn begin(&self, return_to: &str) -> Result<Departure, AuthError> {
        let ready = self.ready().await?;
        let intent = Intent::new(return_to, self.clock.now())?;
        let location = ready.discovered.authorization_url(&self.options, &intent);
        Ok(Departure { location, cookie: self.seal.seal(&intent.to_json())? })
    }

    /// Ends a sign-in: exchanges the code for an identity token, and believes it when it is the answer to what
    /// [`Self::begin`] asked.
    ///
    /// # Errors
    /// [`AuthError::SignInFailed`] when the browser comes back with something else, [`AuthError::ProviderUnavailable`],
    /// and whatever may be wrong with a token.
    pub async fn finish(&self, cookie: &str, callback: &Callback) -> Result<Arrival, AuthError> {
        let intent = self.seal.open(cookie).and_then(|json| Intent::read(&json, self.clock.now()));
        let intent = intent.ok_or_else(|| failed("it took too long, or began in another browser"))?;
        let code = self.code_of(callback, &intent)?;
        let ready = self.ready().await?;
        let exchange = Exchange { client: &self.client, options: &self.options };
        let token = exchange.identity_token(&ready.discovered, code, &intent).await?;
        let claims = ready.tokens.claims(&token).await?;
        if !intent.is_answered_by(claims.text("nonce")?) {
            return Err(failed("the identity token is the answer to another sign-in"));
        }
        if claims.text("azp")?.is_some_and(|party| party != self.options.client_id) {
            return Err(failed("the identity token was issued to another client"));
        }
        let mut caller = claims.caller(&self.expected, self.clock.now())?;
        caller.credential = Credential::Provider;
        // An identity token tells of a moment; how long the session lasts is not its matter.
        caller.expires = None;
        Ok(Arrival { caller, return_to: intent.into_return_to() })
    }

    /// The code, if the browser comes from where it was sent.
    fn code_of<'a>(&self, callback: &'a Callback, intent: &Intent) -> Result<&'a str, AuthError> {
        if !intent.was_sent_with(callback.state.as_deref()) {
            return Err(failed("the browser comes back from another sign-in"));
        }
        if callback.issuer.as_ref().is_some_and(|issuer| *issuer != self.options.issuer) {
            return Err(failed("the browser comes back from another provider"));
        }
        if let Some(error) = &callback.error {
            let shown: String = error.chars().filter(char::is_ascii_graphic).take(64).collect();
            return Err(failed(&format!("the provider says {shown}")));
        }
        callback.code.as_deref().ok_or_else(|| failed("the provider sent no code"))
    }

    /// Asks the provider, the first time, where its parts are.
    async fn ready(&self) -> Result<&Ready, AuthError> {
        self.ready.get_or_try_init(|| self.discover()).await
    }

    async fn discover(&self) -> Result<Ready, AuthError> {
        let unavailable =
            |reason| AuthError::ProviderUnavailable { issuer: self.options.issuer.clone(), reason };
        let discovered = Discovered::fetch(&self.client, &self.issuer, &self.options.issuer).await;
        let discovered = discovered.map_err(unavailable)?;
        let every = self.options.refresh_every;
        let keys = discovered.keys.clone();
        let remote = RemoteKeys::new(keys, self.client.clone(), every, self.clock.clone());
        let tokens = TokenVerifier {
            keys: TrustedKeys::Remote(Box::new(remote)),
            expected: self.expected.clone(),
            token_bytes_max: self.token_bytes_max,
            clock: self.clock.clone(),
        };
        Ok(Ready { discovered, tokens })
    }
}

fn failed(reason: &str) -> AuthError {
    AuthError::SignInFailed { reason: reason.to_owned() }
}
