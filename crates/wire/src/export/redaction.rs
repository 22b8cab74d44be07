//! Values that are left out of an export.

use annals::{JsonObject, JsonPointer};

/// What stands in place of a value that is left out.
const REDACTED: &str = "\"[redacted]\"";

/// A place whose values are left out: a JSON pointer into the event's JSON form.
pub type Redaction = JsonPointer;

/// The places whose values are left out, and how often there was one.
#[derive(Debug)]
pub struct Redactions(Vec<(JsonPointer, u64)>);

/// Reads a place whose values are left out.
///
/// # Errors
/// What is wrong: it is no JSON pointer, or means the whole event.
pub fn redaction(text: &str) -> Result<Redaction, String> {
    let pointer: JsonPointer = text.parse().map_err(|error: annals::InvalidEvent| error.to_string())?;
    if pointer.steps().is_empty() {
        return Err("the empty pointer means the whole event; name a part of it, as in /payload/card".into());
    }
    Ok(pointer)
}

impl Redactions {
    /// These places; nothing was left out yet.
    #[must_use]
    pub fn new(pointers: Vec<JsonPointer>) -> Self {
        Self(pointers.into_iter().map(|pointer| (pointer, 0)).collect())
    }

    /// Whether nothing is left out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Replaces the values in an event's JSON; everything else keeps its bytes.
    #[must_use]
    pub fn apply(&mut self, json: String) -> String {
        self.0.iter_mut().fold(json, |json, (pointer, count)| {
            let object = JsonObject::from_stored(json);
            let text = object.as_str();
            let Some(value) = object.at(pointer) else { return text.to_owned() };
            *count += 1;
            // The value is a part of the text, so the distance of their addresses is its place.
            let start = value.as_ptr() as usize - text.as_ptr() as usize;
            let before = text.get(..start).unwrap_or_default();
            let after = text.get(start + value.len()..).unwrap_or_default();
            [before, REDACTED, after].concat()
        })
    }

    /// The pointers that led to nothing in any event.
    pub fn unused(&self) -> impl Iterator<Item = &JsonPointer> {
        self.0.iter().filter(|(_, count)| *count == 0).map(|(pointer, _)| pointer)
    }

    /// Each pointer and how many values were left out there.
    #[must_use]
    pub fn counts(self) -> Vec<(JsonPointer, u64)> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redact(pointers: &[&str], json: &str) -> String {
        Redactions::new(pointers.iter().map(|text| redaction(text).unwrap()).collect()).apply(json.to_owned())
    }

    #[test]
    fn only_the_value_is_replaced_and_every_other_byte_stays() {
        let json = r#"{"payload":{ "card" : {"no":1} , "n":1.10},"tags":["a","b"]}"#;
        assert_eq!(
            redact(&["/payload/card", "/tags/1"], json),
            r#"{"payload":{ "card" : "[redacted]" , "n":1.10},"tags":["a","[redacted]"]}"#
        );
    }

    #[test]
    fn a_pointer_that_leads_nowhere_changes_nothing_and_is_named() {
        let mut redactions = Redactions::new(vec![redaction("/payload/x").unwrap()]);
        assert_eq!(redactions.apply("{\"payload\":{}}".to_owned()), "{\"payload\":{}}");
        assert_eq!(redactions.unused().count(), 1);
    }

    #[test]
    fn the_whole_event_cannot_be_left_out() {
        assert!(redaction("").is_err());
        assert!(redaction("payload").is_err());
    }
}
