//! Lists of events.

use std::sync::Arc;

use annals::{JsonForm, Query};
use annals_auth::Caller;
use annals_wire::{EventRow, Record as _};
use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use super::scan::{Part, Scan, count};
use crate::answer::stream_items;
use crate::guard::read_scope;
use crate::logs::OpenLog;
use crate::parameters::{Asked, EventFilter, InLog, PageParameters, RawParameter};
use crate::problem::RequestError;
use crate::state::App;

/// Query events
///
/// The events that fulfil all filters, by position. A page may have fewer items than its limit and yet be followed by
/// another: `next` says so.
#[utoipa::path(
    get, path = "/v1/events", tag = "events",
    params(EventFilter, PageParameters, RawParameter),
    responses((status = 200, description = "A page of events", body = ref("EventList")))
)]
pub(crate) async fn list(
    State(app): State<App>,
    InLog(log): InLog,
    Extension(caller): Extension<Caller>,
    Asked(filter, page, raw): Asked<EventFilter, PageParameters, RawParameter>,
) -> Result<Response, RequestError> {
    let query = filter.query(&app.reference(), &read_scope(&caller)?)?;
    page_of(log, query, &page, raw.form()).await
}

/// A page of the events that match, and with an offset how many match.
pub(super) async fn page_of(
    log: Arc<OpenLog>,
    query: Query,
    page: &PageParameters,
    form: JsonForm,
) -> Result<Response, RequestError> {
    let part = Part::of(page)?;
    let total = match page.offset() {
        Some(_) => Some(count(log.events(), &query).await?),
        None => None,
    };
    stream_items(async move |mut sink| {
        let mut scan = Scan::new(log.events(), &query, part);
        while let Some(events) = scan.next_events().await? {
            for event in &events {
                sink.item(|text| EventRow(event).write_json(text, form)).await?;
            }
        }
        let next = scan.next().map(|position| position.to_string());
        Ok(sink.finish_with(next.as_deref(), |text| {
            if let Some(total) = total {
                text.push_str(&format!(",\"total\":{total}"));
            }
        }))
    })
    .await
}
