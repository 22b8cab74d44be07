//! What must be true for an append to be carried out.

use std::collections::BTreeMap;

use annals::{
    AppendCondition, ExpectedVersion, NewEvent, Position, Query, QueryItem, StreamName, StreamVersion,
    TimeRange,
};
use annals_wire::{End, Reference};
use serde::Deserialize;

use crate::problem::RequestError;

/// At which version aggregates must be.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum ExpectedBody {
    /// The one aggregate of the append.
    Number(u64),
    /// The one aggregate of the append.
    Word(String),
    /// Each of several, by its name.
    Several(BTreeMap<String, ExpectedOne>),
}

/// At which version one of several aggregates must be.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum ExpectedOne {
    Number(u64),
    Word(String),
}

/// A condition over the whole log.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct ConditionBody {
    /// Any of these.
    fail_if_events_match: Vec<QueryItemBody>,
    /// Only events behind this position count.
    #[serde(default)]
    after: Option<u64>,
}

/// All of what is given.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct QueryItemBody {
    types: Vec<String>,
    aggregates: Vec<String>,
    aggregate_type: Option<String>,
    aggregate_id: Option<String>,
    tags: Vec<String>,
    actor: Option<String>,
    correlation: Option<String>,
    from: Option<String>,
    to: Option<String>,
    recorded_from: Option<String>,
    recorded_to: Option<String>,
    #[serde(rename = "where")]
    payload: Vec<String>,
}

impl ExpectedBody {
    /// The preconditions of an append of these events.
    pub(super) fn of(self, events: &[NewEvent]) -> Result<Vec<(StreamName, ExpectedVersion)>, RequestError> {
        let expected = match self {
            Self::Several(several) => {
                let each = several.into_iter().map(|(name, expected)| {
                    let expected = match expected {
                        ExpectedOne::Number(version) => exactly(version),
                        ExpectedOne::Word(word) => by_word(&word)?,
                    };
                    Ok((read("expectedVersion", &name)?, expected))
                });
                return each.collect();
            }
            Self::Number(version) => exactly(version),
            Self::Word(word) => by_word(&word)?,
        };
        let Some(first) = events.first() else { return Ok(Vec::new()) };
        if events.iter().any(|event| event.stream != first.stream) {
            let what = "expectedVersion: the events are of several aggregates; give an object with a version for each, \
                        as in {\"Order/order_456\": 3}";
            return Err(RequestError::Body { what: what.to_owned() });
        }
        Ok(vec![(first.stream.clone(), expected)])
    }
}

/// An aggregate without events is at version 0.
fn exactly(version: u64) -> ExpectedVersion {
    match version {
        0 => ExpectedVersion::NoStream,
        version => ExpectedVersion::Exactly(StreamVersion(version)),
    }
}

fn by_word(word: &str) -> Result<ExpectedVersion, RequestError> {
    Ok(match word {
        "any" => ExpectedVersion::Any,
        "none" => ExpectedVersion::NoStream,
        "exists" => ExpectedVersion::StreamExists,
        other => {
            let what =
                format!("expectedVersion: {other:?} is no version; give a number, none, exists or any");
            return Err(RequestError::Body { what });
        }
    })
}

impl ConditionBody {
    pub(super) fn read(self, reference: &Reference) -> Result<AppendCondition, RequestError> {
        if self.fail_if_events_match.is_empty() {
            let what = "condition: failIfEventsMatch is empty; give at least one object, {} for every event";
            return Err(RequestError::Body { what: what.to_owned() });
        }
        let items = self.fail_if_events_match.into_iter().map(|item| item.read(reference));
        let query = Query { items: items.collect::<Result<_, _>>()? };
        Ok(AppendCondition { fail_if_events_match: query, after: self.after.map(Position) })
    }
}

impl QueryItemBody {
    fn read(self, reference: &Reference) -> Result<QueryItem, RequestError> {
        let time = |text: Option<String>, end: End| {
            let moment = text.map(|text| reference.moment(&text, end)).transpose();
            moment.map_err(|what| RequestError::Body { what: format!("condition: {what}") })
        };
        Ok(QueryItem {
            event_types: all(&self.types)?,
            streams: all(&self.aggregates)?,
            aggregate_type: self.aggregate_type.map(|text| read("condition", &text)).transpose()?,
            aggregate_id: self.aggregate_id.map(|text| read("condition", &text)).transpose()?,
            tags: all(&self.tags)?,
            actor_id: self.actor.map(|text| read("condition", &text)).transpose()?,
            correlation_id: self.correlation,
            timestamp: TimeRange { from: time(self.from, End::First)?, to: time(self.to, End::Last)? },
            recorded_at: TimeRange {
                from: time(self.recorded_from, End::First)?,
                to: time(self.recorded_to, End::Last)?,
            },
            payload: all(&self.payload)?,
        })
    }
}

fn all<T: std::str::FromStr<Err: std::fmt::Display>>(texts: &[String]) -> Result<Vec<T>, RequestError> {
    texts.iter().map(|text| read("condition", text)).collect()
}

fn read<T: std::str::FromStr<Err: std::fmt::Display>>(member: &str, text: &str) -> Result<T, RequestError> {
    text.parse().map_err(|error: T::Err| RequestError::Body { what: format!("{member}: {error}") })
}
