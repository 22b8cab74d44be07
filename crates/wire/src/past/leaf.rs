use annals::history::BlamedLeaf;
use annals::{JsonForm, write_json_string};

use super::value::compact;
use crate::records::Record;

/// A leaf and the event that last changed it.
pub struct LeafRow(pub BlamedLeaf);

impl Record for LeafRow {
    const COLUMNS: &'static [&'static str] =
        &["path", "value", "version", "position", "eventId", "eventType", "timestamp", "actorId"];

    fn fields(&self) -> Vec<String> {
        let BlamedLeaf { path, value, by } = &self.0;
        vec![
            path.to_string(),
            compact(value),
            by.version.to_string(),
            by.position.to_string(),
            by.event_id.to_string(),
            by.event_type.to_string(),
            by.timestamp.to_string(),
            by.actor_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        ]
    }

    fn write_json(&self, text: &mut String, _form: JsonForm) {
        let BlamedLeaf { path, value, by } = &self.0;
        text.push_str("{\"path\":");
        write_json_string(text, &path.to_string());
        text.push_str(",\"value\":");
        value.write_json(text);
        let (version, position, id) = (by.version, by.position, by.event_id);
        text.push_str(&format!(
            ",\"version\":{version},\"position\":{position},\"eventId\":\"{id}\",\"eventType\":"
        ));
        write_json_string(text, by.event_type.as_str());
        text.push_str(&format!(",\"timestamp\":\"{}\",\"actorId\":", by.timestamp));
        match &by.actor_id {
            Some(actor) => write_json_string(text, actor.as_str()),
            None => text.push_str("null"),
        }
        text.push('}');
    }
}
