use std::io::{self, Write};

use annals::history::Change;
use annals_wire::{compact, printable};
use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::value::clipped;
use crate::output::Console;

/// A column of pointers is not wider than this; a longer pointer pushes its values aside.
const POINTERS_WIDTH_MAX: usize = 40;

/// So many columns are left to the values of a change, however narrow the terminal is.
const VALUES_WIDTH_MIN: usize = 24;

/// What stands between a value before and the one after.
const ARROW: &str = " → ";

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
    use annals::history::{Value, changes};

    use super::*;
    use crate::config::OutputConfig;

    fn between(old: &str, new: &str) -> Vec<Change> {
        changes(&Value::parse(old).unwrap(), &Value::parse(new).unwrap())
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
