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
mod passage;
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
use axum::routing::{MethodRouter, get, post};
use tower::ServiceBuilder;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate as _, SizeAbove};

use crate::cross_origin;
use crate::state::App;
use crate::telemetry::Scraped;

/// Smaller answers are sent as they are: compressing them costs more than it saves.
const COMPRESSED_BYTES_MIN: u16 = 1_024;

/// Everything that can be asked.
pub(crate) fn router(app: App) -> Router {
    let compression = DefaultPredicate::new().and(SizeAbove::new(COMPRESSED_BYTES_MIN));
    let steps = ServiceBuilder::new()
        .layer(from_fn_with_state(app.clone(), passage::outermost))
        .layer(CompressionLayer::new().compress_when(compression))
        .option_layer(cross_origin::layer(&app.options.allowed_origins))
        .layer(from_fn_with_state(app.clone(), passage::within));
    of_server()
        .merge(of_logs())
        .layer(from_fn_with_state(app.clone(), passage::of_route))
        .fallback(pages::page)
        .method_not_allowed_fallback(fallback::wrong_method)
        .layer(steps)
        .with_state(app)
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
    of_log("/v1")
        .merge(of_log("/v1/logs/{log}"))
        .route("/v1/logs", get(logs::logs))
        .route("/api/{user_id}/audit", get(trail::trail))
        .merge(published(""))
        .merge(published("/logs/{log}"))
}

/// What is published of a log.
fn published(at: &str) -> Router<App> {
    let routes = [("/checkpoint", get(tiles::checkpoint)), ("/tile/{*path}", get(tiles::tile))];
    routes_at(at, routes)
}

/// What can be asked of one log.
fn of_log(at: &str) -> Router<App> {
    let routes = [
        ("/events", get(events::list).post(append::append)),
        ("/events/{event}", get(event::show)),
        ("/events/{event}/receipt", get(receipt::receipt)),
        ("/feed", get(feed::feed)),
        ("/counts", get(counts::counts)),
        ("/buckets", get(buckets::buckets)),
        ("/values/{field}", get(values::values)),
        ("/aggregates", get(aggregates::aggregates)),
        ("/states/{aggregateType}", get(states::states)),
        ("/snapshots", get(past::snapshots)),
        ("/traces/{correlationId}", get(traces::trace)),
        ("/stats", get(stats::stats)),
        ("/consistency", get(consistency::consistency)),
        ("/export", get(exports::export)),
        ("/exports", get(exports::list).post(exports::begin)),
        ("/exports/{job}", get(exports::show).delete(exports::cancel)),
        ("/exports/{job}/file", get(exports::file)),
        ("/exports/{job}/manifest", get(exports::manifest)),
        ("/verifications", get(verifications::list).post(verifications::begin)),
        ("/verifications/{job}", get(verifications::show).delete(verifications::cancel)),
        ("/dead-letters", get(dead_letters::list)),
        ("/dead-letters/{letter}", get(dead_letters::show).put(dead_letters::mend)),
        ("/dead-letters/{letter}/retry", post(dead_letters::retry)),
        ("/dead-letters/{letter}/discard", post(dead_letters::discard)),
    ];
    routes_at(at, routes).merge(of_aggregate(&format!("{at}/aggregates/{{aggregateType}}/{{aggregateId}}")))
}

/// What can be asked of one aggregate.
fn of_aggregate(at: &str) -> Router<App> {
    let routes = [
        ("/events", get(past::aggregate_events)),
        ("/state", get(past::state)),
        ("/diff", get(past::diff)),
        ("/blame", get(past::blame)),
        ("/timeline", get(past::timeline)),
        ("/replay", get(past::replay)),
        ("/undo", get(past::undo)),
        ("/snapshots", get(past::aggregate_snapshots).post(past::take_snapshot)),
    ];
    routes_at(at, routes)
}

/// Routes below a path. A router within another would write the address of every request anew.
fn routes_at<const N: usize>(at: &str, routes: [(&str, MethodRouter<App>); N]) -> Router<App> {
    routes.into_iter().fold(Router::new(), |all, (path, methods)| all.route(&format!("{at}{path}"), methods))
}
