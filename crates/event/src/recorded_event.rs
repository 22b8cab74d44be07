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
    /// As `Embedded` where the same bytes can be read back from one line, else as `Raw`: a producer may have written
    /// several lines, or spaces around the object.
    Exact,
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
        self.write_json_members(text, form, |_| true);
    }

    /// The same with those members only whose names are wanted.
    pub fn write_json_members(&self, text: &mut String, form: JsonForm, is_wanted: impl Fn(&str) -> bool) {
        let mut members = MemberWriter { text, lead: '{', is_wanted };
        members.plain("position", |text| write!(text, "{}", self.position));
        members.plain("eventId", |text| write!(text, "\"{}\"", self.event_id));
        members.string("eventType", Some(self.event_type.as_str()));
        members.string("aggregateType", Some(self.aggregate_type.as_str()));
        members.string("aggregateId", self.aggregate_id.value().map(AggregateId::as_str));
        members.plain("version", |text| write!(text, "{}", self.version));
        members.plain("schemaVersion", |text| write!(text, "{}", self.schema_version));
        members.plain("timestamp", |text| write!(text, "\"{}\"", self.timestamp));
        members.plain("recordedAt", |text| write!(text, "\"{}\"", self.recorded_at));
        members.string("actorId", self.actor_id.value().map(ActorId::as_str));
        if let Some(tags) = self.tags.value() {
            members.plain("tags", |text| write!(text, "{tags}"));
        }
        let (payload, metadata) = (self.payload.value(), self.metadata.value());
        let is_embedded = match form {
            JsonForm::Embedded => true,
            JsonForm::Raw => false,
            JsonForm::Exact => [payload, metadata].into_iter().flatten().all(is_exact_on_one_line),
        };
        if is_embedded {
            members.raw("payload", payload.map(JsonObject::as_str));
            members.raw("metadata", metadata.map(JsonObject::as_str));
        } else {
            members.string("payloadText", payload.map(JsonObject::as_str));
            members.string("metadataText", metadata.map(JsonObject::as_str));
        }
        members.raw("context", self.context.value().map(Context::as_str));
        if self.erased().next().is_some() {
            members.plain("erased", |text| {
                for (index, (field, commitment)) in self.erased().enumerate() {
                    let lead = if index == 0 { '{' } else { ',' };
                    write!(text, r#"{lead}"{}":"{commitment}""#, field.name())?;
                }
                text.write_char('}')
            });
        }
        members.finish();
    }

    /// The event as one JSON object.
    #[must_use]
    pub fn to_json(&self, form: JsonForm) -> String {
        let mut text = String::with_capacity(1_024);
        self.write_json(&mut text, form);
        text
    }
}

/// Whether an object's bytes can be read back from where it stands in a line of JSON.
fn is_exact_on_one_line(object: &JsonObject) -> bool {
    let text = object.as_str();
    text.starts_with('{') && text.ends_with('}') && !text.contains(['\n', '\r'])
}

/// Writes an object member by member. The names need no escapes.
struct MemberWriter<'a, W> {
    text: &'a mut String,
    /// What stands before the next member.
    lead: char,
    is_wanted: W,
}

impl<W: Fn(&str) -> bool> MemberWriter<'_, W> {
    /// Begins a member, if it is wanted: its value follows.
    fn begin(&mut self, name: &str) -> Option<&mut String> {
        if !(self.is_wanted)(name) {
            return None;
        }
        self.text.push(std::mem::replace(&mut self.lead, ','));
        self.text.push('"');
        self.text.push_str(name);
        self.text.push_str("\":");
        Some(self.text)
    }

    fn plain(&mut self, name: &str, write: impl FnOnce(&mut String) -> std::fmt::Result) {
        if let Some(text) = self.begin(name) {
            // Writing to a String cannot fail.
            let _ = write(text);
        }
    }

    fn string(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value
            && let Some(text) = self.begin(name)
        {
            write_json_string(text, value);
        }
    }

    fn raw(&mut self, name: &str, json: Option<&str>) {
        if let Some(json) = json
            && let Some(text) = self.begin(name)
        {
            text.push_str(json);
        }
    }

    fn finish(self) {
        self.text.push_str(if self.lead == '{' { "{}" } else { "}" });
    }
}
