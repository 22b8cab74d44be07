//! Numbers for Prometheus.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use crate::answer::typed;
use crate::parameters::{Asked, Nothing};
use crate::problem::RequestError;
use crate::state::App;
use crate::telemetry::{Scraped, scrape};

const OPENMETRICS: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// Numbers for Prometheus
///
/// In the text format of OpenMetrics: requests and their times by route, appends, feeds, logs and how far they are signed,
/// the cache of states, jobs, and accesses.
#[utoipa::path(
    get, path = "/metrics", tag = "operations",
    responses((status = 200, description = "The numbers", body = String, content_type = "application/openmetrics-text"))
)]
pub(crate) async fn metrics(
    State(app): State<App>,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    told(&app.scraped()).await
}

/// The same on a listener of its own, where nobody is asked who she is.
pub(crate) async fn metrics_apart(State(scraped): State<Scraped>) -> Result<Response, RequestError> {
    told(&scraped).await
}

async fn told(scraped: &Scraped) -> Result<Response, RequestError> {
    Ok(typed(StatusCode::OK, OPENMETRICS, Body::from(scrape(scraped).await?)))
}
