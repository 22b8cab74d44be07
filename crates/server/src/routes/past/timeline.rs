use annals::JsonForm;
use annals_wire::{Record as _, TimelineRow};
use axum::extract::State;
use axum::response::Response;

use crate::answer::stream_items;
use crate::parameters::{Asked, InLog, OfStream, SpanParameters};
use crate::problem::RequestError;
use crate::state::App;

/// What happened to an aggregate: each event, and what it changed
#[utoipa::path(
    get, path = "/v1/aggregates/{aggregateType}/{aggregateId}/timeline", tag = "aggregates",
    params(SpanParameters),
    responses((status = 200, description = "The events with their changes", body = ref("Timeline")))
)]
pub(crate) async fn timeline(
    State(app): State<App>,
    InLog(log): InLog,
    OfStream(stream): OfStream,
    Asked(span, ..): Asked<SpanParameters>,
) -> Result<Response, RequestError> {
    let span = span.span(&app.reference())?;
    stream_items(async move |mut sink| {
        let mut timeline = log.history.timeline(stream, span);
        while let Some(entry) = timeline.next().await? {
            sink.item(|text| TimelineRow(&entry).write_json(text, JsonForm::Embedded)).await?;
        }
        Ok(sink.finish(None))
    })
    .await
}
