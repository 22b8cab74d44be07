use annals::history::Value;

/// A value as one line of JSON.
#[must_use]
pub fn compact(value: &Value) -> String {
    let mut text = String::new();
    value.write_json(&mut text);
    text
}
