use annals_event::StreamName;

use super::mapped_event::MappedEvent;
use super::members::Members;
use crate::refusal::Refusal;

/// The form of event-sourced aggregates: `version` is the schema's, `userId` who did it, `data` the payload.
/// Further members become the metadata.
pub(super) fn map(mut members: Members<'_>) -> Result<MappedEvent, Refusal> {
    let stream = StreamName {
        aggregate_type: members.need(&["aggregateType"], "a string, as in \"Order\"")?.name()?,
        aggregate_id: members.need(&["aggregateId"], "a string, as in \"order_456\"")?.name()?,
    };
    let event_type = members.need(&["eventType"], "a string, as in \"OrderPlaced\"")?.name()?;
    let payload = members.need(&["data"], "an object")?.object()?;
    let mut event = MappedEvent::new(stream, event_type, payload);
    event.event_id = members.take(&["eventId"])?.map(|id| id.event_id()).transpose()?;
    event.timestamp = members.take(&["timestamp"])?.map(|time| time.time()).transpose()?;
    event.schema_version = members.take(&["version"])?.map(|v| v.schema_version()).transpose()?;
    if let Some(user) = members.take(&["userId"])? {
        event.actor_id = user.actor()?;
    }
    event.metadata = members.into_object()?;
    Ok(event)
}
