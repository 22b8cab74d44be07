use std::borrow::Cow;
use std::fmt::Write;

use crate::json::write_json_string;
use crate::{
    ActorId, AggregateId, AggregateType, Committed, CommittedField, Context, EventId, EventType, JsonObject,
    Position, SchemaVersion, StreamName, StreamVersion, Tags, Timestamp,
};

/// An event as the log holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedEvent {
    /// Its place in the order of all events.
    pub position: Position,
    /// Its identity.
    pub event_id: EventId,
    /// What happened.
    pub event_type: EventType,
    /// The kind of aggregate.
    pub aggregate_type: AggregateType,
    /// Which aggregate.
    pub aggregate_id: Committed<AggregateId>,
    /// Its place in its stream.
    pub version: StreamVersion,
    /// The version of the event type's shape.
    pub schema_version: SchemaVersion,
    /// When it happened, as the producer said.
    pub timestamp: Timestamp,
    /// When it was recorded, by the store's clock; it never goes backwards.
    pub recorded_at: Timestamp,
    /// Who did it.
    pub actor_id: Committed<ActorId>,
    /// Further entities that it is about.
    pub tags: Committed<Tags>,
    /// The producer's data, byte for byte.
    pub payload: Committed<JsonObject>,
    /// The producer's data about the event, byte for byte.
    pub metadata: Committed<JsonObject>,
    /// What Annals noted about the recording.
    pub context: Committed<Context>,
}

/// How the producer's texts stand in an event's JSON form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonForm {
    /// `payload` and `metadata` as JSON values.
    Embedded,
    /// `payloadText` and `metadataText` as strings, for readers who need the bytes through JSON tools.
    Raw,
}

impl RecordedEvent {
    /// The stream that the event belongs to, unless its aggregate id was erased.
    #[must_use]
    pub fn stream(&self) -> Option<StreamName> {
        let aggregate_id = self.aggregate_id.value()?.clone();
        Some(StreamName { aggregate_type: self.aggregate_type.clone(), aggregate_id })
    }

    /// The correlation id of the producer's metadata.
    #[must_use]
    pub fn correlation_id(&self) -> Option<Cow<'_, str>> {
        self.metadata.value()?.string_member("correlationId")
    }

    /// The causation id of the producer's metadata.
    #[must_use]
    pub fn causation_id(&self) -> Option<Cow<'_, str>> {
        self.metadata.value()?.string_member("causationId")
    }

    /// What is left of the fields that were erased.
    pub fn erased(&self) -> impl Iterator<Item = (CommittedField, crate::Commitment)> {
        [
            (CommittedField::ActorId, self.actor_id.erased()),
            (CommittedField::AggregateId, self.aggregate_id.erased()),
            (CommittedField::Context, self.context.erased()),
            (CommittedField::Metadata, self.metadata.erased()),
            (CommittedField::Payload, self.payload.erased()),
            (CommittedField::Tags, self.tags.erased()),
        ]
        .into_iter()
        .filter_map(|(field, commitment)| Some((field, commitment?)))
    }

    /// Appends the event to `text` as one JSON object on one line (but for what the producer wrote).
    ///
    /// Erased fields are absent and stand in `erased` with their commitments.
    pub fn write_json(&self, text: &mut String, form: JsonForm) {
        // Writing to a String cannot fail.
        let _ = write!(text, r#"{{"position":{},"eventId":"{}""#, self.position, self.event_id);
        string_member(text, "eventType", self.event_type.as_str());
        string_member(text, "aggregateType", self.aggregate_type.as_str());
        if let Some(aggregate_id) = self.aggregate_id.value() {
            string_member(text, "aggregateId", aggregate_id.as_str());
        }
        let _ = write!(text, r#","version":{},"schemaVersion":{}"#, self.version, self.schema_version);
        let _ = write!(text, r#","timestamp":"{}","recordedAt":"{}""#, self.timestamp, self.recorded_at);
        if let Some(actor_id) = self.actor_id.value() {
            string_member(text, "actorId", actor_id.as_str());
        }
        if let Some(tags) = self.tags.value() {
            let _ = write!(text, r#","tags":{tags}"#);
        }
        for (name, object) in [("payload", self.payload.value()), ("metadata", self.metadata.value())] {
            match (object, form) {
                (None, _) => {}
                (Some(object), JsonForm::Embedded) => raw_member(text, name, object.as_str()),
                (Some(object), JsonForm::Raw) => string_member(text, &format!("{name}Text"), object.as_str()),
            }
        }
        if let Some(context) = self.context.value() {
            raw_member(text, "context", context.as_str());
        }
        for (index, (field, commitment)) in self.erased().enumerate() {
            let lead = if index == 0 { r#","erased":{"# } else { "," };
            let _ = write!(text, r#"{lead}"{}":"{commitment}""#, field.name());
        }
        if self.erased().next().is_some() {
            text.push('}');
        }
        text.push('}');
    }

    /// The event as one JSON object.
    #[must_use]
    pub fn to_json(&self, form: JsonForm) -> String {
        let mut text = String::with_capacity(1_024);
        self.write_json(&mut text, form);
        text
    }
}

fn string_member(text: &mut String, name: &str, value: &str) {
    text.push(',');
    write_json_string(text, name);
    text.push(':');
    write_json_string(text, value);
}

fn raw_member(text: &mut String, name: &str, value: &str) {
    text.push(',');
    write_json_string(text, name);
    text.push(':');
    text.push_str(value);
}
