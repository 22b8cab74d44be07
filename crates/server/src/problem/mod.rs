//! What is answered when a request is not answered as it was meant: `application/problem+json` (RFC 9457).

mod code;
mod detail;
mod facts;
mod request_error;
mod status;

use annals_wire::ErrorPage;
use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};

pub(crate) use request_error::RequestError;

/// The media type of problems.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// The code of a problem, kept beside its answer for those who watch over requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProblemCode(pub(crate) &'static str);

/// A problem as it is answered.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    /// Where the code is explained, relative to this server.
    #[serde(rename = "type")]
    kind: String,
    /// What the code means, always the same words.
    title: &'static str,
    status: u16,
    /// The stable code, which `annals explain` explains too.
    code: &'static str,
    /// What happened this time.
    detail: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    /// What programs need to know of it.
    #[serde(flatten)]
    facts: Map<String, Value>,
}

impl From<&RequestError> for Problem {
    fn from(error: &RequestError) -> Self {
        let code = error.code();
        Self {
            kind: format!("/docs/errors/{code}"),
            title: ErrorPage::of(code).map_or(code, ErrorPage::title),
            status: error.status().as_u16(),
            code,
            detail: error.detail(),
            help: error.help(),
            facts: error.facts(),
        }
    }
}

impl Problem {
    /// The problem as JSON.
    pub(crate) fn to_json(&self) -> String {
        // Strings and numbers always become JSON.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl RequestError {
    /// Writes what is no caller's fault into the server's own log, where its answer points.
    pub(crate) fn note(&self, consequence: &str) {
        if self.status().is_server_error() {
            tracing::error!(error = %self, code = self.code(), "{consequence}");
        }
    }
}

impl IntoResponse for RequestError {
    fn into_response(self) -> Response {
        self.note("a request cannot be answered");
        let status = self.status();
        let mut answer = Response::new(Body::from(Problem::from(&self).to_json()));
        *answer.status_mut() = status;
        answer.extensions_mut().insert(ProblemCode(self.code()));
        let headers = answer.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            headers.insert(RETRY_AFTER, HeaderValue::from(self.wait_seconds()));
        }
        if let Self::Method { allowed, .. } = &self
            && !allowed.is_empty()
            && let Ok(allowed) = HeaderValue::from_str(allowed)
        {
            headers.insert(ALLOW, allowed);
        }
        if let Some(challenge) = crate::guard::challenge(&self) {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use annals::{ExpectedVersion, StoreError, StreamName, StreamVersion};

    use super::*;

    #[test]
    fn a_problem_has_its_code_its_page_and_its_facts() {
        let error = RequestError::Store(StoreError::WrongExpectedVersion {
            stream: StreamName::new("Order", "1").unwrap(),
            expected: ExpectedVersion::Exactly(StreamVersion(3)),
            actual: Some(StreamVersion(4)),
        });
        let problem: Value = serde_json::from_str(&Problem::from(&error).to_json()).unwrap();
        assert_eq!(problem["type"], "/docs/errors/wrong-expected-version");
        assert_eq!((&problem["status"], &problem["actual"]), (&409.into(), &4.into()));
        assert_eq!(problem["aggregate"], "Order/1");
        assert!(ErrorPage::of("wrong-expected-version").is_some());
    }

    #[test]
    fn what_a_file_system_is_like_is_told_to_nobody() {
        let error = RequestError::Store(StoreError::AlreadyWritten {
            store: "/srv/books/annals.db".to_owned(),
            holder: "host a".to_owned(),
        });
        assert!(!Problem::from(&error).to_json().contains("books"));
    }
}
