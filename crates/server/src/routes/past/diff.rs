use annals::history::StateAt;
use annals::{JsonForm, write_json_string};
use annals_wire::{ChangeRow, Record as _};
use axum::extract::State;
use axum::response::Response;

use crate::answer::stream_items;
use crate::parameters::{Asked, InLog, OfStream, SpanParameters};
use crate::problem::RequestError;
use crate::state::App;

/// What changed in an aggregate from one moment to another
///
/// Each change has the JSON pointer of its place, and the values before and after; `old` is missing where there was no
/// value, `new` where there is none. Without `from`, from before the first event; without `to`, until now.
#[utoipa::path(
    get, path = "/v1/aggregates/{aggregateType}/{aggregateId}/diff", tag = "aggregates",
    params(SpanParameters),
    responses((status = 200, description = "The changes", body = ref("Diff")))
)]
pub(crate) async fn diff(
    State(app): State<App>,
    InLog(log): InLog,
    OfStream(stream): OfStream,
    Asked(span, ..): Asked<SpanParameters>,
) -> Result<Response, RequestError> {
    let [from, to] = span.both(&app.reference())?;
    let diff = log.history.diff(&stream, from, to).await?;
    stream_items(async move |mut sink| {
        for change in &diff.changes {
            sink.item(|text| ChangeRow(change).write_json(text, JsonForm::Embedded)).await?;
        }
        Ok(sink.finish_with(None, |text| {
            text.push_str(",\"aggregate\":");
            write_json_string(text, &stream.to_string());
            write_side(text, "from", &diff.from);
            write_side(text, "to", &diff.to);
        }))
    })
    .await
}

/// Appends which event stands at one of the moments.
fn write_side(text: &mut String, name: &str, at: &StateAt) {
    text.push_str(&format!(",\"{name}\":{{\"version\":{}", at.version()));
    match &at.last {
        Some(last) => {
            text.push_str(&format!(",\"position\":{},\"timestamp\":\"{}\"}}", last.position, last.timestamp));
        }
        None => text.push_str(",\"position\":null,\"timestamp\":null}"),
    }
}
