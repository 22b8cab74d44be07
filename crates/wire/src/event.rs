use annals::{Committed, JsonForm, RecordedEvent};

use crate::description::description;
use crate::records::Record;

/// What people read where a value was erased.
pub const ERASED: &str = "(erased)";

/// The columns of events as CSV.
pub const EVENT_COLUMNS: &[&str] = &[
    "position",
    "eventId",
    "eventType",
    "aggregateType",
    "aggregateId",
    "version",
    "schemaVersion",
    "timestamp",
    "recordedAt",
    "actorId",
    "tags",
    "description",
    "payload",
    "metadata",
    "context",
];

/// An event as a record.
///
/// Its JSON form is that of the API: `position`, `eventId`, `eventType`, `aggregateType`, `aggregateId`,
/// `version`, `schemaVersion`, `timestamp`, `recordedAt`, `actorId`, `tags`, `payload`, `metadata`, `context`,
/// and `erased` where something was erased. In the raw form, `payloadText` and `metadataText` are strings that
/// hold the producer's bytes.
pub struct EventRow<'a>(pub &'a RecordedEvent);

impl Record for EventRow<'_> {
    const COLUMNS: &'static [&'static str] = EVENT_COLUMNS;

    fn fields(&self) -> Vec<String> {
        event_cells(self.0)
    }

    fn write_json(&self, text: &mut String, form: JsonForm) {
        self.0.write_json(text, form);
    }
}

/// The cells below [`EVENT_COLUMNS`]; empty where a value was erased.
fn event_cells(event: &RecordedEvent) -> Vec<String> {
    let payload = text_of(&event.payload, "");
    let actor = text_of(&event.actor_id, "");
    let aggregate = format!("{}/{}", event.aggregate_type, text_of(&event.aggregate_id, ERASED));
    vec![
        event.position.to_string(),
        event.event_id.to_string(),
        event.event_type.to_string(),
        event.aggregate_type.to_string(),
        text_of(&event.aggregate_id, ""),
        event.version.to_string(),
        event.schema_version.to_string(),
        event.timestamp.to_string(),
        event.recorded_at.to_string(),
        actor.clone(),
        text_of(&event.tags, ""),
        description(event.event_type.as_str(), &aggregate, &actor, &payload),
        payload,
        text_of(&event.metadata, ""),
        event.context.value().map_or_else(String::new, |context| context.as_str().to_owned()),
    ]
}

/// Who did it, for people.
#[must_use]
pub fn event_actor(event: &RecordedEvent) -> String {
    text_of(&event.actor_id, ERASED)
}

fn text_of<T: ToString>(field: &Committed<T>, erased: &str) -> String {
    field.value().map_or_else(|| erased.to_owned(), T::to_string)
}
