use std::borrow::Cow;

use annals_event::{EventId, JsonObject, JsonPointer, Tags, json_value};
use annals_store::PreparedEvent;
use serde_json::Value;
use tokio_postgres::Row;
use twox_hash::XxHash3_64;

use crate::errors::Failure;
use crate::uuid::Uuid;

/// A value of one field of an event, as the tail knows it: its hash. Two values may meet in one hash, so whoever
/// follows a term looks at the event itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Term(u64);

impl Term {
    pub(crate) fn event_id(id: EventId) -> Self {
        Self(XxHash3_64::oneshot(id.as_bytes()))
    }

    pub(crate) fn aggregate_id(id: &str) -> Self {
        Self::of(1, id)
    }

    pub(crate) fn event_type(event_type: &str) -> Self {
        Self::of(2, event_type)
    }

    pub(crate) fn actor(actor: &str) -> Self {
        Self::of(3, actor)
    }

    pub(crate) fn correlation(id: &str) -> Self {
        Self::of(4, id)
    }

    pub(crate) fn tag(tag: &str) -> Self {
        Self::of(5, tag)
    }

    /// A scalar at a path of a payload; equal ones have one term, however they are written.
    pub(crate) fn payload(pointer: &JsonPointer, value: &str) -> Option<Self> {
        let key = match json_value(value)? {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => value.to_string(),
            // Equal decimals have one double; to add 0 makes 0 of -0.
            Value::Number(number) => format!("{:x}", (number.as_f64()? + 0.0).to_bits()),
            Value::String(text) => format!("\"{text}"),
            Value::Array(_) | Value::Object(_) => return None,
        };
        Some(Self::of(Self::of(6, pointer.as_str()).0, &key))
    }

    fn of(seed: u64, value: &str) -> Self {
        Self(XxHash3_64::oneshot_with_seed(seed, value.as_bytes()))
    }
}

/// The values of an event by which it may be looked for. Erased ones are absent.
pub(crate) struct EventTerms<'e> {
    event_id: EventId,
    aggregate_id: Option<&'e str>,
    event_type: &'e str,
    actor: Option<&'e str>,
    correlation: Option<Cow<'e, str>>,
    tags: Cow<'e, Tags>,
    payload: Option<Cow<'e, JsonObject>>,
}

impl<'e> EventTerms<'e> {
    /// Those of an event that was just written.
    pub(crate) fn of_event(event: &'e PreparedEvent) -> Self {
        Self {
            event_id: event.event_id,
            aggregate_id: Some(event.sent.stream.aggregate_id.as_str()),
            event_type: event.sent.event_type.as_str(),
            actor: Some(event.actor_id.as_str()),
            correlation: event.sent.metadata.string_member("correlationId"),
            tags: Cow::Borrowed(&event.sent.tags),
            payload: Some(Cow::Borrowed(&event.sent.payload)),
        }
    }

    /// Those of a row of `written_since.sql`.
    pub(crate) fn of_row(row: &'e Row) -> Result<Self, Failure> {
        let tags = row.try_get::<_, Option<&str>>(7)?.filter(|tags| *tags != "[]");
        Ok(Self {
            event_id: row.try_get::<_, Uuid>(1)?.0,
            aggregate_id: row.try_get(4)?,
            event_type: row.try_get(2)?,
            actor: row.try_get(6)?,
            correlation: row.try_get::<_, Option<&str>>(8)?.map(Cow::Borrowed),
            // Tags that cannot be read match no question either.
            tags: Cow::Owned(tags.and_then(Tags::from_stored).unwrap_or_default()),
            payload: row.try_get::<_, Option<&str>>(9)?.map(|text| Cow::Owned(JsonObject::from_stored(text))),
        })
    }

    /// Calls `each` with every term, those of the values at some paths of the payload included.
    pub(super) fn each(&self, pointers: &[JsonPointer], mut each: impl FnMut(Term)) {
        each(Term::event_id(self.event_id));
        each(Term::event_type(self.event_type));
        let optional = [
            self.aggregate_id.map(Term::aggregate_id),
            self.actor.map(Term::actor),
            self.correlation.as_deref().map(Term::correlation),
        ];
        optional.into_iter().flatten().for_each(&mut each);
        self.tags.as_slice().iter().map(|tag| Term::tag(tag.as_str())).for_each(&mut each);
        for pointer in pointers {
            let value = self.payload.as_deref().and_then(|payload| payload.at(pointer));
            if let Some(term) = value.and_then(|value| Term::payload(pointer, value)) {
                each(term);
            }
        }
    }
}
