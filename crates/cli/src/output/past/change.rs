use std::io::{self, Write};

use annals::history::{Change, Value};
use annals::{JsonForm, write_json_string};
use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::value::{clipped, compact};
use crate::output::{Console, Record, printable};

/// A column of pointers is not wider than this; a longer pointer pushes its values aside.
const POINTERS_WIDTH_MAX: usize = 40;

/// So many columns are left to the values of a change, however narrow the terminal is.
const VALUES_WIDTH_MIN: usize = 24;

/// What stands between a value before and the one after.
const ARROW: &str = " → ";

/// One difference between two states as a record: `path`, `old` and `new`, of which one is not there where there was
/// or is no value.
pub(crate) struct ChangeRow<'a>(pub(crate) &'a Change);

impl Record for ChangeRow<'_> {
    const COLUMNS: &'static [&'static str] = &["path", "old", "new"];

    fn fields(&self) -> Vec<String> {
        let text = |value: &Option<Value>| value.as_ref().map(compact).unwrap_or_default();
        vec![self.0.path.to_string(), text(&self.0.old), text(&self.0.new)]
    }

    fn write_json(&self, text: &mut String, _form: JsonForm) {
        let Change { path, old, new } = self.0;
        text.push_str("{\"path\":");
        write_json_string(text, &path.to_string());
        for (name, value) in [("old", old), ("new", new)] {
            if let Some(value) = value {
                text.push_str(&format!(",\"{name}\":"));
                value.write_json(text);
            }
        }
        text.push('}');
    }
}

/// Appends changes as a JSON array.
pub(crate) fn write_changes_json(text: &mut String, changes: &[Change]) {
    text.push('[');
    for (index, change) in changes.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        ChangeRow(change).write_json(text, JsonForm::Embedded);
    }
    text.push(']');
}

/// Writes changes for people, one a line behind so many columns: `+` for what came, `-` for what went, `~` for what is
/// another value.
pub(crate) fn write_changes<'a>(
    out: &mut dyn Write,
    changes: impl Iterator<Item = &'a Change> + Clone,
    indent: usize,
    console: &Console,
) -> io::Result<()> {
    let widths = changes.clone().map(|change| pointer(change).width());
    let pointers = widths.max().unwrap_or_default().min(POINTERS_WIDTH_MAX);
    changes.into_iter().try_for_each(|change| write_change(out, change, [indent, pointers], console))
}

fn write_change(
    out: &mut dyn Write,
    change: &Change,
    [indent, pointers]: [usize; 2],
    console: &Console,
) -> io::Result<()> {
    let pointer = pointer(change);
    let padding = pointers.saturating_sub(pointer.width());
    let used = indent + 2 + pointer.width() + padding + 2;
    let room = console.width.saturating_sub(used).max(VALUES_WIDTH_MIN);
    let (mark, style, values) = marked(change, room, console);
    writeln!(out, "{:indent$}{style}{mark} {pointer}{style:#}{:padding$}  {values}", "", "")
}

/// The sign of a change, its style, and its values in at most `room` columns.
fn marked(change: &Change, room: usize, console: &Console) -> (char, Style, String) {
    let marks = console.marks;
    match (&change.old, &change.new) {
        (None, Some(new)) => ('+', marks.added, clipped(new, room)),
        (Some(old), None) => ('-', marks.removed, clipped(old, room)),
        (Some(old), Some(new)) => {
            let room = room.saturating_sub(ARROW.width());
            let (old_width, new_width) = (compact(old).width(), compact(new).width());
            // Each gets half, and what the other one does not need.
            let old_room = (room / 2).max(room.saturating_sub(new_width));
            let new_room = room.saturating_sub(old_width.min(old_room));
            ('~', marks.changed, format!("{}{ARROW}{}", clipped(old, old_room), clipped(new, new_room)))
        }
        (None, None) => (' ', Style::new(), String::new()),
    }
}

/// Where a change is, for people.
fn pointer(change: &Change) -> String {
    if change.path.steps().is_empty() {
        "(all of it)".to_owned()
    } else {
        printable(&change.path.to_string())
    }
}

#[cfg(test)]
mod tests {
    use annals::history::changes;

    use super::*;
    use crate::config::OutputConfig;

    fn between(old: &str, new: &str) -> Vec<Change> {
        changes(&Value::parse(old).unwrap(), &Value::parse(new).unwrap())
    }

    #[test]
    fn null_is_a_value_and_absence_is_none() {
        let changes = between(r#"{"a":null,"b":1,"c/d":2}"#, r#"{"a":0,"e":null,"b":1}"#);
        let mut text = String::new();
        write_changes_json(&mut text, &changes);
        assert_eq!(
            text,
            r#"[{"path":"/a","old":null,"new":0},{"path":"/c~1d","old":2},{"path":"/e","new":null}]"#
        );
    }

    #[test]
    fn changes_fit_the_terminal_and_stand_below_each_other() {
        let mut console = Console::new(&OutputConfig::default(), false);
        console.width = 40;
        let changes = between(r#"{"a":"01234567890123456789","bcd":1}"#, r#"{"a":"x","e":true}"#);
        let mut out = Vec::new();
        write_changes(&mut out, changes.iter(), 2, &console).unwrap();
        let text = anstream::adapter::strip_str(std::str::from_utf8(&out).unwrap()).to_string();
        assert_eq!(text, "  ~ /a    \"01234567890123456789\" → \"x\"\n  - /bcd  1\n  + /e    true\n");
        assert!(text.lines().all(|line| line.width() <= 40), "{text}");
    }
}
