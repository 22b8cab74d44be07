use std::io::{self, Write};

use annals::history::{Change, Path, Value};
use anstyle::Style;

use super::value::{clipped, fits_on_a_line, indented, quoted};
use crate::output::Console;

/// So many columns of a value that is gone or was another are shown.
const BEFORE_WIDTH_MAX: usize = 40;

/// Writes a state as JSON over several lines, on which it is marked what an event changed: `+` for what came, `~` with
/// the value before for what is another one, `-` for what went.
pub(crate) fn write_annotated(
    out: &mut dyn Write,
    state: &Value,
    changes: &[Change],
    console: &Console,
) -> io::Result<()> {
    let mut writer = Annotated { out, changes, console };
    let mut pointer = String::new();
    writer.value(state, Place { pointer: &mut pointer, depth: 0 }, Head { name: "", end: "" })
}

struct Annotated<'a> {
    out: &'a mut dyn Write,
    changes: &'a [Change],
    console: &'a Console,
}

/// Where a value stands.
struct Place<'a> {
    /// Its JSON pointer.
    pointer: &'a mut String,
    /// How many braces are around it.
    depth: usize,
}

/// What stands around a value.
#[derive(Clone, Copy)]
struct Head<'a> {
    /// Its name with a colon, if it has one.
    name: &'a str,
    /// A comma, if another value follows.
    end: &'a str,
}

impl Annotated<'_> {
    fn value(&mut self, value: &Value, place: Place<'_>, head: Head<'_>) -> io::Result<()> {
        let Place { pointer, depth } = place;
        if let Some(change) = self.changes.iter().find(|change| change.path.to_string() == *pointer) {
            return self.changed(value, change, depth, head);
        }
        let children: Vec<(String, String, &Value)> = match value {
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| {
                    (name.replace('~', "~0").replace('/', "~1"), format!("{}: ", quoted(name)), value)
                })
                .collect(),
            Value::Array(elements) if !fits_on_a_line(value) || self.changes_below(pointer) => elements
                .iter()
                .enumerate()
                .map(|(index, value)| (index.to_string(), String::new(), value))
                .collect(),
            _ => Vec::new(),
        };
        let removed = self.removed_from(pointer);
        if children.is_empty() && removed.is_empty() {
            return self.lines(' ', Style::new(), &indented(value), (depth, head), "");
        }
        let (open, close) = if matches!(value, Value::Array(_)) { ("[", "]") } else { ("{", "}") };
        self.lines(' ', Style::new(), open, (depth, Head { end: "", ..head }), "")?;
        let count = children.len();
        for (index, (step, name, child)) in children.into_iter().enumerate() {
            let length = pointer.len();
            pointer.push('/');
            pointer.push_str(&step);
            let end = if index + 1 < count { "," } else { "" };
            let place = Place { pointer: &mut *pointer, depth: depth + 1 };
            self.value(child, place, Head { name: &name, end })?;
            pointer.truncate(length);
        }
        for (name, value) in removed {
            let value = clipped(&value, BEFORE_WIDTH_MAX);
            self.lines(
                '-',
                self.console.marks.removed,
                &value,
                (depth + 1, Head { name: &name, end: "" }),
                "",
            )?;
        }
        self.lines(' ', Style::new(), close, (depth, Head { name: "", ..head }), "")
    }

    fn changed(&mut self, value: &Value, change: &Change, depth: usize, head: Head<'_>) -> io::Result<()> {
        let marks = self.console.marks;
        match &change.old {
            None => self.lines('+', marks.added, &indented(value), (depth, head), ""),
            Some(old) => {
                let before = format!("  (was {})", clipped(old, BEFORE_WIDTH_MAX));
                self.lines('~', marks.changed, &indented(value), (depth, head), &before)
            }
        }
    }

    /// Writes the lines of a text behind a mark; the first one has the name, the last one the end and a remark.
    fn lines(
        &mut self,
        mark: char,
        style: Style,
        text: &str,
        (depth, head): (usize, Head<'_>),
        remark: &str,
    ) -> io::Result<()> {
        let indent = 2 * depth;
        let count = text.lines().count();
        for (index, line) in text.lines().enumerate() {
            let name = if index == 0 { head.name } else { "" };
            let (end, remark) = if index + 1 == count { (head.end, remark) } else { ("", "") };
            let aside = self.console.marks.aside;
            write!(self.out, "{style}{mark} {:indent$}{name}{line}{end}{style:#}", "")?;
            writeln!(self.out, "{aside}{remark}{aside:#}")?;
        }
        Ok(())
    }

    /// Whether anything changed inside the value at `pointer`.
    fn changes_below(&self, pointer: &str) -> bool {
        self.changes.iter().any(|change| {
            change.path.to_string().strip_prefix(pointer).is_some_and(|rest| rest.starts_with('/'))
        })
    }

    /// What an event took out of the value at `pointer`: names and values.
    fn removed_from(&self, pointer: &str) -> Vec<(String, Value)> {
        let gone = self.changes.iter().filter(|change| change.new.is_none());
        let mut gone: Vec<(String, Value)> = gone
            .filter_map(|change| {
                let (last, above) = change.path.steps().split_last()?;
                let above: Path = above.iter().cloned().collect();
                let name = match last {
                    annals::history::PathStep::Member(name) => format!("{}: ", quoted(name)),
                    annals::history::PathStep::Element(_) => String::new(),
                };
                (above.to_string() == pointer).then(|| Some((name, change.old.clone()?)))?
            })
            .collect();
        // Elements are named from the last one backwards; people read them forwards.
        if gone.first().is_some_and(|(name, _)| name.is_empty()) {
            gone.reverse();
        }
        gone
    }
}

#[cfg(test)]
mod tests {
    use annals::history::changes;

    use super::*;
    use crate::config::OutputConfig;

    #[test]
    fn marks_stand_beside_what_an_event_changed() {
        let before = Value::parse(r#"{"a":1,"b":{"c":"x","d":2},"e":[1,2,3],"f":{"g":0}}"#).unwrap();
        let after = Value::parse(r#"{"a":1,"b":{"c":"y"},"e":[1,5],"f":{"g":0},"h":{"i":[]}}"#).unwrap();
        let console = Console::new(&OutputConfig::default(), false);
        let mut out = Vec::new();
        write_annotated(&mut out, &after, &changes(&before, &after), &console).unwrap();
        let text = anstream::adapter::strip_str(std::str::from_utf8(&out).unwrap()).to_string();
        let lines = [
            "  {",
            "    \"a\": 1,",
            "    \"b\": {",
            "~     \"c\": \"y\"  (was \"x\")",
            "-     \"d\": 2",
            "    },",
            "    \"e\": [",
            "      1,",
            "~     5  (was 2)",
            "-     3",
            "    ],",
            "    \"f\": {",
            "      \"g\": 0",
            "    },",
            "+   \"h\": {",
            "+     \"i\": []",
            "+   }",
            "  }",
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), lines);
    }
}
