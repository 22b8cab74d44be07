use annals_event::{
    ActorId, AggregateId, AggregateType, EventId, EventType, JsonObject, RecordedEvent, StreamVersion, Tags,
    Timestamp,
};
use annals_store::PreparedEvent;

use crate::term::Term;

/// What the index needs to know of an event. Erased values are absent.
pub(crate) struct IndexedEvent<'a> {
    pub(crate) position: u64,
    pub(crate) event_id: EventId,
    pub(crate) event_type: &'a EventType,
    pub(crate) aggregate_type: &'a AggregateType,
    pub(crate) aggregate_id: Option<&'a AggregateId>,
    pub(crate) version: StreamVersion,
    pub(crate) timestamp: Timestamp,
    pub(crate) actor_id: Option<&'a ActorId>,
    pub(crate) tags: Option<&'a Tags>,
    pub(crate) metadata: Option<&'a JsonObject>,
    pub(crate) payload: Option<&'a JsonObject>,
}

impl<'a> IndexedEvent<'a> {
    /// Calls `each` with every different term of the event.
    pub(crate) fn each_term(&self, mut each: impl FnMut(Term)) {
        each(Term::event_type(self.event_type));
        each(Term::aggregate_type(self.aggregate_type));
        if let Some(id) = self.aggregate_id {
            each(Term::of_stream(self.aggregate_type, id));
        }
        if let Some(actor) = self.actor_id {
            each(Term::actor(actor));
        }
        for tag in self.tags.map(Tags::as_slice).unwrap_or_default() {
            each(Term::tag(tag));
        }
        if let Some(id) = self.metadata.and_then(|metadata| metadata.string_member("correlationId")) {
            each(Term::correlation(&id));
        }
    }

    /// An event whose position and version are open.
    pub(crate) fn prepared(event: &'a PreparedEvent) -> Self {
        Self {
            position: 0,
            event_id: event.event_id,
            event_type: &event.sent.event_type,
            aggregate_type: &event.sent.stream.aggregate_type,
            aggregate_id: Some(&event.sent.stream.aggregate_id),
            version: StreamVersion::FIRST,
            timestamp: event.timestamp,
            actor_id: Some(&event.actor_id),
            tags: Some(&event.sent.tags),
            metadata: Some(&event.sent.metadata),
            payload: Some(&event.sent.payload),
        }
    }

    pub(crate) fn recorded(event: &'a RecordedEvent) -> Self {
        Self {
            position: event.position.0,
            event_id: event.event_id,
            event_type: &event.event_type,
            aggregate_type: &event.aggregate_type,
            aggregate_id: event.aggregate_id.value(),
            version: event.version,
            timestamp: event.timestamp,
            actor_id: event.actor_id.value(),
            tags: event.tags.value(),
            metadata: event.metadata.value(),
            payload: event.payload.value(),
        }
    }
}
