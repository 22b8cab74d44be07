use std::io::{self, Write};

use annals::history::{Change, Undo, Undone, Value};
use annals::{JsonForm, JsonObject, Placement, StreamName, StreamVersion, write_json_string};

use crate::output::{
    Console, EventPlace, Record, RecordFormat, RecordWriter, indented, write_changes, write_changes_json,
    write_event_refs,
};

/// So many of the undone events are shown to people.
const UNDONE_SHOWN: usize = 12;

/// What brings an aggregate back to an earlier state.
pub(super) struct Answer {
    /// The aggregate.
    pub(super) stream: StreamName,
    /// The version that it has.
    pub(super) from: StreamVersion,
    /// The version whose state shall be back.
    pub(super) to: StreamVersion,
    /// What brings it back.
    pub(super) undo: Undo,
    /// Where the event stands, if one was recorded.
    pub(super) appended: Option<Placement>,
}

/// Prints the answer in the form that is asked for.
pub(super) fn print(answer: &Answer, console: &Console) -> io::Result<()> {
    let mut out = console.out();
    match RecordFormat::of(console.format) {
        None => {
            answer.write_text(&mut out, console)?;
            out.flush()
        }
        Some(format) => {
            // One thing is an object, not an array of one.
            let format = if format == RecordFormat::Json { RecordFormat::Jsonl } else { format };
            let mut records = RecordWriter::new(out, format, JsonForm::Embedded);
            records.record(answer)?;
            records.finish::<Answer>().map(drop)
        }
    }
}

impl Answer {
    /// The payload, the changes, and what is undone.
    fn parts(&self) -> (Option<&JsonObject>, &[Change], Option<&Undone>) {
        match &self.undo {
            Undo::Nothing => (None, &[], None),
            Undo::Payload { payload, changes, undone } => (Some(payload), changes, Some(undone)),
            Undo::Difference { changes, undone } => (None, changes, Some(undone)),
        }
    }

    fn write_text(&self, out: &mut dyn Write, console: &Console) -> io::Result<()> {
        let Self { stream, from, to, undo, appended } = self;
        let style = console.heading;
        let (payload, changes, undone) = self.parts();
        match undo {
            Undo::Nothing => {
                return writeln!(out, "{style}{stream}{style:#} is in its state at version {to} already");
            }
            Undo::Payload { .. } => {
                writeln!(
                    out,
                    "{style}{stream}{style:#}: this payload brings version {from} back to version {to}"
                )?;
            }
            Undo::Difference { .. } => writeln!(
                out,
                "{style}{stream}{style:#}: its reducer is a jq program, which cannot be inverted; this is what an event\n\
                 would have to change to bring version {from} back to version {to}"
            )?,
        }
        if let Some(payload) = payload {
            let text =
                Value::parse(payload.as_str()).map_or_else(|_| payload.to_string(), |value| indented(&value));
            writeln!(out, "\n{text}")?;
            writeln!(out, "\n{style}changes{style:#}")?;
        } else {
            writeln!(out)?;
        }
        write_changes(out, changes.iter(), 0, console)?;
        if let Some(undone) = undone {
            write_undone(out, undone, console)?;
        }
        match appended {
            Some(place) => {
                writeln!(out, "\nrecorded as version {}, at position {}", place.version, place.position)
            }
            None => Ok(()),
        }
    }
}

fn write_undone(out: &mut dyn Write, undone: &Undone, console: &Console) -> io::Result<()> {
    let style = console.heading;
    writeln!(out, "\n{style}undoes{style:#}")?;
    let shown = undone.events.len().min(UNDONE_SHOWN);
    for event in undone.events.iter().rev().take(shown) {
        writeln!(out, "{}", event.in_words(console))?;
    }
    match undone.count - shown as u64 {
        0 => Ok(()),
        more => writeln!(out, "and {more} before them"),
    }
}

impl Record for Answer {
    const COLUMNS: &'static [&'static str] =
        &["aggregate", "fromVersion", "toVersion", "payload", "changes", "undoneCount"];

    fn fields(&self) -> Vec<String> {
        let (payload, changes, undone) = self.parts();
        let mut json = String::new();
        write_changes_json(&mut json, changes);
        vec![
            self.stream.to_string(),
            self.from.to_string(),
            self.to.to_string(),
            payload.map(JsonObject::to_string).unwrap_or_default(),
            json,
            undone.map_or(0, |undone| undone.count).to_string(),
        ]
    }

    fn write_json(&self, text: &mut String, _form: JsonForm) {
        let (payload, changes, undone) = self.parts();
        text.push_str("{\"aggregate\":");
        write_json_string(text, &self.stream.to_string());
        let payload = payload.map_or("null", JsonObject::as_str);
        text.push_str(&format!(
            ",\"fromVersion\":{},\"toVersion\":{},\"payload\":{payload},\"changes\":",
            self.from, self.to
        ));
        write_changes_json(text, changes);
        text.push_str(",\"undone\":");
        write_event_refs(text, undone.map_or(&[], |undone| &undone.events));
        text.push_str(&format!(",\"undoneCount\":{}", undone.map_or(0, |undone| undone.count)));
        if let Some(Placement { event_id, position, version, .. }) = &self.appended {
            text.push_str(&format!(
                ",\"appended\":{{\"position\":{position},\"version\":{version},\"eventId\":\"{event_id}\"}}"
            ));
        }
        text.push('}');
    }
}
