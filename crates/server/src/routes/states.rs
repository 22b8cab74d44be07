//! The states of all aggregates of a type.

use annals::history::HistoryError;
use annals::{AggregateType, JsonForm};
use annals_wire::{Record as _, StateRow};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::response::Response;

use crate::answer::stream_items;
use crate::parameters::{Asked, InLog, MomentParameters, path_parameter};
use crate::problem::{Problem, RequestError};
use crate::routes::past::ExplainParameter;
use crate::state::App;

/// The states of all aggregates of a type, now or at any moment
///
/// Those that were not there yet are left out. An aggregate that cannot be folded has `problem` in place of a state.
#[utoipa::path(
    get, path = "/v1/states/{aggregateType}", tag = "aggregates",
    params(MomentParameters, ExplainParameter),
    responses((status = 200, description = "The states, by aggregate", body = ref("StateList")))
)]
pub(crate) async fn states(
    State(app): State<App>,
    InLog(log): InLog,
    request: Request,
) -> Result<Response, RequestError> {
    let (mut parts, _) = request.into_parts();
    let name = path_parameter(&mut parts, "aggregateType").await?.unwrap_or_default();
    let aggregate_type = AggregateType::new(name)
        .map_err(|error| RequestError::parameter("aggregateType", format!("cannot be one: {error}")))?;
    let Asked(moment, explain, _) =
        Asked::<MomentParameters, ExplainParameter>::from_request_parts(&mut parts, &app).await?;
    let moment = moment.moment(&app.reference())?;
    stream_items(async move |mut sink| {
        let mut states = log.history.states(aggregate_type, moment);
        loop {
            match states.next().await {
                Ok(Some(at)) => {
                    let row = StateRow { at: &at, explained: explain.explained() };
                    sink.item(|text| row.write_json(text, JsonForm::Embedded)).await?;
                }
                Ok(None) => return Ok(sink.finish(None)),
                Err(HistoryError::Store(error)) => return Err(error.into()),
                Err(error) => {
                    let problem = Problem::from(&RequestError::from(error)).to_json();
                    sink.item(|text| text.push_str(&format!("{{\"problem\":{problem}}}"))).await?;
                }
            }
        }
    })
    .await
}
