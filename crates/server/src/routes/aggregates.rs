//! Which aggregates there are.

use annals::{AggregateType, JsonForm, StreamFilter, StreamName};
use annals_wire::{AggregateRow, Record as _};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::answer::stream_items;
use crate::parameters::{Asked, InLog, limit};
use crate::problem::RequestError;

/// Which aggregates are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct AggregateParameters {
    /// Only of this type
    #[serde(rename = "type")]
    #[param(example = "Order")]
    aggregate_type: Option<String>,
    /// Only with this text in their id, whatever the case of ASCII letters
    search: Option<String>,
    /// At most so many items, from 1 to 1,000
    #[param(minimum = 1, maximum = 1000, default = 50)]
    limit: Option<u64>,
    /// Where to go on: `next` of the page before
    cursor: Option<String>,
}

/// List the aggregates
///
/// Sorted by type and id, with their version (the number of their events) and their last change.
#[utoipa::path(
    get, path = "/v1/aggregates", tag = "aggregates",
    params(AggregateParameters),
    responses((status = 200, description = "A page of aggregates", body = ref("AggregateList")))
)]
pub(crate) async fn aggregates(
    InLog(log): InLog,
    Asked(parameters, ..): Asked<AggregateParameters>,
) -> Result<Response, RequestError> {
    let invalid = |name: &'static str| {
        move |error: annals::InvalidEvent| RequestError::parameter(name, format!("cannot be read: {error}"))
    };
    let aggregate_type =
        parameters.aggregate_type.map(AggregateType::new).transpose().map_err(invalid("type"))?;
    let after: Option<StreamName> =
        parameters.cursor.map(|cursor| cursor.parse()).transpose().map_err(invalid("cursor"))?;
    let limit = usize::try_from(limit(parameters.limit)?).unwrap_or(usize::MAX);
    let filter = StreamFilter { aggregate_type, search: parameters.search };
    // One more than is wanted tells whether there are more.
    let mut found = log.store().streams(&filter, after.as_ref(), limit + 1).await?;
    let is_more = found.len() > limit;
    found.truncate(limit);
    stream_items(async move |mut sink| {
        let next = found.last().filter(|_| is_more).map(|last| last.stream.to_string());
        for summary in found {
            sink.item(|text| AggregateRow(summary).write_json(text, JsonForm::Embedded)).await?;
        }
        Ok(sink.finish(next.as_deref()))
    })
    .await
}
