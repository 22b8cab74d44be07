//! A user's own trail, in the form of a todo platform's audit service.

mod keys;

use annals::{ActorId, Query, QueryItem, RecordedEvent, TimeRange, write_json_string};
use annals_auth::{Caller, Permission, ReadScope};
use annals_wire::End;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::event::find;
use crate::answer::stream_items;
use crate::guard::read_scope;
use crate::parameters::{Asked, EventRef, InLog, Order, PathParameters, limit};
use crate::problem::RequestError;
use crate::state::App;

use keys::sorted_positions;

/// By what a trail is sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(rename_all = "snake_case")]
pub(crate) enum TrailSort {
    /// By when it happened.
    #[default]
    Timestamp,
    /// By what happened, and then by when.
    EventType,
}

/// Which part of a trail is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct TrailParameters {
    /// Only events of this type
    event_type: Option<String>,
    /// Only what happened at this time or later
    from: Option<String>,
    /// Only what happened at this time or earlier
    to: Option<String>,
    /// timestamp or event_type
    #[param(inline)]
    sort: TrailSort,
    /// asc or desc, which is the newest first
    #[param(inline)]
    order: Option<Order>,
    /// At most so many items, from 1 to 1,000
    #[param(minimum = 1, maximum = 1000, default = 50)]
    limit: Option<u64>,
    /// Leave out so many items first
    offset: u64,
}

/// A user's own trail
///
/// Everything that the user did, the newest first.
#[utoipa::path(
    get, path = "/api/{user_id}/audit", tag = "events",
    params(("user_id" = String, Path, description = "The actor"), TrailParameters),
    responses((status = 200, description = "A part of the trail", body = ref("Trail")))
)]
pub(crate) async fn trail(
    State(app): State<App>,
    InLog(log): InLog,
    Extension(caller): Extension<Caller>,
    path: PathParameters,
    Asked(asked, ..): Asked<TrailParameters>,
) -> Result<Response, RequestError> {
    let user: ActorId = path.read("user_id")?;
    let scope = read_scope(&caller)?;
    if matches!(&scope, ReadScope::Own(own) if *own != user) {
        return Err(RequestError::Forbidden { permission: Permission::ReadAll });
    }
    let limit = limit(asked.limit)?;
    let order = asked.order.unwrap_or(Order::Desc);
    let query = asked.query(&app, user)?;
    let positions = sorted_positions(log.events(), query, asked.sort, order).await?;
    let (total, offset) = (positions.len(), asked.offset);
    let skipped = usize::try_from(offset).unwrap_or(usize::MAX);
    let wanted: Vec<_> =
        positions.into_iter().skip(skipped).take(usize::try_from(limit).unwrap_or(usize::MAX)).collect();
    stream_items(async move |mut sink| {
        for position in wanted {
            let event = find(log.events(), EventRef::At(position), &scope).await?;
            sink.item(|text| write_item(text, &event)).await?;
        }
        Ok(sink.finish_without_next(|text| {
            text.push_str(&format!(",\"total\":{total},\"limit\":{limit},\"offset\":{offset}"));
        }))
    })
    .await
}

impl TrailParameters {
    fn query(&self, app: &App, user: ActorId) -> Result<Query, RequestError> {
        let reference = app.reference();
        let time = |name: &'static str, text: &Option<String>, end| {
            let time = text.as_deref().map(|text| reference.moment(text, end)).transpose();
            time.map_err(|what| RequestError::parameter(name, format!("cannot be read: {what}")))
        };
        let event_types = self.event_type.iter().map(|name| {
            let invalid = |error| RequestError::parameter("event_type", format!("cannot be one: {error}"));
            name.parse().map_err(invalid)
        });
        Ok(Query::from(QueryItem {
            event_types: event_types.collect::<Result<_, _>>()?,
            actor_id: Some(user),
            timestamp: TimeRange {
                from: time("from", &self.from, End::First)?,
                to: time("to", &self.to, End::Last)?,
            },
            ..QueryItem::default()
        }))
    }
}

/// Appends an event as the trail has it: the aggregate is the task, the payload the event's data.
fn write_item(text: &mut String, event: &RecordedEvent) {
    text.push_str(&format!("{{\"id\":{},\"event_id\":\"{}\"", event.position, event.event_id));
    let aggregate_id = event.aggregate_id.value().map(|id| id.as_str());
    let members = [
        ("event_type", Some(event.event_type.as_str())),
        ("user_id", event.actor_id.value().map(|actor| actor.as_str())),
        ("task_id", aggregate_id),
    ];
    for (name, value) in members {
        text.push_str(&format!(",\"{name}\":"));
        match value {
            Some(value) => write_json_string(text, value),
            None => text.push_str("null"),
        }
    }
    text.push_str(",\"event_data\":");
    text.push_str(event.payload.value().map_or("null", |payload| payload.as_str()));
    text.push_str(&format!(",\"timestamp\":\"{}\"}}", event.timestamp));
}
