use std::sync::Arc;
use std::time::Duration;

use annals_store::StoreError;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Response};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde::de::DeserializeOwned;

use crate::location::HttpLocation;
use crate::problem;

/// How long an answer may take until it begins, and each part of it to come.
const PATIENCE: Duration = Duration::from_secs(60);

/// No page of a thousand events of the greatest size is longer.
const ANSWER_BYTES_MAX: usize = 2 << 30;

/// So often a request is sent, if the connection is lost and it does no harm to repeat it.
const ATTEMPTS_MAX: u32 = 5;

/// The first wait before a request is repeated; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(50);

/// Asks one server, over connections that are kept.
pub(crate) struct Client {
    http: HyperClient<HttpsConnector<HttpConnector>, Full<Bytes>>,
    location: HttpLocation,
    authorization: Option<HeaderValue>,
}

/// Why a request has no answer.
struct Lost {
    reason: String,
}

impl Client {
    /// A client of the server at a location; nothing is asked yet.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the token or the certificates cannot be used.
    pub(crate) fn new(location: &HttpLocation) -> Result<Self, StoreError> {
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls(location)?)
            .https_or_http()
            .enable_http1()
            .build();
        let authorization = location.token().map(|token| {
            let mut value = HeaderValue::try_from(format!("Bearer {}", token.as_str()))
                .map_err(|_| unavailable("the token holds characters that no token has"))?;
            value.set_sensitive(true);
            Ok::<_, StoreError>(value)
        });
        let http = HyperClient::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        Ok(Self { http, location: location.clone(), authorization: authorization.transpose()? })
    }

    pub(crate) fn location(&self) -> &HttpLocation {
        &self.location
    }

    /// What lies at a path, as JSON.
    ///
    /// # Errors
    /// [`StoreError`]: the server's problem, or that there is no answer that can be used.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, StoreError> {
        self.read(&self.get_bytes(path).await?)
    }

    /// What lies at a path.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub(crate) async fn get_bytes(&self, path: &str) -> Result<Bytes, StoreError> {
        self.repeated(|| self.request(Method::GET, path, Bytes::new())).await
    }

    /// Sends JSON that may be sent twice, and reads the answer.
    ///
    /// # Errors
    /// As [`Self::get`]; whether what was sent was carried out may be unknown then.
    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, body: String) -> Result<T, StoreError> {
        let body = Bytes::from(body);
        self.read(&self.repeated(|| self.request(Method::POST, path, body.clone())).await?)
    }

    /// Begins to read what lies at a path and may have no end.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub(crate) async fn stream(&self, path: &str) -> Result<Incoming, StoreError> {
        let answer = self
            .send(self.request(Method::GET, path, Bytes::new())?)
            .await
            .map_err(|lost| self.lost(lost))?;
        if answer.status().is_success() {
            return Ok(answer.into_body());
        }
        let status = answer.status();
        let body = whole(answer).await.map_err(|lost| self.lost(lost))?;
        Err(problem::of_answer(status, &body))
    }

    fn read<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, StoreError> {
        serde_json::from_slice(body).map_err(|error| {
            unavailable(&format!(
                "{} answers in a form that this program does not know: {error}",
                self.location
            ))
        })
    }

    fn request(&self, method: Method, path: &str, body: Bytes) -> Result<Request<Full<Bytes>>, StoreError> {
        let mut request = Request::builder().method(method).uri(self.location.at(path));
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        if !body.is_empty() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        request
            .body(Full::new(body))
            .map_err(|error| unavailable(&format!("{path} cannot be asked for: {error}")))
    }

    /// Sends a request until there is an answer, a few times at the most.
    async fn repeated(
        &self,
        request: impl Fn() -> Result<Request<Full<Bytes>>, StoreError>,
    ) -> Result<Bytes, StoreError> {
        let mut wait = FIRST_WAIT;
        let mut attempt = 1;
        loop {
            let answered = async {
                let answer = self.send(request()?).await.map_err(Failed::Lost)?;
                let status = answer.status();
                let body = whole(answer).await.map_err(Failed::Lost)?;
                if status.is_success() {
                    Ok(body)
                } else {
                    Err(Failed::Told(problem::of_answer(status, &body)))
                }
            };
            match answered.await {
                Ok(body) => return Ok(body),
                Err(Failed::Told(error)) => return Err(error),
                Err(Failed::Lost(lost)) if attempt == ATTEMPTS_MAX => return Err(self.lost(lost)),
                Err(Failed::Lost(_)) => {
                    tokio::time::sleep(wait).await;
                    wait *= 2;
                    attempt += 1;
                }
            }
        }
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Lost> {
        match tokio::time::timeout(PATIENCE, self.http.request(request)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(Lost { reason: with_causes(&error) }),
            Err(_) => Err(Lost { reason: format!("it did not answer within {} s", PATIENCE.as_secs()) }),
        }
    }

    fn lost(&self, Lost { reason }: Lost) -> StoreError {
        unavailable(&format!(
            "{} cannot be reached: {reason}; look whether it runs, and try again",
            self.location
        ))
    }
}

/// How a request failed.
enum Failed {
    /// The server said why.
    Told(StoreError),
    /// There is no answer.
    Lost(Lost),
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Told(error)
    }
}

/// The whole body of an answer.
async fn whole(answer: Response<Incoming>) -> Result<Bytes, Lost> {
    let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect();
    match tokio::time::timeout(PATIENCE, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) => Err(Lost { reason: format!("its answer broke off: {error}") }),
        Err(_) => Err(Lost { reason: format!("its answer took more than {} s", PATIENCE.as_secs()) }),
    }
}

fn tls(location: &HttpLocation) -> Result<ClientConfig, StoreError> {
    let mut roots = RootCertStore::empty();
    match location.root_certificates() {
        // Without any authority every certificate is refused, which is said when the first one is seen.
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        Some(file) => {
            let unusable = |error: &dyn std::fmt::Display| {
                unavailable(&format!("the certificates in {} cannot be used: {error}", file.display()))
            };
            for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unusable(&error))? {
                let certificate = certificate.map_err(|error| unusable(&error))?;
                roots.add(certificate).map_err(|error| unusable(&error))?;
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let versions = versions.map_err(|error| unavailable(&format!("TLS cannot be used: {error}")))?;
    Ok(versions.with_root_certificates(roots).with_no_client_auth())
}

pub(crate) fn unavailable(reason: &str) -> StoreError {
    StoreError::Unavailable { reason: reason.to_owned(), source: None }
}

/// An error with all that led to it; the outermost alone says no more than that something failed.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push_str(": ");
        words.push_str(&error.to_string());
        cause = error.source();
    }
    words
}
