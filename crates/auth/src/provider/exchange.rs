use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use form_urlencoded::Serializer;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, StatusCode};
use serde::Deserialize;

use super::{ClientSecret, Discovered, Intent, ProviderOptions, failed};
use crate::AuthError;
use crate::remote::HttpClient;

/// Exchanges a code for an identity token (OpenID Connect Core 1.0 section 3.1.3).
pub(super) struct Exchange<'a> {
    pub(super) client: &'a HttpClient,
    pub(super) options: &'a ProviderOptions,
}

#[derive(Deserialize)]
struct Granted {
    id_token: Option<String>,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
}

impl Exchange<'_> {
    pub(super) async fn identity_token(
        &self,
        discovered: &Discovered,
        code: &str,
        intent: &Intent,
    ) -> Result<String, AuthError> {
        let unavailable =
            |reason| AuthError::ProviderUnavailable { issuer: self.options.issuer.clone(), reason };
        let answer = self.client.send(self.request(discovered, code, intent)).await;
        let (status, body) = answer.map_err(unavailable)?;
        if status.is_server_error() {
            return Err(unavailable(format!("it answers {status}")));
        }
        if status != StatusCode::OK {
            let word = serde_json::from_slice::<Refused>(&body).map(|refused| refused.error);
            let word = word.unwrap_or_else(|_| status.to_string());
            let shown: String = word.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(64).collect();
            return Err(failed(&format!("the provider refuses the code: {shown}")));
        }
        let granted = serde_json::from_slice::<Granted>(&body).ok();
        granted
            .and_then(|granted| granted.id_token)
            .ok_or_else(|| failed("the provider gave no identity token"))
    }

    fn request(&self, discovered: &Discovered, code: &str, intent: &Intent) -> Request<Full<Bytes>> {
        let form = Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.options.redirect_url)
            .append_pair("client_id", &self.options.client_id)
            .append_pair("code_verifier", intent.verifier())
            .finish();
        let mut request = Request::new(Full::new(Bytes::from(form)));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = discovered.token.uri().clone();
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        headers.extend(self.options.client_secret.as_ref().and_then(|secret| self.proof(secret)));
        request
    }

    /// `client_secret_basic`; both parts are encoded before they are joined (RFC 6749 section 2.3.1).
    fn proof(&self, secret: &ClientSecret) -> Option<(hyper::header::HeaderName, HeaderValue)> {
        let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!("{}:{}", encode(&self.options.client_id), encode(secret.as_str()));
        let mut value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair))).ok()?;
        value.set_sensitive(true);
        Some((AUTHORIZATION, value))
    }
}
