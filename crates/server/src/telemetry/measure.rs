use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::response::Response;
use opentelemetry::trace::Status;
use tracing::{Instrument as _, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::labels::RouteLabels;
use super::trace_context::join_trace;
use crate::access::of_main;
use crate::problem::ProblemCode;
use crate::request_id::RequestId;
use crate::state::App;

/// Where events are appended.
const APPENDS: &str = "/v1/events";

/// How many events a request appended, told beside its answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AppendedEvents(pub(crate) u64);

/// Counts a request, and has everything that is logged while it is answered bear its id.
pub(crate) async fn measure<A>(app: &App, mut request: Request, next: impl FnOnce(Request) -> A) -> Response
where
    A: Future<Output = Response>,
{
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| of_main(path.as_str()));
    let request_id = request.extensions().get().map_or("", |RequestId(id)| id.as_str());
    let span = tracing::info_span!(
        "request",
        otel.name = format!("{method} {}", route.as_deref().unwrap_or("none")),
        otel.kind = "server",
        requestId = request_id,
        method = method.as_str(),
        route = route.as_deref().unwrap_or_default(),
        correlationId = tracing::field::Empty,
    );
    join_trace(&span, request.headers_mut());
    let answer = next(request).instrument(span.clone()).await;
    let after = begun.elapsed();
    let status = answer.status().as_u16();
    tell_of_answer(&span, &method, route.as_deref(), status);
    span.in_scope(
        || tracing::info!(target: "annals_server::requests", status, micros = after.as_micros(), "answered"),
    );
    let told = answer.extensions();
    if let Some(AppendedEvents(events)) = told.get() {
        app.metrics.appended(*events, after);
    }
    if let Some(ProblemCode(code)) = told.get()
        && method == Method::POST
        && route.as_deref() == Some(APPENDS)
    {
        app.metrics.refused(code);
    }
    // What is nowhere is one route, and a method that nobody knows one method: anybody may make up more.
    let route = route.unwrap_or_else(|| "none".to_owned());
    let method = if is_usual(&method) { method.to_string() } else { "other".to_owned() };
    app.metrics.answered(RouteLabels { method, route }, status, after);
    answer
}

/// Tells those who trace what was answered, by the names that OpenTelemetry gives it (semantic conventions of HTTP spans).
fn tell_of_answer(span: &Span, method: &Method, route: Option<&str>, status: u16) {
    span.set_attribute("http.request.method", method.to_string());
    span.set_attribute("http.response.status_code", i64::from(status));
    if let Some(route) = route {
        span.set_attribute("http.route", route.to_owned());
    }
    if status >= 500 {
        span.set_status(Status::error(""));
    }
}

fn is_usual(method: &Method) -> bool {
    matches!(
        *method,
        Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::DELETE | Method::OPTIONS
    )
}
