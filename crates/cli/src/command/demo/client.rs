//! The demonstration's own client: it writes as everybody else does, over HTTP.

use std::net::SocketAddr;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::{Method, Request, StatusCode, Uri};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use crate::failure::Failure;

/// Asks one server, over connections that are kept.
pub(super) struct Client {
    http: hyper_util::client::legacy::Client<HttpConnector, Full<Bytes>>,
    events: String,
    /// What the client says of itself.
    authorization: String,
}

/// What a server answered.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    /// Its body; `null` where it is no JSON.
    pub(super) body: Value,
}

impl Client {
    /// A client that comes with a token.
    pub(super) fn new(server: SocketAddr, token: &str) -> Self {
        let http = hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build_http();
        Self { http, events: format!("http://{server}/v1/events"), authorization: format!("Bearer {token}") }
    }

    /// Has something appended.
    ///
    /// # Errors
    /// [`Failure::Demo`] when there is no answer.
    pub(super) async fn append(&self, body: &str) -> Result<Reply, Failure> {
        let lost = |error: &dyn std::fmt::Display| Failure::Demo { what: format!("no answer: {error}") };
        let uri: Uri = self.events.parse().map_err(|error| lost(&error))?;
        let request = Request::builder()
            .method(Method::POST)
            .uri(uri)
            .header(CONTENT_TYPE, "application/json")
            .header(AUTHORIZATION, &self.authorization)
            .body(Full::new(Bytes::copy_from_slice(body.as_bytes())))
            .map_err(|error| lost(&error))?;
        let response = self.http.request(request).await.map_err(|error| lost(&error))?;
        let status = response.status();
        let bytes = response.into_body().collect().await.map_err(|error| lost(&error))?.to_bytes();
        Ok(Reply { status, body: serde_json::from_slice(&bytes).unwrap_or_default() })
    }
}

impl Reply {
    /// What went wrong, as far as the answer says so.
    pub(super) fn problem(&self) -> String {
        let detail = self.body["detail"].as_str().unwrap_or("no reason was given");
        format!("{}: {detail}", self.status)
    }

    /// Whether the problem is the one with this stable code.
    pub(super) fn is_about(&self, problem: &str) -> bool {
        self.body["code"] == problem
    }
}
