//! A payload in a few words.

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

/// What is said of a payload at the most.
const MEMBERS_MAX: usize = 8;

/// A member of a payload whose value is a string, a number, true or false.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    name: String,
    value: String,
}

/// The first scalar members of the object `json`, in its order, at most 8. A text that is no object has none.
#[must_use]
pub fn scalar_members(json: &str) -> Vec<Member> {
    serde_json::Deserializer::from_str(json).deserialize_map(FirstScalars).unwrap_or_default()
}

/// A one-line description of an event.
#[must_use]
pub fn description(event_type: &str, aggregate: &str, actor: &str, payload: &str) -> String {
    let members: Vec<String> = scalar_members(payload).iter().map(Member::to_string).collect();
    let what = format!("{event_type} on {aggregate} by {actor}");
    if members.is_empty() { what } else { format!("{what}: {}", members.join(", ")) }
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.value)
    }
}

struct FirstScalars;

impl<'de> Visitor<'de> for FirstScalars {
    type Value = Vec<Member>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<Member>, A::Error> {
        let mut members = Vec::new();
        while let Some((name, value)) = map.next_entry::<Cow<'de, str>, &RawValue>()? {
            if members.len() < MEMBERS_MAX
                && let Some(value) = scalar(value.get())
            {
                members.push(Member { name: printable(&name), value });
            }
        }
        Ok(members)
    }
}

fn scalar(json: &str) -> Option<String> {
    match json.as_bytes().first()? {
        b'"' => serde_json::from_str::<String>(json).ok().map(|text| printable(&text)),
        b'{' | b'[' | b'n' => None,
        _ => Some(json.to_owned()),
    }
}

/// The text without control characters, which could move a terminal's cursor or break the line.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_names_scalars_in_their_order_and_nothing_nested() {
        let members = scalar_members(r#"{"z":"a b","n":{"x":1},"total":99.90,"ok":true,"none":null}"#);
        let texts: Vec<String> = members.iter().map(Member::to_string).collect();
        assert_eq!(texts, ["z a b", "total 99.90", "ok true"]);
    }

    #[test]
    fn a_payload_cannot_send_escapes_to_the_terminal() {
        assert_eq!(scalar_members("{\"a\":\"\\u001b[2J\"}")[0].to_string(), "a \u{fffd}[2J");
    }
}
