//! One event as a line of JSON.

use std::borrow::Cow;

use annals::{ActorId, Context, EventType, JsonObject, NewEvent, SchemaVersion, StreamName, Tag, Tags};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::flags::command_line_context;
use crate::failure::Failure;

/// The members of a line.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line<'a> {
    #[serde(borrow)]
    event_type: Cow<'a, str>,
    #[serde(borrow)]
    aggregate_type: Cow<'a, str>,
    #[serde(borrow)]
    aggregate_id: Cow<'a, str>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
    payload_text: Option<String>,
    #[serde(borrow)]
    metadata: Option<&'a RawValue>,
    metadata_text: Option<String>,
    #[serde(borrow)]
    context: Option<&'a RawValue>,
    #[serde(borrow)]
    event_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    timestamp: Option<Cow<'a, str>>,
    #[serde(borrow)]
    actor_id: Option<Cow<'a, str>>,
    schema_version: Option<u64>,
    #[serde(default, borrow)]
    tags: Vec<Cow<'a, str>>,
    // What the store gave an event that was recorded before; the log that it comes to gives its own.
    #[serde(rename = "position")]
    _position: Option<IgnoredAny>,
    #[serde(rename = "version")]
    _version: Option<IgnoredAny>,
    #[serde(rename = "recordedAt")]
    _recorded_at: Option<IgnoredAny>,
    #[serde(rename = "repeated")]
    _repeated: Option<IgnoredAny>,
}

/// Reads an event from a line.
///
/// # Errors
/// [`Failure`] that names the member and its place.
pub(super) fn event(line: &[u8]) -> Result<NewEvent, Failure> {
    let line: Line<'_> = serde_json::from_slice(line).map_err(|error| {
        Failure::usage(format!("this is no event: {error}"), "'annals append --help' names the members")
    })?;
    let payload = object("payload", line.payload, line.payload_text)?;
    let payload = payload.ok_or_else(|| {
        Failure::usage(
            "the event has no payload",
            "give a JSON object as payload, {} if there is nothing to say",
        )
    })?;
    let context = match line.context {
        Some(context) => Context::from_object(json("context", context.get())?),
        None => command_line_context()?,
    };
    let tags: Vec<Tag> = line.tags.iter().map(Tag::new).collect::<Result<_, _>>()?;
    Ok(NewEvent {
        metadata: object("metadata", line.metadata, line.metadata_text)?.unwrap_or_else(JsonObject::empty),
        context,
        event_id: line.event_id.map(|id| id.parse()).transpose()?,
        timestamp: line.timestamp.map(|time| time.parse()).transpose()?,
        actor_id: line.actor_id.map(ActorId::new).transpose()?,
        schema_version: line.schema_version.map(SchemaVersion::new).transpose()?,
        tags: Tags::new(tags),
        ..NewEvent::new(
            StreamName::new(line.aggregate_type, line.aggregate_id)?,
            EventType::new(line.event_type)?,
            payload,
        )
    })
}

/// An object that stands in the line as JSON, or as a string that holds its bytes.
fn object(
    field: &'static str,
    embedded: Option<&RawValue>,
    text: Option<String>,
) -> Result<Option<JsonObject>, Failure> {
    match (embedded, text) {
        (Some(_), Some(_)) => {
            Err(Failure::usage(format!("{field} and {field}Text are both given"), "give one of them"))
        }
        (Some(embedded), None) => json(field, embedded.get()).map(Some),
        (None, Some(text)) => json(field, &text).map(Some),
        (None, None) => Ok(None),
    }
}

fn json(field: &'static str, text: &str) -> Result<JsonObject, Failure> {
    JsonObject::new(text).map_err(|error| Failure::json(field, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payload_and_metadata_keep_their_bytes() {
        let line = br#"{"eventType":"T","aggregateType":"A","aggregateId":"1","payload":{ "n" : 1.10 },"metadataText":"{ }"}"#;
        let event = event(line).unwrap();
        assert_eq!(event.payload.as_str(), r#"{ "n" : 1.10 }"#);
        assert_eq!(event.metadata.as_str(), "{ }");
    }

    #[test]
    fn a_misspelt_member_is_named() {
        let line = br#"{"eventType":"T","aggregateType":"A","aggregateId":"1","payload":{},"actor":"x"}"#;
        assert!(event(line).unwrap_err().to_string().contains("actor"));
    }
}
