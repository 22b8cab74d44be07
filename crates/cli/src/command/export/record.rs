use std::borrow::Cow;
use std::collections::BTreeMap;

use annals::{JsonForm, RecordedEvent};
use serde_json::value::RawValue;

use super::redaction::Redactions;
use crate::output::{EVENT_COLUMNS, EventRow, Record, description};

/// An event as it is exported.
pub(super) enum ExportRecord<'a> {
    /// Whole.
    Whole(&'a RecordedEvent),
    /// As JSON in which some values are left out.
    Redacted(String),
}

impl<'a> ExportRecord<'a> {
    pub(super) fn new(event: &'a RecordedEvent, redactions: &mut Redactions) -> Self {
        if redactions.is_empty() {
            Self::Whole(event)
        } else {
            Self::Redacted(redactions.apply(event.to_json(JsonForm::Embedded)))
        }
    }
}

impl Record for ExportRecord<'_> {
    const COLUMNS: &'static [&'static str] = EVENT_COLUMNS;

    fn fields(&self) -> Vec<String> {
        match self {
            Self::Whole(event) => EventRow(event).fields(),
            Self::Redacted(json) => redacted_fields(json),
        }
    }

    fn write_json(&self, text: &mut String, form: JsonForm) {
        match self {
            Self::Whole(event) => event.write_json(text, form),
            Self::Redacted(json) => text.push_str(json),
        }
    }
}

/// The cells of an event of which only the JSON may be seen, so that none tells what was left out.
fn redacted_fields(json: &str) -> Vec<String> {
    let members: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(json).unwrap_or_default();
    let text = |name: &str| match members.get(name) {
        None => String::new(),
        Some(value) => serde_json::from_str(value.get()).unwrap_or_else(|_| value.get().to_owned()),
    };
    let described = || {
        let aggregate = format!("{}/{}", text("aggregateType"), text("aggregateId"));
        description(&text("eventType"), &aggregate, &text("actorId"), &text("payload"))
    };
    EVENT_COLUMNS
        .iter()
        .map(|column| if *column == "description" { described() } else { text(column) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_does_not_tell_what_was_left_out() {
        let json = r#"{"eventType":"Paid","aggregateType":"Order","aggregateId":"1","actorId":"[redacted]","payload":{"card":"[redacted]","sum":7}}"#;
        let fields = redacted_fields(json);
        let description = &fields[EVENT_COLUMNS.iter().position(|name| *name == "description").unwrap()];
        assert_eq!(description, "Paid on Order/1 by [redacted]: card [redacted], sum 7");
    }
}
