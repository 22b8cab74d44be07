//! The identifier of a request, by which its traces are found.

use annals::EventId;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

use crate::state::App;

/// The header that carries it, both ways.
const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// A client's own identifier is taken if it is not longer.
const BYTES_MAX: usize = 64;

/// The identifier of a request: the client's own, or a UUIDv7.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(pub(crate) String);

/// Gives every request an identifier, and names it in the answer.
pub(crate) async fn identify<A>(app: &App, mut request: Request, next: impl FnOnce(Request) -> A) -> Response
where
    A: Future<Output = Response>,
{
    let given = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
    let id = match given {
        Some(id) if is_fit(id) => id.to_owned(),
        _ => EventId::v7(app.now(), app.random_bytes()).to_string(),
    };
    let value = HeaderValue::from_str(&id);
    request.extensions_mut().insert(RequestId(id));
    let mut answer = next(request).await;
    if let Ok(value) = value {
        answer.headers_mut().insert(HEADER, value);
    }
    answer
}

/// What a client says goes into logs and contexts, so it is not more than a name.
fn is_fit(id: &str) -> bool {
    (1..=BYTES_MAX).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_and_anything_else_is_not() {
        assert!(is_fit("4bf92f3577b34da6a3ce929d0e0e4736"));
        assert!(!is_fit(""));
        assert!(!is_fit("a b"));
        assert!(!is_fit(&"a".repeat(65)));
    }
}
