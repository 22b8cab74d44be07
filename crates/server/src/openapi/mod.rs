//! The description of everything that can be asked: OpenAPI 3.1, made of the handlers and of what they read.
//!
//! Paths, methods, parameters and what is answered stand beside each handler. The shapes of answers that are written by
//! hand, because payloads keep their bytes, stand in `openapi/schemas.json`; tests hold answers against them.

mod complete;

use std::sync::LazyLock;

use utoipa::OpenApi;

use crate::routes;

/// The document, as it is answered.
pub(crate) static OPENAPI_JSON: LazyLock<String> = LazyLock::new(|| {
    // A document of strings and objects always becomes JSON.
    let collected = serde_json::to_value(Collected::openapi()).unwrap_or_default();
    format!("{:#}\n", complete::complete(collected))
});

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Annals",
        description = "A provable log of everything that happened: append, query, rebuild the past, and check that nothing was altered.\n\nLists are `{\"items\": […], \"next\": …}`; `next` is the `cursor` of the next page. Errors are `application/problem+json` with a stable `code`. What is said of `/v1` is said of the log `main`; every other log has the same under `/v1/logs/{log}`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "events", description = "What happened"),
        (name = "aggregates", description = "What it made of the things that it happened to"),
        (name = "snapshots", description = "Kept states, which make questions faster"),
        (name = "proof", description = "That nothing was altered"),
        (name = "exports", description = "Events to take away, with a signed manifest"),
        (name = "dead letters", description = "Inputs that could not become events"),
        (name = "logs", description = "What there is"),
        (name = "session", description = "Who you are, and signing in with a browser"),
        (name = "operations", description = "For whoever runs the server")
    ),
    paths(
        routes::health::live,
        routes::health::ready,
        routes::events::list,
        routes::append::append,
        routes::event::show,
        routes::receipt::receipt,
        routes::feed::feed,
        routes::counts::counts,
        routes::buckets::buckets,
        routes::values::values,
        routes::aggregates::aggregates,
        routes::past::aggregate_events,
        routes::past::state,
        routes::past::diff,
        routes::past::blame,
        routes::past::timeline,
        routes::past::replay,
        routes::past::undo,
        routes::past::aggregate_snapshots,
        routes::past::take_snapshot,
        routes::past::snapshots,
        routes::exports::export,
        routes::exports::begin,
        routes::exports::list,
        routes::exports::show,
        routes::exports::cancel,
        routes::exports::file,
        routes::exports::manifest,
        routes::verifications::begin,
        routes::verifications::list,
        routes::verifications::show,
        routes::verifications::cancel,
        routes::dead_letters::list,
        routes::dead_letters::show,
        routes::dead_letters::mend,
        routes::dead_letters::retry,
        routes::dead_letters::discard,
        routes::states::states,
        routes::traces::trace,
        routes::stats::stats,
        routes::consistency::consistency,
        routes::logs::logs,
        routes::me::me,
        routes::session::ways_in,
        routes::session::sign_in,
        routes::session::sign_out,
        routes::session::depart,
        routes::session::arrive,
        routes::tiles::checkpoint,
        routes::tiles::tile,
        routes::trail::trail,
        routes::metrics::metrics,
        routes::documents::openapi,
    )
)]
struct Collected;
