use form_urlencoded::Serializer;
use serde::Deserialize;

use super::{Intent, ProviderOptions};
use crate::remote::{HttpClient, Location};

/// Where a provider's parts are (OpenID Connect Discovery 1.0 section 3).
pub(super) struct Discovered {
    authorization: Location,
    pub(super) token: Location,
    pub(super) keys: Location,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
}

impl Discovered {
    /// Asks the provider; in words, what was in the way.
    pub(super) async fn fetch(client: &HttpClient, issuer: &Location, name: &str) -> Result<Self, String> {
        let url = format!("{}/.well-known/openid-configuration", issuer.to_string().trim_end_matches('/'));
        let location = Location::parse(&url).map_err(|error| error.to_string())?;
        let body = client.get(&location).await?;
        let document: Document = serde_json::from_slice(&body)
            .map_err(|error| format!("it does not say where its parts are: {error}"))?;
        // Section 4.3: who answers under another name is somebody else.
        if document.issuer != name {
            return Err(format!("it calls itself {:?}; configure exactly that name", document.issuer));
        }
        let part = |url: &str| Location::parse(url).map_err(|error| error.to_string());
        Ok(Self {
            authorization: part(&document.authorization_endpoint)?,
            token: part(&document.token_endpoint)?,
            keys: part(&document.jwks_uri)?,
        })
    }

    /// Where the browser goes to be asked who she is.
    pub(super) fn authorization_url(&self, options: &ProviderOptions, intent: &Intent) -> String {
        let scopes: Vec<&str> =
            std::iter::once("openid").chain(options.scopes.iter().map(String::as_str)).collect();
        let query = Serializer::new(String::new())
            .append_pair("response_type", "code")
            .append_pair("client_id", &options.client_id)
            .append_pair("redirect_uri", &options.redirect_url)
            .append_pair("scope", &scopes.join(" "))
            .append_pair("state", intent.state())
            .append_pair("nonce", intent.nonce())
            .append_pair("code_challenge", &intent.code_challenge())
            .append_pair("code_challenge_method", "S256")
            .finish();
        let base = self.authorization.to_string();
        let joint = if base.contains('?') { '&' } else { '?' };
        format!("{base}{joint}{query}")
    }
}
