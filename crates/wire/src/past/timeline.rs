use annals::history::TimelineEntry;
use annals::{JsonForm, write_json_string};

use super::change::write_changes_json;
use crate::records::Record;

/// An event with what it changed, as a record.
pub struct TimelineRow<'a>(pub &'a TimelineEntry);

impl Record for TimelineRow<'_> {
    const COLUMNS: &'static [&'static str] =
        &["version", "position", "eventId", "eventType", "timestamp", "recordedAt", "actorId", "changes"];

    fn fields(&self) -> Vec<String> {
        let TimelineEntry { event, changes } = self.0;
        let mut json = String::new();
        write_changes_json(&mut json, changes);
        vec![
            event.version.to_string(),
            event.position.to_string(),
            event.event_id.to_string(),
            event.event_type.to_string(),
            event.timestamp.to_string(),
            event.recorded_at.to_string(),
            event.actor_id.value().map(ToString::to_string).unwrap_or_default(),
            json,
        ]
    }

    fn write_json(&self, text: &mut String, _form: JsonForm) {
        let TimelineEntry { event, changes } = self.0;
        let (version, position, id) = (event.version, event.position, event.event_id);
        text.push_str(&format!(
            "{{\"version\":{version},\"position\":{position},\"eventId\":\"{id}\",\"eventType\":"
        ));
        write_json_string(text, event.event_type.as_str());
        text.push_str(&format!(
            ",\"timestamp\":\"{}\",\"recordedAt\":\"{}\",\"actorId\":",
            event.timestamp, event.recorded_at
        ));
        match event.actor_id.value() {
            Some(actor) => write_json_string(text, actor.as_str()),
            None => text.push_str("null"),
        }
        text.push_str(",\"changes\":");
        write_changes_json(text, changes);
        text.push('}');
    }
}
