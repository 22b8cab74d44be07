//! Handing spans over to a collector, by OTLP over HTTP.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::Uri;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use rustls::{ClientConfig, RootCertStore};
use tokio::runtime::Handle;
use tracing::Subscriber;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::LookupSpan;

use crate::error::ServerError;

/// How long a collector may take for one batch, and for what is left at the end.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a collector answers is a word or two.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// To whom traces are told, and how much of them.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceOptions {
    url: String,
    service_name: String,
    ratio: f64,
}

impl TraceOptions {
    /// A collector takes traces at `url`: OTLP with protobuf over HTTP, as in `http://localhost:4318/v1/traces`. The server
    /// is called `service_name` in them. `ratio`, from 0 to 1, is the part of the traces that begin here which is told; of
    /// those that a client began, the client says whether they are.
    ///
    /// # Errors
    /// [`ServerError::Traces`] names what is neither an address nor a part.
    pub fn new(url: &str, service_name: &str, ratio: f64) -> Result<Self, ServerError> {
        let unusable = |what: String| Err(ServerError::Traces { what });
        let is_web = |uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some();
        if !url.parse().is_ok_and(|uri| is_web(&uri)) {
            return unusable(format!("{url:?} is no address of a collector; give http://… or https://…"));
        }
        if !(0.0..=1.0).contains(&ratio) {
            return unusable(format!("{ratio} is no part of all traces; give 0 to 1"));
        }
        Ok(Self { url: url.to_owned(), service_name: service_name.to_owned(), ratio })
    }
}

/// Tells spans to a collector, in batches, in the background. A collector that is slow or gone holds nothing up: what does
/// not fit into the queue is dropped, and that is logged.
pub struct TraceExport {
    provider: SdkTracerProvider,
}

impl TraceExport {
    /// Begins. It must be called within a runtime of `tokio`, over which is sent. Whether a collector is there is seen when
    /// there is something to be told.
    ///
    /// # Errors
    /// [`ServerError::Traces`] when that is not possible here.
    pub fn begin(options: &TraceOptions) -> Result<Self, ServerError> {
        let unusable = |what: String| ServerError::Traces { what };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new().map_err(|error| unusable(error.to_string()))?)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(&options.url)
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| unusable(error.to_string()))?;
        let resource = Resource::builder().with_service_name(options.service_name.clone()).build();
        let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(options.ratio)));
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(sampler)
            .with_resource(resource)
            .build();
        Ok(Self { provider })
    }

    /// What hears of spans: of this workspace only, so that nothing is told of telling.
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        let tracer = self.provider.tracer("annals");
        let layer =
            tracing_opentelemetry::layer().with_tracer(tracer).with_location(false).with_threads(false);
        layer.with_filter(Targets::new().with_target("annals", tracing::Level::INFO))
    }

    /// Tells what is left, for ten seconds at the most.
    pub async fn end(self) {
        // It blocks until everything is told.
        let ended = tokio::task::spawn_blocking(move || self.provider.shutdown_with_timeout(PATIENCE)).await;
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "not all traces were told"),
            Err(error) => tracing::warn!(%error, "not all traces were told"),
        }
    }
}

/// How a collector is reached. The thread that tells it has no runtime of its own.
struct Collector {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    runtime: Handle,
}

impl Collector {
    fn new() -> Result<Self, HttpError> {
        let mut roots = RootCertStore::empty();
        // Without any authority every certificate is refused, which is said when the first one is seen.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector =
            HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().build();
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Ok(Self { client, runtime: Handle::try_current()? })
    }
}

impl fmt::Debug for Collector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collector").finish_non_exhaustive()
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let sending = self.client.request(request.map(Full::new));
        let answered = self.runtime.spawn(async move {
            let (head, body) = sending.await?.into_parts();
            let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await?.to_bytes();
            Ok::<_, HttpError>(Response::from_parts(head, body))
        });
        answered.await?
    }
}
