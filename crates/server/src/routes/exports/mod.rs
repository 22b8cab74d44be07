//! Events to take away: streamed directly, or as a job with a signed manifest.

mod direct;
mod order;

use annals_auth::Caller;
use axum::Extension;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::jobs::{accepted, gone, listed, shown};
use crate::answer::{self, streamed, typed};
use crate::parameters::{Asked, EventFilter, InLog, Nothing, PathParameters};
use crate::problem::RequestError;
use crate::state::App;

use order::{ExportParameters, attachment, media_type};

/// Export events at once
///
/// Everything that fulfils the filters, as it is in the log when it is asked for, streamed: an answer that is cut off is no
/// whole export. There is no manifest; POST /v1/exports makes one. In jsonl, an event whose payload or metadata holds line
/// ends has payloadText and metadataText (strings with the producer's bytes) instead. CSV is safe against formulas.
#[utoipa::path(
    get, path = "/v1/export", tag = "exports",
    params(EventFilter, ExportParameters),
    responses((status = 200, description = "The events", content(
        (String = "application/x-ndjson"), (inline(serde_json::Value) = "application/json"), (String = "text/csv"))))
)]
pub(crate) async fn export(
    State(app): State<App>,
    InLog(log): InLog,
    Extension(caller): Extension<Caller>,
    Asked(filter, parameters, _): Asked<EventFilter, ExportParameters>,
) -> Result<Response, RequestError> {
    direct::stream(parameters.order(&filter, log, &app, &caller)?).await
}

/// Begin an export
///
/// The events are written into a file in the background, and a manifest is signed: SHA-256, size and form of the file,
/// filters, redactions, count, and the checkpoint of the log that covers it. The answer's `id`, and the header Location, say
/// where it can be asked for. What came of it is kept for an hour.
#[utoipa::path(
    post, path = "/v1/exports", operation_id = "begin_export", tag = "exports",
    params(EventFilter, ExportParameters),
    responses((status = 202, description = "It has begun", body = ref("ExportJob")))
)]
pub(crate) async fn begin(
    State(app): State<App>,
    InLog(log): InLog,
    Extension(caller): Extension<Caller>,
    Asked(filter, parameters, _): Asked<EventFilter, ExportParameters>,
) -> Result<Response, RequestError> {
    let name = log.name.clone();
    let order = parameters.order(&filter, log, &app, &caller)?;
    let job = app.exports.begin(&app, &caller, name, |progress| order.carry_out(progress))?;
    Ok(accepted(&job, "exports"))
}

/// The exports
///
/// Yours, or everybody's where you administer; the oldest first.
#[utoipa::path(
    get, path = "/v1/exports", operation_id = "exports", tag = "exports",
    responses((status = 200, description = "The exports", body = ref("ExportJobList")))
)]
pub(crate) async fn list(
    State(app): State<App>,
    InLog(log): InLog,
    Extension(caller): Extension<Caller>,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    listed(app.exports.list(&log.name, &caller)).await
}

/// How far an export is, and what came of it
#[utoipa::path(
    get, path = "/v1/exports/{job}", operation_id = "show_export", tag = "exports",
    responses((status = 200, description = "The export", body = ref("ExportJob")))
)]
pub(crate) async fn show(
    State(app): State<App>,
    InLog(log): InLog,
    path: PathParameters,
    Extension(caller): Extension<Caller>,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    Ok(shown(&*app.exports.get(path.text("job"), &log.name, &caller)?))
}

/// Give an export up, and throw away what came of it
#[utoipa::path(
    delete, path = "/v1/exports/{job}", operation_id = "give_up_export", tag = "exports",
    responses((status = 204, description = "It is gone"))
)]
pub(crate) async fn cancel(
    State(app): State<App>,
    InLog(log): InLog,
    path: PathParameters,
    Extension(caller): Extension<Caller>,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    app.exports.forget(app.exports.get(path.text("job"), &log.name, &caller)?.id);
    Ok(gone())
}

/// The file of an export that is done
#[utoipa::path(
    get, path = "/v1/exports/{job}/file", operation_id = "export_file", tag = "exports",
    responses((status = 200, description = "The events", content(
        (String = "application/x-ndjson"), (inline(serde_json::Value) = "application/json"), (String = "text/csv"))))
)]
pub(crate) async fn file(
    State(app): State<App>,
    InLog(log): InLog,
    path: PathParameters,
    Extension(caller): Extension<Caller>,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    let exported = app.exports.get(path.text("job"), &log.name, &caller)?.result()?;
    let body = streamed(exported.file.bytes());
    let mut answer = typed(StatusCode::OK, media_type(exported.format), body);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(exported.bytes()));
    headers.insert(CONTENT_DISPOSITION, attachment(&exported.name));
    Ok(answer)
}

/// The signed manifest of an export that is done
///
/// A C2SP signed-note; the log's key verifies it.
#[utoipa::path(
    get, path = "/v1/exports/{job}/manifest", operation_id = "export_manifest", tag = "exports",
    responses((status = 200, description = "The manifest", body = String, content_type = "text/plain"))
)]
pub(crate) async fn manifest(
    State(app): State<App>,
    InLog(log): InLog,
    path: PathParameters,
    Extension(caller): Extension<Caller>,
    Asked(Nothing {}, ..): Asked<Nothing>,
) -> Result<Response, RequestError> {
    let exported = app.exports.get(path.text("job"), &log.name, &caller)?.result()?;
    let mut answer = answer::text(exported.manifest()?.to_owned());
    answer.headers_mut().insert(CONTENT_DISPOSITION, attachment(&format!("{}.manifest", exported.name)));
    Ok(answer)
}
