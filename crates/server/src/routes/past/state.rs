use annals::JsonForm;
use annals_wire::{Explained, Record as _, StateRow};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::answer;
use crate::parameters::{Asked, InLog, MomentParameters, OfStream};
use crate::problem::RequestError;
use crate::state::App;

/// Whether an answer says where it comes from.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExplainParameter {
    /// Say whether a snapshot or the cache helped, and how many events were folded
    explain: bool,
}

impl ExplainParameter {
    pub(crate) fn explained(&self) -> Explained {
        if self.explain { Explained::Yes } else { Explained::No }
    }
}

/// The state of an aggregate, now or at any moment
///
/// Folds the events in the order of their versions. `late` names what had happened by the moment and stands behind
/// something that had not.
#[utoipa::path(
    get, path = "/v1/aggregates/{aggregateType}/{aggregateId}/state", tag = "aggregates",
    params(MomentParameters, ExplainParameter),
    responses((status = 200, description = "The state", body = ref("State")))
)]
pub(crate) async fn state(
    State(app): State<App>,
    InLog(log): InLog,
    OfStream(stream): OfStream,
    Asked(moment, explain, _): Asked<MomentParameters, ExplainParameter>,
) -> Result<Response, RequestError> {
    let at = log.history.state(&stream, moment.moment(&app.reference())?).await?;
    let mut text = String::new();
    StateRow { at: &at, explained: explain.explained() }.write_json(&mut text, JsonForm::Embedded);
    Ok(answer::json(StatusCode::OK, text))
}
