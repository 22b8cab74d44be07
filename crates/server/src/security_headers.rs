//! What browsers are told about every answer.

use annals_auth::Transport;
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::response::Response;

use crate::state::App;

/// Each header, and its value where the answer has none of its own.
const USUAL: [(HeaderName, HeaderValue); 6] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    // What is answered may be for this caller only.
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// For a year, browsers that were here by TLS come by nothing else (RFC 6797). Other servers of the same domain are not
/// this one's business.
const BY_TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Adds the headers that an answer does not have.
pub(crate) async fn add(app: &App, answer: impl Future<Output = Response>) -> Response {
    let mut answer = answer.await;
    let headers = answer.headers_mut();
    for (name, value) in USUAL {
        headers.entry(name).or_insert(value);
    }
    if app.options.transport == Transport::Tls {
        headers.insert(STRICT_TRANSPORT_SECURITY, BY_TLS_ONLY);
    }
    answer
}
