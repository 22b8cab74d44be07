use annals::Query;
use axum::response::Response;

use crate::parameters::{Asked, InLog, OfStream, PageParameters, RawParameter};
use crate::problem::RequestError;
use crate::routes::events::page_of;

/// The events of an aggregate
///
/// In the order of their versions, or the other way round.
#[utoipa::path(
    get, path = "/v1/aggregates/{aggregateType}/{aggregateId}/events", tag = "aggregates",
    params(PageParameters, RawParameter),
    responses((status = 200, description = "A page of events", body = ref("EventList")))
)]
pub(crate) async fn aggregate_events(
    InLog(log): InLog,
    OfStream(stream): OfStream,
    Asked(page, raw, _): Asked<PageParameters, RawParameter>,
) -> Result<Response, RequestError> {
    page_of(log, Query::stream(stream), &page, raw.form()).await
}
