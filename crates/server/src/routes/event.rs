//! One event.

use annals::{EventStore, Position, Query, ReadOptions, RecordedEvent, StoreError};
use annals_auth::{Caller, ReadScope};
use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;

use crate::answer;
use crate::guard::read_scope;
use crate::parameters::{Asked, EventRef, InLog, OfEvent, RawParameter};
use crate::problem::RequestError;

/// Show one event
///
/// By its id or its position.
#[utoipa::path(
    get, path = "/v1/events/{event}", tag = "events",
    params(("event" = String, Path, description = "The event's id, or its position", example = "1042"), RawParameter),
    responses((status = 200, description = "The event", body = ref("Event")))
)]
pub(crate) async fn show(
    InLog(log): InLog,
    OfEvent(event): OfEvent,
    Extension(caller): Extension<Caller>,
    Asked(raw, ..): Asked<RawParameter>,
) -> Result<Response, RequestError> {
    let event = find(log.events(), event, &read_scope(&caller)?).await?;
    Ok(answer::json(StatusCode::OK, event.to_json(raw.form())))
}

/// The event that somebody names, if it may be seen. One that may not is as if it were not there.
///
/// # Errors
/// [`StoreError::NotFound`].
pub(super) async fn find(
    events: &dyn EventStore,
    event: EventRef,
    scope: &ReadScope,
) -> Result<RecordedEvent, RequestError> {
    let (position, what) = match event {
        EventRef::At(position) => (Some(position), format!("event at position {position}")),
        EventRef::Id(id) => (events.position_of(id).await?, format!("event with the id {id}")),
    };
    let found = match position {
        Some(position) => at(events, position).await?,
        None => None,
    };
    found.filter(|event| scope.shows(event.actor_id.value())).ok_or_else(|| RequestError::not_found(what))
}

/// The event at this position.
pub(crate) async fn at(
    events: &dyn EventStore,
    position: Position,
) -> Result<Option<RecordedEvent>, StoreError> {
    let options = ReadOptions {
        after: position.0.checked_sub(1).map(Position),
        limit: Some(1),
        size: position.0.checked_add(1),
        ..ReadOptions::default()
    };
    let page = annals::EventReader::new(events, Query::all(), options).next_page().await?;
    Ok(page.and_then(|events| events.into_iter().next()).filter(|event| event.position == position))
}
