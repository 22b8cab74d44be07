use annals_auth::AuthError;
use axum::http::HeaderValue;

use crate::problem::RequestError;

/// What a client is told of how to come back (RFC 6750 section 3).
pub(crate) fn challenge(error: &RequestError) -> Option<HeaderValue> {
    let text = match error {
        RequestError::Auth(AuthError::NoCredential | AuthError::SessionOver) => r#"Bearer realm="annals""#,
        RequestError::Auth(error) if error.remedy() == annals_auth::Remedy::SignIn => {
            r#"Bearer realm="annals", error="invalid_token""#
        }
        RequestError::Forbidden { .. } | RequestError::Auth(AuthError::NoRole { .. }) => {
            r#"Bearer realm="annals", error="insufficient_scope""#
        }
        _ => return None,
    };
    Some(HeaderValue::from_static(text))
}
