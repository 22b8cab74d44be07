use std::io::{self, Write};

use annals::JsonForm;
use annals::history::Step;

use crate::output::{Console, Record, compact, event_actor, write_annotated};

/// A step as a record.
pub(super) struct StepRow<'a>(pub(super) &'a Step);

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

/// Writes an event and the state behind it, in which it is marked what the event changed.
pub(super) fn write_step(out: &mut dyn Write, step: &Step, console: &Console) -> io::Result<()> {
    let Step { event, after, changes, .. } = step;
    let (style, aside) = (console.heading, console.marks.aside);
    let (version, time, event_type) = (event.version, console.time(event.timestamp), &event.event_type);
    writeln!(out, "{version:>3}  {time}  {style}{event_type}{style:#} by {}", event_actor(event))?;
    if changes.is_empty() {
        writeln!(out, "  {aside}changes nothing{aside:#}")?;
    }
    write_annotated(out, after, changes, console)
}
