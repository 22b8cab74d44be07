use std::fmt;
use std::time::Duration;

use rustls_pki_types::CertificateDer;
use zeroize::Zeroizing;

/// With whom people sign in, and as whose client.
#[derive(Debug, Clone)]
pub struct ProviderOptions {
    /// The provider's issuer, exactly as it calls itself: `https://…`, or `http://…` on this machine.
    pub issuer: String,
    /// By which name the provider knows this server.
    pub client_id: String,
    /// What proves that it is this server; `None` for a client that is known as public.
    pub client_secret: Option<ClientSecret>,
    /// Where the provider sends browsers back to: this server's address with the path `/session/callback`.
    pub redirect_url: String,
    /// What is asked for. `openid` is always.
    pub scopes: Vec<String>,
    /// How often the provider's keys are fetched anew. Five minutes by default.
    pub refresh_every: Duration,
    /// Certificate authorities that are trusted beside those of the operating system.
    pub authorities: Vec<CertificateDer<'static>>,
}

/// The secret of a client, as a provider gave it out. It is wiped from memory, and never printed.
#[derive(Clone)]
pub struct ClientSecret(Zeroizing<String>);

impl ProviderOptions {
    /// The defaults, for a client that is known as public.
    #[must_use]
    pub fn new(
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        redirect_url: impl Into<String>,
    ) -> Self {
        Self {
            issuer: issuer.into(),
            client_id: client_id.into(),
            client_secret: None,
            redirect_url: redirect_url.into(),
            scopes: Vec::new(),
            refresh_every: Duration::from_secs(300),
            authorities: Vec::new(),
        }
    }
}

impl ClientSecret {
    /// Takes the text, without the space around it.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self(Zeroizing::new(text.trim().to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(not shown)")
    }
}
