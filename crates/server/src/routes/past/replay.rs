use annals::history::Moment;
use annals_wire::{Record as _, StepRow};
use axum::extract::State;
use axum::response::Response;

use crate::answer::stream_items;
use crate::parameters::{Asked, InLog, MomentParameters, OfStream, RawParameter};
use crate::problem::RequestError;
use crate::state::App;

/// The events of an aggregate, with the state before and behind each
///
/// Up to a moment; all of them when none is given.
#[utoipa::path(
    get, path = "/v1/aggregates/{aggregateType}/{aggregateId}/replay", tag = "aggregates",
    params(MomentParameters, RawParameter),
    responses((status = 200, description = "The steps", body = ref("Replay")))
)]
pub(crate) async fn replay(
    State(app): State<App>,
    InLog(log): InLog,
    OfStream(stream): OfStream,
    Asked(until, raw, _): Asked<MomentParameters, RawParameter>,
) -> Result<Response, RequestError> {
    let until: Moment = until.moment(&app.reference())?;
    stream_items(async move |mut sink| {
        let mut replay = log.history.replay(stream, until);
        while let Some(step) = replay.next().await? {
            sink.item(|text| StepRow(&step).write_json(text, raw.form())).await?;
        }
        Ok(sink.finish(None))
    })
    .await
}
