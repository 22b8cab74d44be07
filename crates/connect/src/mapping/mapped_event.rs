use annals_event::{
    ActorId, Context, ContextBuilder, EventId, EventType, JsonObject, NewEvent, SchemaVersion, StreamName,
    Tags, Timestamp,
};

use crate::refusal::Refusal;
use crate::source_name::SourceName;

/// An event as a mapping makes it of a record, before it gets its identity and its context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedEvent {
    /// The stream that the event belongs to.
    pub stream: StreamName,
    /// What happened.
    pub event_type: EventType,
    /// The producer's data.
    pub payload: JsonObject,
    /// The producer's data about the event.
    pub metadata: JsonObject,
    /// The source's id of the event, if it has one.
    pub event_id: Option<SourceEventId>,
    /// When it happened.
    pub timestamp: Option<Timestamp>,
    /// Who did it.
    pub actor_id: Option<ActorId>,
    /// The version of the event type's shape.
    pub schema_version: Option<SchemaVersion>,
    /// Further entities that the event is about.
    pub tags: Tags,
    /// What is noted about the recording.
    pub provenance: Provenance,
}

/// A source's id of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceEventId {
    /// A UUID, which is the event's id.
    Uuid(EventId),
    /// Something else, from which the event's id is derived.
    Foreign {
        /// Within what the id is unique; within the source when there is none.
        issuer: Option<String>,
        /// The id.
        id: String,
    },
}

/// What a mapping knows of an event's context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provenance {
    /// The event is recorded from here, perhaps within a W3C trace.
    Here {
        /// The trace context.
        traceparent: Option<String>,
    },
    /// The event was recorded before, by another log, with this context.
    Elsewhere(Context),
}

/// Where an event comes from: what its id and its context tell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) source: &'a SourceName,
    /// The record's first line.
    pub(crate) line: u64,
    /// The record as it stands there.
    pub(crate) record: &'a str,
    /// The event's index among those of its record, from 0.
    pub(crate) ordinal: usize,
}

impl MappedEvent {
    /// An event of which only the necessary is known.
    #[must_use]
    pub fn new(stream: StreamName, event_type: EventType, payload: JsonObject) -> Self {
        Self {
            stream,
            event_type,
            payload,
            metadata: JsonObject::empty(),
            event_id: None,
            timestamp: None,
            actor_id: None,
            schema_version: None,
            tags: Tags::default(),
            provenance: Provenance::Here { traceparent: None },
        }
    }

    /// The event with its identity and its context.
    ///
    /// A record's own UUID is the id. From any other id follows the UUIDv5 of `"source-event"`, its issuer or the
    /// source's name, and the id. Without an id it is the UUIDv5 of `"import"`, the source's name, the line in
    /// decimal digits, the record's bytes and the ordinal in decimal digits, so that the same line of the same
    /// source is always the same event. See [`EventId::derived`] for how the parts are joined.
    pub(crate) fn into_new_event(self, place: Place<'_>) -> Result<NewEvent, Refusal> {
        let mut context = ContextBuilder {
            source: Some(format!("file:{}:{}", place.source, place.line)),
            ..ContextBuilder::default()
        };
        let event_id = match self.event_id {
            Some(SourceEventId::Uuid(event_id)) => event_id,
            Some(SourceEventId::Foreign { issuer, id }) => {
                let issuer = issuer.as_deref().unwrap_or(place.source.as_str());
                let event_id = EventId::derived(&[b"source-event", issuer.as_bytes(), id.as_bytes()]);
                context.source_event_id = Some(id);
                event_id
            }
            None => place.event_id(),
        };
        let context = match self.provenance {
            Provenance::Elsewhere(recorded) => recorded,
            Provenance::Here { traceparent } => {
                let refuse = |source| Refusal::InvalidText { member: "context".into(), source };
                ContextBuilder { traceparent, ..context }.build().map_err(refuse)?
            }
        };
        Ok(NewEvent {
            stream: self.stream,
            event_type: self.event_type,
            payload: self.payload,
            metadata: self.metadata,
            context,
            event_id: Some(event_id),
            timestamp: self.timestamp,
            actor_id: self.actor_id,
            schema_version: self.schema_version,
            tags: self.tags,
        })
    }
}

impl Place<'_> {
    /// The id of an event that has none of its own.
    fn event_id(&self) -> EventId {
        EventId::derived(&[
            b"import",
            self.source.as_str().as_bytes(),
            self.line.to_string().as_bytes(),
            self.record.as_bytes(),
            self.ordinal.to_string().as_bytes(),
        ])
    }
}

impl From<&str> for SourceEventId {
    fn from(id: &str) -> Self {
        match id.parse() {
            Ok(event_id) => Self::Uuid(event_id),
            Err(_) => Self::Foreign { issuer: None, id: id.to_owned() },
        }
    }
}
