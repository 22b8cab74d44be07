use annals::history::{Change, Value};
use annals::{JsonForm, write_json_string};

use super::value::compact;
use crate::records::Record;

/// One difference between two states as a record: `path`, `old` and `new`, of which one is not there where there was
/// or is no value.
pub struct ChangeRow<'a>(pub &'a Change);

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
pub fn write_changes_json(text: &mut String, changes: &[Change]) {
    text.push('[');
    for (index, change) in changes.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        ChangeRow(change).write_json(text, JsonForm::Embedded);
    }
    text.push(']');
}

#[cfg(test)]
mod tests {
    use annals::history::changes;

    use super::*;

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
}
