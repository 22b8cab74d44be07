use annals::{Committed, JsonForm, RecordedEvent};

use super::cell::{Cell, Heading};
use super::console::Console;
use super::records::Record;
use super::rows::Row;
use super::summary::{description, scalar_members};

/// What stands where a value was erased.
const ERASED: &str = "(erased)";

/// The columns of events as CSV.
pub(crate) const EVENT_COLUMNS: &[&str] = &[
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

/// An event as a row.
///
/// Its JSON form is that of the API: `position`, `eventId`, `eventType`, `aggregateType`, `aggregateId`,
/// `version`, `schemaVersion`, `timestamp`, `recordedAt`, `actorId`, `tags`, `payload`, `metadata`, `context`,
/// and `erased` where something was erased. With `--raw`, `payloadText` and `metadataText` are strings that
/// hold the producer's bytes.
pub(crate) struct EventRow<'a>(pub(crate) &'a RecordedEvent);

impl Record for EventRow<'_> {
    const COLUMNS: &'static [&'static str] = EVENT_COLUMNS;

    fn fields(&self) -> Vec<String> {
        event_cells(self.0)
    }

    fn write_json(&self, text: &mut String, form: JsonForm) {
        self.0.write_json(text, form);
    }
}

impl Row for EventRow<'_> {
    const HEADINGS: &'static [Heading] = &[
        Heading::right("position"),
        Heading::left("time"),
        Heading::left("type"),
        Heading::left("aggregate"),
        Heading::right("version"),
        Heading::left("actor"),
        Heading::left("payload"),
    ];

    fn cells(&self, console: &Console) -> Vec<Cell> {
        let event = self.0;
        let payload = match &event.payload {
            Committed::Value(payload) => Cell::Members(scalar_members(payload.as_str())),
            Committed::Erased(_) => Cell::from(ERASED),
        };
        vec![
            Cell::from(event.position),
            Cell::from(console.time(event.timestamp)),
            Cell::from(&event.event_type),
            Cell::from(aggregate(event)),
            Cell::from(event.version),
            Cell::from(text_of(&event.actor_id, ERASED)),
            payload,
        ]
    }
}

/// The cells below [`EVENT_COLUMNS`]; empty where a value was erased.
pub(crate) fn event_cells(event: &RecordedEvent) -> Vec<String> {
    let payload = text_of(&event.payload, "");
    let actor = text_of(&event.actor_id, "");
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
        description(event.event_type.as_str(), &aggregate(event), &actor, &payload),
        payload,
        text_of(&event.metadata, ""),
        event.context.value().map_or_else(String::new, |context| context.as_str().to_owned()),
    ]
}

/// Who did it, for people.
pub(crate) fn event_actor(event: &RecordedEvent) -> String {
    text_of(&event.actor_id, ERASED)
}

fn aggregate(event: &RecordedEvent) -> String {
    format!("{}/{}", event.aggregate_type, text_of(&event.aggregate_id, ERASED))
}

fn text_of<T: ToString>(field: &Committed<T>, erased: &str) -> String {
    field.value().map_or_else(|| erased.to_owned(), T::to_string)
}
