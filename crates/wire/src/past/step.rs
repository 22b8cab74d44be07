use annals::JsonForm;
use annals::history::Step;

use super::value::compact;
use crate::records::Record;

/// A step as a record.
pub struct StepRow<'a>(pub &'a Step);

impl Record for StepRow<'_> {
    const COLUMNS: &'static [&'static str] =
        &["version", "eventId", "eventType", "timestamp", "before", "after"];

    fn fields(&self) -> Vec<String> {
        let Step { event, before, after, .. } = self.0;
        vec![
            event.version.to_string(),
            event.event_id.to_string(),
            event.event_type.to_string(),
            event.timestamp.to_string(),
            compact(before),
            compact(after),
        ]
    }

    fn write_json(&self, text: &mut String, form: JsonForm) {
        let Step { event, before, after, .. } = self.0;
        text.push_str("{\"event\":");
        event.write_json(text, form);
        text.push_str(",\"before\":");
        before.write_json(text);
        text.push_str(",\"after\":");
        after.write_json(text);
        text.push('}');
    }
}
