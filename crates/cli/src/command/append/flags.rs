//! An append from flags.

use annals::{
    Append, Context, ContextBuilder, ExpectedVersion, JsonObject, NewEvent, SchemaVersion, StreamVersion,
    Tags, write_json_string,
};

use super::EventFlags;
use crate::failure::Failure;

/// What the context of events that came through the command line names as their source.
pub(super) const SOURCE: &str = "cli";

/// Reads `--schema-version`.
pub(super) fn schema_version(text: &str) -> Result<SchemaVersion, String> {
    let number = text.parse().map_err(|_| format!("{text:?} is not a number from 1 up"))?;
    SchemaVersion::new(number).map_err(|error| error.to_string())
}

/// Reads `--expect`. An aggregate without events is at version 0.
pub(super) fn expected_version(text: &str) -> Result<ExpectedVersion, String> {
    Ok(match text {
        "any" => ExpectedVersion::Any,
        "none" | "0" => ExpectedVersion::NoStream,
        "exists" => ExpectedVersion::StreamExists,
        number => ExpectedVersion::Exactly(StreamVersion(
            number
                .parse()
                .map_err(|_| format!("{number:?} is no version; give a number, none, exists or any"))?,
        )),
    })
}

/// The append that the flags describe.
///
/// # Errors
/// [`Failure::InvalidEvent`] for JSON that cannot be stored, and [`Failure::Usage`] when something is missing.
pub(super) fn append(flags: EventFlags) -> Result<Append, Failure> {
    let (Some(event_type), Some(stream), Some(payload)) = (flags.event_type, flags.aggregate, flags.payload)
    else {
        return Err(Failure::usage(
            "an event needs a type, an aggregate and a payload",
            "give --type, --aggregate and --payload, or - to read events from standard input",
        ));
    };
    let payload = JsonObject::new(payload).map_err(|error| Failure::json("payload", error))?;
    let metadata = flags.metadata.unwrap_or_else(|| "{}".to_owned());
    let metadata = with_members(
        metadata,
        &[("correlationId", flags.correlation.as_deref()), ("causationId", flags.causation.as_deref())],
    )?;
    let event = NewEvent {
        metadata,
        context: command_line_context()?,
        event_id: flags.event_id,
        timestamp: flags.timestamp,
        actor_id: flags.actor,
        schema_version: flags.schema_version,
        tags: Tags::new(flags.tag),
        ..NewEvent::new(stream.clone(), event_type, payload)
    };
    let append = Append::event(event);
    Ok(match flags.expect {
        Some(expected) => append.expecting(stream, expected),
        None => append,
    })
}

/// What is noted about events that came through the command line.
pub(crate) fn command_line_context() -> Result<Context, Failure> {
    ContextBuilder { source: Some(SOURCE.to_owned()), ..ContextBuilder::default() }
        .build()
        .map_err(|error| Failure::json("context", error))
}

/// Metadata with further members at its end; what its producer wrote stays as it is. A member that is there
/// already makes a name stand twice, which is refused.
fn with_members(metadata: String, members: &[(&str, Option<&str>)]) -> Result<JsonObject, Failure> {
    let checked = JsonObject::new(metadata.clone()).map_err(|error| Failure::json("metadata", error))?;
    let members: Vec<(&str, &str)> =
        members.iter().filter_map(|(name, value)| Some((*name, (*value)?))).collect();
    let Some(open) = metadata.trim_end().strip_suffix('}') else { return Ok(checked) };
    if members.is_empty() {
        return Ok(checked);
    }
    let mut text = open.to_owned();
    for (name, value) in members {
        if !text.trim_end().ends_with('{') {
            text.push(',');
        }
        write_json_string(&mut text, name);
        text.push(':');
        write_json_string(&mut text, value);
    }
    text.push('}');
    JsonObject::new(text).map_err(|error| Failure::json("metadata", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlation_and_causation_follow_the_producers_own_bytes() {
        let text = |metadata: &str| {
            with_members(metadata.to_owned(), &[("correlationId", Some("c")), ("causationId", None)])
                .map(|metadata| metadata.as_str().to_owned())
        };
        assert_eq!(text("{}").unwrap(), r#"{"correlationId":"c"}"#);
        assert_eq!(text(r#"{ "a" : 1 } "#).unwrap(), r#"{ "a" : 1 ,"correlationId":"c"}"#);
        assert!(text(r#"{"correlationId":"other"}"#).is_err());
    }

    #[test]
    fn an_expectation_is_a_number_or_a_word() {
        assert_eq!(expected_version("3").unwrap(), ExpectedVersion::Exactly(StreamVersion(3)));
        assert_eq!(expected_version("0").unwrap(), ExpectedVersion::NoStream);
        assert!(expected_version("-1").is_err());
    }
}
