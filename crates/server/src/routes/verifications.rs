//! Verifications of a whole log.

use annals_auth::Caller;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use super::jobs::{accepted, gone, listed, shown};
use crate::jobs::verification;
use crate::parameters::{Asked, InLog, Nothing, PathParameters};
use crate::problem::RequestError;
use crate::state::App;

/// Begin to verify the log
///
/// Recomputes every event's leaf from its stored row, then the tree, every kept checkpoint with its signature, versions,
/// times, identities, and what is derived. It trusts the keys beside the log: who must not, verifies from the tiles, or with
/// `annals verify --vkey`. What was found is kept for an hour.
#[utoipa::path(
    post, path = "/v1/verifications", operation_id = "begin_verification", tag = "proof",
    responses((status = 202, description = "It has begun", body = ref("VerificationJob")))
)]
pub(crate) async fn begin(
    State(app): State<App>,
    InLog(log): InLog,
    Extension(caller): Extension<Caller>,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    let name = log.name.clone();
    let job = app.verifications.begin(&app, &caller, name, |progress| verification(log, progress))?;
    Ok(accepted(&job, "verifications"))
}

/// The verifications
///
/// Yours, or everybody's where you administer; the oldest first.
#[utoipa::path(
    get, path = "/v1/verifications", operation_id = "verifications", tag = "proof",
    responses((status = 200, description = "The verifications", body = ref("VerificationJobList")))
)]
pub(crate) async fn list(
    State(app): State<App>,
    InLog(log): InLog,
    Extension(caller): Extension<Caller>,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    listed(app.verifications.list(&log.name, &caller)).await
}

/// How far a verification is, and what it found
///
/// `state` is done when it came to its end, whatever it found; `result.ok` says whether nothing is wrong.
#[utoipa::path(
    get, path = "/v1/verifications/{job}", operation_id = "show_verification", tag = "proof",
    responses((status = 200, description = "The verification", body = ref("VerificationJob")))
)]
pub(crate) async fn show(
    State(app): State<App>,
    InLog(log): InLog,
    path: PathParameters,
    Extension(caller): Extension<Caller>,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    Ok(shown(&*app.verifications.get(path.text("job"), &log.name, &caller)?))
}

/// Give a verification up, and forget what it found
#[utoipa::path(
    delete, path = "/v1/verifications/{job}", operation_id = "give_up_verification", tag = "proof",
    responses((status = 204, description = "It is gone"))
)]
pub(crate) async fn cancel(
    State(app): State<App>,
    InLog(log): InLog,
    path: PathParameters,
    Extension(caller): Extension<Caller>,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    app.verifications.forget(app.verifications.get(path.text("job"), &log.name, &caller)?.id);
    Ok(gone())
}
