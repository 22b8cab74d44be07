use annals::history::Value;
use annals_wire::{compact, printable};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How far the members of an object stand behind its brace.
const INDENT: &str = "  ";

/// An array of scalars stands on one line if it is not longer than this.
const LINE_WIDTH_MAX: usize = 72;

/// A value as one line of JSON for people, of which at most `width` columns are shown.
pub(crate) fn clipped(value: &Value, width: usize) -> String {
    cut(printable(&compact(value)), width)
}

/// A text of which at most `width` columns are shown, with a sign where more would be.
pub(super) fn cut(text: String, width: usize) -> String {
    if text.width() <= width {
        return text;
    }
    let mut shown = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or_default();
        if used > width {
            break;
        }
        shown.push(c);
    }
    shown.push('…');
    shown
}

/// A value as JSON over several lines, for people. The text has no line end at its end.
pub(crate) fn indented(value: &Value) -> String {
    let mut lines = String::new();
    write_indented(&mut lines, value, 0);
    lines
}

fn write_indented(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            text.push('{');
            for (index, (name, value)) in members.iter().enumerate() {
                begin_line(text, index, depth + 1);
                text.push_str(&quoted(name));
                text.push_str(": ");
                write_indented(text, value, depth + 1);
            }
            end_lines(text, '}', depth);
        }
        Value::Array(elements) if !fits_on_a_line(value) => {
            text.push('[');
            for (index, element) in elements.iter().enumerate() {
                begin_line(text, index, depth + 1);
                write_indented(text, element, depth + 1);
            }
            end_lines(text, ']', depth);
        }
        value => text.push_str(&printable(&compact(value))),
    }
}

fn begin_line(text: &mut String, index: usize, depth: usize) {
    text.push_str(if index == 0 { "\n" } else { ",\n" });
    text.push_str(&INDENT.repeat(depth));
}

fn end_lines(text: &mut String, brace: char, depth: usize) {
    text.push('\n');
    text.push_str(&INDENT.repeat(depth));
    text.push(brace);
}

/// Whether a value is shown on one line: anything but an object with members and an array that is long or holds others.
pub(super) fn fits_on_a_line(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.is_empty(),
        Value::Array(elements) => {
            let is_scalar = |element: &Value| !matches!(element, Value::Array(_) | Value::Object(_));
            elements.iter().all(is_scalar) && compact(value).len() <= LINE_WIDTH_MAX
        }
        _ => true,
    }
}

/// A name or a text as JSON for people.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    annals::write_json_string(&mut quoted, text);
    printable(&quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_indented_and_keeps_its_digits_and_order() {
        let state =
            Value::parse(r#"{"z":1.10,"a":{"b":[1,{"c":null}],"d":[],"e":{}},"f":["x","y"]}"#).unwrap();
        let lines = "{\n  \"z\": 1.10,\n  \"a\": {\n    \"b\": [\n      1,\n      {\n        \"c\": null\n      }\n    ],\n    \
                     \"d\": [],\n    \"e\": {}\n  },\n  \"f\": [\"x\",\"y\"]\n}";
        assert_eq!(indented(&state), lines);
    }

    #[test]
    fn what_is_too_wide_is_cut_and_cannot_move_the_cursor() {
        assert_eq!(clipped(&Value::parse(r#""0123456789""#).unwrap(), 6), "\"0123…");
        assert_eq!(clipped(&Value::parse(r#""日本""#).unwrap(), 5), "\"日…");
        assert_eq!(clipped(&Value::parse("\"a\u{9b}b\"").unwrap(), 9), "\"a\u{fffd}b\"");
    }
}
