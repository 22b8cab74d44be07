//! One event as a line of JSON.

use annals::{ContextBuilder, EventId, NewEvent};
use annals_connect::{MappedEvent, Preset, Provenance, Record, Refusal, SourceEventId};

use super::flags::SOURCE;
use crate::failure::Failure;

/// Reads an event from a line in Annals's own form.
///
/// # Errors
/// [`Failure`] that names the member and the remedy.
pub(super) fn event(number: u64, line: Vec<u8>) -> Result<NewEvent, Failure> {
    let text = String::from_utf8(line)
        .map_err(|error| Refusal::NotUtf8 { offset: error.utf8_error().valid_up_to() })?;
    let mapped = Preset::Annals.map(&Record::json(number, text))?;
    into_event(mapped)
}

fn into_event(mapped: MappedEvent) -> Result<NewEvent, Failure> {
    let mut context = ContextBuilder { source: Some(SOURCE.to_owned()), ..ContextBuilder::default() };
    let event_id = match mapped.event_id {
        None => None,
        Some(SourceEventId::Uuid(id)) => Some(id),
        Some(SourceEventId::Foreign { issuer, id }) => {
            let issuer = issuer.as_deref().unwrap_or(SOURCE);
            let derived = EventId::derived(&[issuer.as_bytes(), id.as_bytes()]);
            context.source_event_id = Some(id);
            Some(derived)
        }
    };
    let context = match mapped.provenance {
        Provenance::Elsewhere(context) => context,
        Provenance::Here { traceparent } => {
            context.traceparent = traceparent;
            context.build().map_err(|error| Failure::json("context", error))?
        }
    };
    Ok(NewEvent {
        stream: mapped.stream,
        event_type: mapped.event_type,
        payload: mapped.payload,
        metadata: mapped.metadata,
        context,
        event_id,
        timestamp: mapped.timestamp,
        actor_id: mapped.actor_id,
        schema_version: mapped.schema_version,
        tags: mapped.tags,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payload_and_metadata_keep_their_bytes() {
        let line = r#"{"eventType":"T","aggregateType":"A","aggregateId":"1","payload":{ "n" : 1.10 },"metadataText":"{ }"}"#;
        let event = event(1, line.into()).unwrap();
        assert_eq!(event.payload.as_str(), r#"{ "n" : 1.10 }"#);
        assert_eq!(event.metadata.as_str(), "{ }");
        assert_eq!(event.context.as_str(), r#"{"source":"cli"}"#);
    }

    #[test]
    fn an_id_that_is_no_uuid_gives_the_same_event_id_every_time_and_is_kept() {
        let line =
            r#"{"eventId":"evt_123","eventType":"T","aggregateType":"A","aggregateId":"1","payload":{}}"#;
        let (first, second) = (event(1, line.into()).unwrap(), event(9, line.into()).unwrap());
        assert_eq!(first.event_id, second.event_id);
        assert_eq!(first.context.as_str(), r#"{"source":"cli","sourceEventId":"evt_123"}"#);
    }

    #[test]
    fn a_misspelt_member_is_named() {
        let line = r#"{"eventType":"T","aggregateType":"A","aggregateId":"1","payload":{},"actr":"x"}"#;
        assert!(event(1, line.into()).unwrap_err().to_string().contains("actr"));
    }
}
