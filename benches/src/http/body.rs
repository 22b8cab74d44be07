//! What clients send.

use std::fmt::Write as _;

use annals::{EventId, Timestamp};
use bytes::Bytes;

use crate::error::Result;
use crate::events::EventValues;

/// One append of some events.
pub(super) fn append(events: &[EventValues]) -> Result<Bytes> {
    let mut text = String::with_capacity(events.len() * 1_024);
    write_events(&mut text, events)?;
    text.push('}');
    Ok(text.into())
}

/// The append of one event, guarded by the version that its aggregate must have.
pub(super) fn guarded(event: &EventValues) -> Result<Bytes> {
    let mut text = String::with_capacity(1_024);
    write_events(&mut text, std::slice::from_ref(event))?;
    // Writing to a String cannot fail.
    let _ = match event.version {
        1 => write!(text, ",\"expectedVersion\":\"none\"}}"),
        version => write!(text, ",\"expectedVersion\":{}}}", version - 1),
    };
    Ok(text.into())
}

/// Writes the beginning of an append, which is to be closed. No value holds anything that JSON would escape.
fn write_events(text: &mut String, events: &[EventValues]) -> Result<()> {
    text.push_str("{\"events\":[");
    for (index, event) in events.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        let EventValues {
            event_type, aggregate_type, aggregate_id, actor_id, tags, payload, metadata, ..
        } = event;
        let (id, time) =
            (EventId::from_bytes(event.event_id), Timestamp::from_micros(event.timestamp_micros)?);
        let _ = write!(
            text,
            "{{\"eventId\":\"{id}\",\"eventType\":\"{event_type}\",\"aggregateType\":\"{aggregate_type}\",\
             \"aggregateId\":\"{aggregate_id}\",\"timestamp\":\"{time}\",\"actorId\":\"{actor_id}\",\
             \"schemaVersion\":1,\"tags\":{tags},\"payload\":{payload},\"metadata\":{metadata}}}",
        );
    }
    text.push(']');
    Ok(())
}
