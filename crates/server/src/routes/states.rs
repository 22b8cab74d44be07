//! The states of all aggregates of a type.

use annals::history::HistoryError;
use annals::{AggregateType, JsonForm};
use annals_wire::{Record as _, StateRow};
use axum::extract::State;
use axum::response::Response;

use crate::answer::stream_items;
use crate::parameters::{Asked, InLog, MomentParameters, PathParameters};
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
    path: PathParameters,
    Asked(moment, explain, _): Asked<MomentParameters, ExplainParameter>,
) -> Result<Response, RequestError> {
    let aggregate_type: AggregateType = path.read("aggregateType")?;
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
