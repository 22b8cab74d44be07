//! What a request passes on its way to a handler, and its answer on the way back.
//!
//! A layer costs every request a service and a future of its own on the heap, and moves it once more. So steps that follow
//! each other are one layer.

use std::panic::AssertUnwindSafe;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt as _;

use super::fallback;
use crate::state::App;
use crate::{access, guard, rates, request_id, security_headers, telemetry, time_limit};

/// Before anything else: it gets its identifier, is counted, and its answer the headers that every answer has.
pub(super) async fn outermost(State(app): State<App>, request: Request, next: Next) -> Response {
    let secured = |request| security_headers::add(&app, next.run(request));
    let measured = |request| telemetry::measure(&app, request, secured);
    request_id::identify(&app, request, measured).await
}

/// Within what is done to any answer: nobody asks too often, no answer takes too long, and a panic is an answer, too.
pub(super) async fn within(State(app): State<App>, request: Request, next: Next) -> Response {
    let limited = |request| time_limit::keep(&app, request, |request| next.run(request));
    let answer = AssertUnwindSafe(rates::keep(&app, request, limited)).catch_unwind();
    answer.await.unwrap_or_else(fallback::panicked)
}

/// At a route: it is recorded who asks what, also if she may not.
pub(super) async fn of_route(State(app): State<App>, request: Request, next: Next) -> Response {
    let admitted = |request| guard::admit(&app, request, |request| next.run(request));
    access::observe(&app, request, admitted).await
}
