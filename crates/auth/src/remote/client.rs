use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{ACCEPT, HeaderValue};
use hyper::{Request, StatusCode};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;

use super::Location;
use crate::AuthError;

/// How long an answer may take, from the first packet to the last.
const PATIENCE: Duration = Duration::from_secs(5);

/// No answer that is asked for is nearly as long.
const BODY_BYTES_MAX: usize = 1 << 20;

/// Asks issuers. It follows no redirections: what is configured is what is believed.
#[derive(Clone)]
pub(crate) struct HttpClient(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl HttpClient {
    /// A client that trusts the authorities of the operating system and, beside them, `authorities`.
    pub(crate) fn new(authorities: &[CertificateDer<'static>]) -> Result<Self, AuthError> {
        let mut roots = RootCertStore::empty();
        // Without any authority every certificate is refused, which is said when the first one is seen.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        for authority in authorities {
            roots.add(authority.clone()).map_err(|error| AuthError::KeyUnusable {
                name: "of the certificate authority".to_owned(),
                reason: error.to_string(),
            })?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let what = "the TLS library offers no version of TLS";
        let tls = versions.map_err(|_| AuthError::Misconfigured { what })?;
        let tls = tls.with_root_certificates(roots).with_no_client_auth();
        let connector =
            HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().build();
        Ok(Self(Client::builder(TokioExecutor::new()).build(connector)))
    }

    /// The body that is at `location`; in words, what was in the way.
    pub(crate) async fn get(&self, location: &Location) -> Result<Bytes, String> {
        let mut request = Request::new(Full::default());
        *request.uri_mut() = location.uri().clone();
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        let (status, body) = self.send(request).await?;
        if status != StatusCode::OK {
            return Err(format!("it answers {status}"));
        }
        Ok(body)
    }

    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes), String> {
        let answer = async {
            let response = self.0.request(request).await.map_err(|error| chain(&error))?;
            let status = response.status();
            let body = Limited::new(response.into_body(), BODY_BYTES_MAX).collect().await;
            Ok((status, body.map_err(|error| error.to_string())?.to_bytes()))
        };
        let slow = |_| format!("it did not answer within {} s", PATIENCE.as_secs());
        tokio::time::timeout(PATIENCE, answer).await.map_err(slow)?
    }
}

/// An error with all that led to it; the outermost alone says no more than that something failed.
fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        words.push_str(": ");
        words.push_str(&cause.to_string());
        source = cause.source();
    }
    words
}
