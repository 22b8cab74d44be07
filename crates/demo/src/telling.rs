//! What one act becomes: an append.

use annals_event::{
    ActorId, AggregateId, AggregateType, EventId, EventType, JsonObject, NewEvent, SchemaVersion, StreamName,
    Tag, Tags, Timestamp,
};
use serde::Serialize;

use crate::payload::Fact;
use crate::people::STAFF;
use crate::story_time::Span;

/// One act while it is told.
pub(crate) struct Telling {
    /// When it is recorded.
    at: Timestamp,
    /// How long before that it happened.
    lag: Span,
    /// What the ids of its events follow from.
    identity: [u8; 24],
    events: Vec<NewEvent>,
}

/// Who does something, and by which program.
pub(crate) struct By {
    actor: String,
    source: &'static str,
    kind: Kind,
}

#[derive(PartialEq, Eq)]
enum Kind {
    Person,
    Service,
}

/// What an event is about, apart from its payload.
pub(crate) struct About<'a> {
    pub(crate) stream: StreamName,
    /// What all events of one affair have in common.
    pub(crate) correlation: &'a str,
    /// The event that this one follows from.
    pub(crate) cause: Option<EventId>,
    pub(crate) tags: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    correlation_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    causation_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'a str>,
    source: &'static str,
}

impl Telling {
    /// An act that is recorded at a moment, and happened shortly before it.
    pub(crate) fn new(at: Timestamp, lag: Span, identity: [u8; 24]) -> Self {
        Self { at, lag, identity, events: Vec::new() }
    }

    /// When it happened.
    pub(crate) fn happened_at(&self) -> Timestamp {
        self.lag.before(self.at)
    }

    /// When it is recorded.
    pub(crate) fn recorded_at(&self) -> Timestamp {
        self.at
    }

    /// Adds an event that happened when the act did.
    pub(crate) fn event<F: Fact>(&mut self, by: &By, about: About<'_>, payload: &F) -> EventId {
        let happened_at = self.happened_at();
        self.event_of(happened_at, by, about, payload)
    }

    /// Adds an event that happened at another time.
    pub(crate) fn event_of<F: Fact>(
        &mut self,
        happened_at: Timestamp,
        by: &By,
        about: About<'_>,
        payload: &F,
    ) -> EventId {
        let id = EventId::derived(&[b"annals-demo", &self.identity, &self.events.len().to_be_bytes()]);
        let metadata = Metadata {
            correlation_id: about.correlation,
            causation_id: about.cause.map(|cause| cause.to_string()),
            user_id: (by.kind == Kind::Person).then_some(by.actor.as_str()),
            source: by.source,
        };
        self.events.push(NewEvent {
            event_id: Some(id),
            timestamp: Some(happened_at),
            actor_id: Some(ActorId::from_stored(&by.actor)),
            schema_version: Some(SchemaVersion::from_stored(F::SCHEMA_VERSION)),
            metadata: json(&metadata),
            tags: about.tags.iter().map(|tag| Tag::from_stored(tag)).collect::<Tags>(),
            ..NewEvent::new(about.stream, EventType::from_stored(F::TYPE), json(payload))
        });
        id
    }

    pub(crate) fn into_events(self) -> Vec<NewEvent> {
        self.events
    }
}

impl By {
    /// A customer, in the shop.
    pub(crate) fn customer(number: u64) -> Self {
        Self { actor: customer_id(number), source: "web-shop", kind: Kind::Person }
    }

    /// One of the staff, at a desk.
    pub(crate) fn colleague(place: usize) -> Self {
        Self { actor: STAFF[place].name.to_owned(), source: "back-office", kind: Kind::Person }
    }

    /// A service.
    pub(crate) fn service(name: &'static str) -> Self {
        Self { actor: name.to_owned(), source: name, kind: Kind::Service }
    }
}

/// A customer's id.
pub(crate) fn customer_id(number: u64) -> String {
    format!("customer_{number}")
}

/// The stream of an aggregate. Both parts are the story's own.
pub(crate) fn stream(aggregate_type: &str, aggregate_id: &str) -> StreamName {
    StreamName {
        aggregate_type: AggregateType::from_stored(aggregate_type),
        aggregate_id: AggregateId::from_stored(aggregate_id),
    }
}

fn json(value: &impl Serialize) -> JsonObject {
    let text = serde_json::to_string(value);
    JsonObject::from_stored(
        text.expect("a struct of texts, numbers and lists of such can be written as JSON"),
    )
}
