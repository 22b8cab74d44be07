use annals::{JsonForm, write_json_string};
use annals_wire::{LeafRow, Record as _};
use axum::extract::State;
use axum::response::Response;

use crate::answer::stream_items;
use crate::parameters::{Asked, InLog, MomentParameters, OfStream};
use crate::problem::RequestError;
use crate::state::App;

/// Who set what in an aggregate's state
///
/// For every leaf of the state the event that last changed it.
#[utoipa::path(
    get, path = "/v1/aggregates/{aggregateType}/{aggregateId}/blame", tag = "aggregates",
    params(MomentParameters),
    responses((status = 200, description = "The leaves", body = ref("Blame")))
)]
pub(crate) async fn blame(
    State(app): State<App>,
    InLog(log): InLog,
    OfStream(stream): OfStream,
    Asked(moment, ..): Asked<MomentParameters>,
) -> Result<Response, RequestError> {
    let blame = log.history.blame(&stream, moment.moment(&app.reference())?).await?;
    stream_items(async move |mut sink| {
        for leaf in blame.leaves {
            sink.item(|text| LeafRow(leaf).write_json(text, JsonForm::Embedded)).await?;
        }
        Ok(sink.finish_with(None, |text| {
            text.push_str(",\"aggregate\":");
            write_json_string(text, &stream.to_string());
            text.push_str(&format!(",\"version\":{}", blame.at.version()));
        }))
    })
    .await
}
