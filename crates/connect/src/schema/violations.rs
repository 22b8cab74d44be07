//! What is told about a payload that its schema does not allow: enough to mend it, and never all of it.

use std::fmt::Write;

use jsonschema::ValidationError;
use serde_json::Value;

/// So many violations of one event are told.
const COUNT_MAX: usize = 3;

/// So many characters of a value of the payload are shown.
const VALUE_CHARACTERS_MAX: usize = 60;

/// So many characters of a message or a place are shown.
const TEXT_CHARACTERS_MAX: usize = 240;

/// The first violations, each with its place in the payload and the place of the keyword in the schema.
pub(super) fn text<'a>(file: &str, mut errors: impl Iterator<Item = ValidationError<'a>>) -> String {
    let mut text = String::new();
    for error in errors.by_ref().take(COUNT_MAX) {
        if !text.is_empty() {
            text.push_str("; ");
        }
        let place = match error.instance_path().as_str() {
            "" => "payload".to_owned(),
            pointer => format!("payload at {}", cut(pointer)),
        };
        // Writing to a String cannot fail.
        let _ = write!(text, "{place}: {} ({})", message(&error), cut(&keyword(file, &error)));
    }
    if errors.next().is_some() {
        text.push_str("; and more");
    }
    text
}

/// What was expected, with the value that was found if it is a short one.
pub(super) fn message(error: &ValidationError<'_>) -> String {
    cut(&error.masked_with(found(error.instance())).to_string())
}

fn found(value: &Value) -> String {
    let name = match value {
        Value::Object(_) => return "the object".into(),
        Value::Array(_) => return "the array".into(),
        Value::String(text) if text.chars().nth(VALUE_CHARACTERS_MAX).is_some() => "the string",
        Value::Number(number) if number.as_str().len() > VALUE_CHARACTERS_MAX => "the number",
        short => return short.to_string(),
    };
    name.to_owned()
}

/// Where the keyword stands: in the file, or under the `$id` that a part of it has.
fn keyword(file: &str, error: &ValidationError<'_>) -> String {
    match error.absolute_keyword_location() {
        Some(location) => location.to_string(),
        None => format!("{file}#{}", error.schema_path()),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(TEXT_CHARACTERS_MAX) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}
