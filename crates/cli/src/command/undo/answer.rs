use std::io::{self, Write};

use annals::JsonForm;
use annals::history::{Undo, Undone, Value};
use annals_wire::{RecordFormat, RecordWriter, UndoAnswer};

use crate::output::{Console, EventPlace, indented, record_format, write_changes};

/// So many of the undone events are shown to people.
const UNDONE_SHOWN: usize = 12;

/// Prints the answer in the form that is asked for.
pub(super) fn print(answer: &UndoAnswer, console: &Console) -> io::Result<()> {
    let mut out = console.out();
    match record_format(console.format) {
        None => {
            write_text(answer, &mut out, console)?;
            out.flush()
        }
        Some(format) => {
            // One thing is an object, not an array of one.
            let format = if format == RecordFormat::Json { RecordFormat::Jsonl } else { format };
            let mut records = RecordWriter::new(out, format, JsonForm::Embedded);
            records.record(answer)?;
            records.finish::<UndoAnswer>().map(drop)
        }
    }
}

/// Writes the answer for people.
fn write_text(answer: &UndoAnswer, out: &mut dyn Write, console: &Console) -> io::Result<()> {
    let UndoAnswer { stream, from, to, undo, appended } = answer;
    let style = console.heading;
    let (payload, changes, undone) = answer.parts();
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
