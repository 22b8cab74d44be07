//! Which other sites may have a browser ask.

use std::str::FromStr;
use std::time::Duration;

use axum::http::header::{
    ACCEPT, AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{HeaderValue, Method, Uri};
use tower_http::cors::CorsLayer;

use crate::error::ServerError;

/// How long a browser need not ask again whether it may.
const ASKED_FOR: Duration = Duration::from_secs(600);

/// What a browser may do for another site.
const METHODS: [Method; 4] = [Method::GET, Method::POST, Method::PUT, Method::DELETE];

/// What scripts of another site may say.
const SAID: [HeaderName; 7] = [
    ACCEPT,
    AUTHORIZATION,
    CONTENT_TYPE,
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("last-event-id"),
    HeaderName::from_static("traceparent"),
    HeaderName::from_static("x-request-id"),
];

/// What they may be told, besides what any script is.
const TOLD: [HeaderName; 4] =
    [CONTENT_DISPOSITION, RETRY_AFTER, WWW_AUTHENTICATE, HeaderName::from_static("x-request-id")];

/// Another site whose pages may ask: a scheme, a host and perhaps a port (RFC 6454 section 6.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteOrigin(HeaderValue);

impl FromStr for SiteOrigin {
    type Err = ServerError;
    /// # Errors
    /// [`ServerError::NoSiteOrigin`] for anything that no browser would send as its `Origin`.
    fn from_str(text: &str) -> Result<Self, ServerError> {
        let refused = || ServerError::NoSiteOrigin { text: text.to_owned() };
        let uri: Uri = text.parse().map_err(|_| refused())?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
        // The path of a URL without one is read as "/", and would not be said by a browser.
        let says_no_more = uri.authority().is_some_and(|authority| {
            text.split_once("://").is_some_and(|(_, rest)| rest == authority.as_str())
                && !authority.as_str().contains('@')
        });
        match HeaderValue::from_str(text) {
            Ok(value) if is_web && says_no_more && !text.contains('*') => Ok(Self(value)),
            _ => Err(refused()),
        }
    }
}

/// Lets the pages of `origins` ask with tokens, if there are any; cookies are for the server's own pages.
pub(crate) fn layer(origins: &[SiteOrigin]) -> Option<CorsLayer> {
    let layer = CorsLayer::new()
        .allow_origin(origins.iter().map(|SiteOrigin(origin)| origin.clone()).collect::<Vec<_>>())
        .allow_methods(METHODS)
        .allow_headers(SAID)
        .expose_headers(TOLD)
        .max_age(ASKED_FOR);
    (!origins.is_empty()).then_some(layer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_browser_would_send_is_an_origin() {
        for origin in ["https://app.example.com", "http://localhost:3000", "https://[2001:db8::1]:8443"] {
            assert!(origin.parse::<SiteOrigin>().is_ok(), "{origin}");
        }
        for other in
            ["*", "https://*.example.com", "https://example.com/", "example.com", "null", "", "ftp://a"]
        {
            assert!(other.parse::<SiteOrigin>().is_err(), "{other}");
        }
        assert!("https://somebody@example.com".parse::<SiteOrigin>().is_err());
    }
}
