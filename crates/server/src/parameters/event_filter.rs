use annals::{Query, QueryItem, TimeRange, Timestamp};
use annals_auth::ReadScope;
use annals_wire::{End, Reference};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::RequestError;

/// Which events are meant: those that fulfil everything that is given.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct EventFilter {
    /// Of this aggregate, written TYPE/ID; given several times, of any of them
    #[param(example = json!(["Order/order_456"]))]
    aggregate: Vec<String>,
    /// Of aggregates of this type
    #[param(example = "Order")]
    aggregate_type: Option<String>,
    /// Of aggregates with this id, whatever their type
    #[param(example = "order_456")]
    aggregate_id: Option<String>,
    /// Of this event type; given several times, of any of them
    #[serde(rename = "type")]
    #[param(example = json!(["OrderPlaced"]))]
    event_type: Vec<String>,
    /// Done by this actor
    #[param(example = "maria")]
    actor: Option<String>,
    /// With this tag; given several times, with all of them
    #[param(example = json!(["customer:42"]))]
    tag: Vec<String>,
    /// With this correlation id in their metadata
    correlation: Option<String>,
    /// That happened at this time or later: RFC 3339, a date (its first moment), or an age such as 24h or 7d
    #[param(example = "2026-11-20T10:30:00Z")]
    from: Option<String>,
    /// That happened at this time or earlier: RFC 3339, a date (its last moment), or an age
    #[param(example = "2026-11-21")]
    to: Option<String>,
    /// That were recorded at this time or later
    recorded_from: Option<String>,
    /// That were recorded at this time or earlier
    recorded_to: Option<String>,
    /// Whose payload fulfils this, written POINTER OP VALUE; the operators are = != < <= > >= exists contains; given
    /// several times, all of them
    #[serde(rename = "where")]
    #[param(example = json!(["/total > 100"]))]
    payload: Vec<String>,
}

impl EventFilter {
    /// The query that the filter makes, of those events that may be seen.
    ///
    /// # Errors
    /// [`RequestError::InvalidParameter`] that names the parameter.
    pub(crate) fn query(&self, reference: &Reference, scope: &ReadScope) -> Result<Query, RequestError> {
        let time =
            |name: &'static str, text: &Option<String>, end| moment(name, text.as_deref(), end, reference);
        let mut item = QueryItem {
            event_types: all("type", &self.event_type)?,
            streams: all("aggregate", &self.aggregate)?,
            aggregate_type: one("aggregateType", self.aggregate_type.as_deref())?,
            aggregate_id: one("aggregateId", self.aggregate_id.as_deref())?,
            tags: all("tag", &self.tag)?,
            actor_id: one("actor", self.actor.as_deref())?,
            correlation_id: self.correlation.clone(),
            timestamp: TimeRange {
                from: time("from", &self.from, End::First)?,
                to: time("to", &self.to, End::Last)?,
            },
            recorded_at: TimeRange {
                from: time("recordedFrom", &self.recorded_from, End::First)?,
                to: time("recordedTo", &self.recorded_to, End::Last)?,
            },
            payload: all("where", &self.payload)?,
        };
        if let ReadScope::Own(own) = scope {
            match &item.actor_id {
                // What another did is as if it were not there: no event fulfils an empty range of time.
                Some(actor) if actor != own => item.recorded_at = nothing(),
                _ => item.actor_id = Some(own.clone()),
            }
        }
        // A query without items is answered without looking at any field.
        Ok(if item == QueryItem::default() { Query::all() } else { Query::from(item) })
    }
}

/// A range of time in which nothing is recorded: it ends before it begins.
fn nothing() -> TimeRange {
    let before = Timestamp::from_micros(-1).unwrap_or(Timestamp::UNIX_EPOCH);
    TimeRange { from: Some(Timestamp::UNIX_EPOCH), to: Some(before) }
}

/// Reads a parameter.
pub(super) fn read<T: std::str::FromStr<Err: std::fmt::Display>>(
    name: &str,
    text: &str,
) -> Result<T, RequestError> {
    text.parse().map_err(|error: T::Err| RequestError::parameter(name, format!("cannot be read: {error}")))
}

fn all<T: std::str::FromStr<Err: std::fmt::Display>>(
    name: &str,
    texts: &[String],
) -> Result<Vec<T>, RequestError> {
    texts.iter().map(|text| read(name, text)).collect()
}

fn one<T: std::str::FromStr<Err: std::fmt::Display>>(
    name: &str,
    text: Option<&str>,
) -> Result<Option<T>, RequestError> {
    text.map(|text| read(name, text)).transpose()
}

fn moment(
    name: &str,
    text: Option<&str>,
    end: End,
    reference: &Reference,
) -> Result<Option<Timestamp>, RequestError> {
    let read = |text| {
        reference
            .moment(text, end)
            .map_err(|what| RequestError::parameter(name, format!("cannot be read: {what}")))
    };
    text.map(read).transpose()
}
