//! What the routes of all kinds of jobs answer alike.

use std::sync::Arc;

use annals::LogName;
use axum::body::Body;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use crate::answer::{self, stream_items};
use crate::jobs::{Job, Outcome, document};
use crate::problem::RequestError;

/// The answer to a job that has begun, which says where it can be asked for.
pub(super) fn accepted<R: Outcome>(job: &Job<R>, kind: &str) -> Response {
    let mut answer = answer::json(StatusCode::ACCEPTED, document(job));
    let of_log = if job.log == LogName::main() { String::new() } else { format!("/logs/{}", job.log) };
    if let Ok(location) = HeaderValue::from_str(&format!("/v1{of_log}/{kind}/{}", job.id)) {
        answer.headers_mut().insert(LOCATION, location);
    }
    answer
}

/// The answer that lists jobs.
///
/// # Errors
/// As [`stream_items`].
pub(super) async fn listed<R: Outcome + Send + Sync + 'static>(
    jobs: Vec<Arc<Job<R>>>,
) -> Result<Response, RequestError> {
    stream_items(async move |mut sink| {
        for job in jobs {
            sink.item(|text| text.push_str(&document(&job))).await?;
        }
        Ok(sink.finish(None))
    })
    .await
}

/// The answer that says how far a job is.
pub(super) fn shown<R: Outcome>(job: &Job<R>) -> Response {
    answer::json(StatusCode::OK, document(job))
}

/// The answer where there is nothing any more.
pub(super) fn gone() -> Response {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    answer
}
