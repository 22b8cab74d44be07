//! What can be asked: one file per resource.

pub(crate) mod aggregates;
pub(crate) mod append;
pub(crate) mod buckets;
pub(crate) mod consistency;
pub(crate) mod counts;
pub(crate) mod dead_letters;
pub(crate) mod documents;
pub(crate) mod event;
pub(crate) mod events;
pub(crate) mod exports;
mod fallback;
pub(crate) mod feed;
pub(crate) mod health;
mod jobs;
pub(crate) mod logs;
pub(crate) mod me;
pub(crate) mod metrics;
mod pages;
pub(crate) mod past;
pub(crate) mod receipt;
mod scan;
pub(crate) mod session;
pub(crate) mod states;
pub(crate) mod stats;
pub(crate) mod tiles;
pub(crate) mod traces;
pub(crate) mod trail;
pub(crate) mod values;
pub(crate) mod verifications;

pub(crate) use event::at as event_at;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate as _, SizeAbove};

use crate::state::App;
use crate::telemetry::{self, Scraped};
use crate::{access, cross_origin, guard, rates, request_id, security_headers, time_limit};

/// Smaller answers are sent as they are: compressing them costs more than it saves.
const COMPRESSED_BYTES_MIN: u16 = 1_024;

/// Everything that can be asked.
pub(crate) fn router(app: App) -> Router {
    let compression = DefaultPredicate::new().and(SizeAbove::new(COMPRESSED_BYTES_MIN));
    let answers = of_server()
        .merge(of_logs())
        .layer(from_fn_with_state(app.clone(), guard::admit))
        .layer(from_fn_with_state(app.clone(), access::observe))
        .fallback(pages::page)
        .method_not_allowed_fallback(fallback::wrong_method)
        .layer(from_fn_with_state(app.clone(), time_limit::keep))
        .layer(from_fn_with_state(app.clone(), rates::keep))
        .layer(CatchPanicLayer::custom(fallback::panicked));
    allowing_other_sites(answers, &app)
        .layer(CompressionLayer::new().compress_when(compression))
        .layer(from_fn_with_state(app.clone(), security_headers::add))
        .layer(from_fn_with_state(app.clone(), telemetry::measure))
        .layer(from_fn_with_state(app.clone(), request_id::identify))
        .with_state(app)
}

/// Answers what browsers ask for pages of other sites, where there are any that may.
fn allowing_other_sites(answers: Router<App>, app: &App) -> Router<App> {
    match app.options.allowed_origins.as_slice() {
        [] => answers,
        origins => answers.layer(cross_origin::layer(origins)),
    }
}

/// The numbers alone, for a listener of their own.
pub(crate) fn metrics_router(scraped: Scraped) -> Router {
    Router::new().route("/metrics", get(metrics::metrics_apart)).with_state(scraped)
}

/// What is about no log.
fn of_server() -> Router<App> {
    Router::new()
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::metrics))
        .route("/openapi.json", get(documents::openapi))
        .route("/docs", get(documents::page))
        .route("/docs/docs.js", get(documents::script))
        .route("/docs/docs.css", get(documents::style))
        .route("/docs/errors/{code}", get(documents::error_page))
        .route("/session", get(session::ways_in).post(session::sign_in).delete(session::sign_out))
        .route("/session/sign-in", get(session::depart))
        .route("/session/callback", get(session::arrive))
        .route("/v1/me", get(me::me))
}

/// What is about logs.
fn of_logs() -> Router<App> {
    Router::new()
        .nest("/v1", of_log())
        .nest("/v1/logs/{log}", of_log())
        .route("/v1/logs", get(logs::logs))
        .route("/api/{user_id}/audit", get(trail::trail))
        .merge(published())
        .nest("/logs/{log}", published())
}

/// What is published of a log.
fn published() -> Router<App> {
    Router::new().route("/checkpoint", get(tiles::checkpoint)).route("/tile/{*path}", get(tiles::tile))
}

/// What can be asked of one log.
fn of_log() -> Router<App> {
    Router::new()
        .route("/events", get(events::list).post(append::append))
        .route("/events/{event}", get(event::show))
        .route("/events/{event}/receipt", get(receipt::receipt))
        .route("/feed", get(feed::feed))
        .route("/counts", get(counts::counts))
        .route("/buckets", get(buckets::buckets))
        .route("/values/{field}", get(values::values))
        .route("/aggregates", get(aggregates::aggregates))
        .nest("/aggregates/{aggregateType}/{aggregateId}", of_aggregate())
        .route("/states/{aggregateType}", get(states::states))
        .route("/snapshots", get(past::snapshots))
        .route("/traces/{correlationId}", get(traces::trace))
        .route("/stats", get(stats::stats))
        .route("/consistency", get(consistency::consistency))
        .route("/export", get(exports::export))
        .route("/exports", get(exports::list).post(exports::begin))
        .route("/exports/{job}", get(exports::show).delete(exports::cancel))
        .route("/exports/{job}/file", get(exports::file))
        .route("/exports/{job}/manifest", get(exports::manifest))
        .route("/verifications", get(verifications::list).post(verifications::begin))
        .route("/verifications/{job}", get(verifications::show).delete(verifications::cancel))
        .route("/dead-letters", get(dead_letters::list))
        .route("/dead-letters/{letter}", get(dead_letters::show).put(dead_letters::mend))
        .route("/dead-letters/{letter}/retry", post(dead_letters::retry))
        .route("/dead-letters/{letter}/discard", post(dead_letters::discard))
}

/// What can be asked of one aggregate.
fn of_aggregate() -> Router<App> {
    Router::new()
        .route("/events", get(past::aggregate_events))
        .route("/state", get(past::state))
        .route("/diff", get(past::diff))
        .route("/blame", get(past::blame))
        .route("/timeline", get(past::timeline))
        .route("/replay", get(past::replay))
        .route("/undo", get(past::undo))
        .route("/snapshots", get(past::aggregate_snapshots).post(past::take_snapshot))
}
