use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

use crate::problem::RequestError;

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MediaType {
    /// One JSON document.
    Json,
    /// One JSON document on each line.
    Ndjson,
}

impl MediaType {
    /// What the body of a request is said to be. It must be said: a page of another site can send bodies of other types
    /// without asking.
    ///
    /// # Errors
    /// [`RequestError::MediaType`].
    pub(crate) fn of(headers: &HeaderMap, allowed: &'static str) -> Result<Self, RequestError> {
        let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let found = match essence.as_str() {
            "application/json" => Some(Self::Json),
            "application/x-ndjson" | "application/jsonl" => Some(Self::Ndjson),
            _ => None,
        };
        found.ok_or_else(|| RequestError::MediaType { given: given.to_owned(), allowed })
    }
}
