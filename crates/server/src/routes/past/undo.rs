use annals::{JsonForm, StreamVersion};
use annals_wire::{Record as _, UndoAnswer};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::answer;
use crate::parameters::{Asked, InLog, OfStream};
use crate::problem::RequestError;

/// Which state shall be back.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UndoParameters {
    /// The version whose state shall be back; 0 is before the first event
    version: u64,
}

/// What brings an aggregate back to an earlier state
///
/// Nothing is recorded. To record it, append the payload with the expected version `fromVersion`. There is no payload
/// where the reducer is a jq program: then `changes` say what an event would have to change.
#[utoipa::path(
    get, path = "/v1/aggregates/{aggregateType}/{aggregateId}/undo", tag = "aggregates",
    params(UndoParameters),
    responses((status = 200, description = "The payload and what it undoes", body = ref("Undo")))
)]
pub(crate) async fn undo(
    InLog(log): InLog,
    OfStream(stream): OfStream,
    Asked(UndoParameters { version }, ..): Asked<UndoParameters>,
) -> Result<Response, RequestError> {
    let undo = UndoAnswer::ask(&log.history, &stream, StreamVersion(version)).await?;
    let mut text = String::new();
    undo.write_json(&mut text, JsonForm::Embedded);
    Ok(answer::json(StatusCode::OK, text))
}
