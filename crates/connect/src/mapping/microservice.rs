use annals_event::StreamName;

use super::mapped_event::MappedEvent;
use super::members::Members;
use crate::refusal::Refusal;

const MEMBERS: [&str; 8] =
    ["eventId", "eventType", "aggregateId", "aggregateType", "timestamp", "version", "payload", "metadata"];

/// The form of microservices: `version` is the schema's, and `metadata.userId` is who did it.
pub(super) fn map(mut members: Members<'_>) -> Result<MappedEvent, Refusal> {
    let stream = StreamName {
        aggregate_type: members.need(&["aggregateType"], "a string, as in \"Order\"")?.name()?,
        aggregate_id: members.need(&["aggregateId"], "a string, as in \"order_456\"")?.name()?,
    };
    let event_type = members.need(&["eventType"], "a string, as in \"OrderPlaced\"")?.name()?;
    let payload = members.need(&["payload"], "an object")?.object()?;
    let mut event = MappedEvent::new(stream, event_type, payload);
    event.event_id = members.take(&["eventId"])?.map(|id| id.event_id()).transpose()?;
    event.timestamp = members.take(&["timestamp"])?.map(|time| time.time()).transpose()?;
    event.schema_version = members.take(&["version"])?.map(|v| v.schema_version()).transpose()?;
    if let Some(metadata) = members.take(&["metadata"])? {
        event.metadata = metadata.object()?;
        let mut inside = Members::of(event.metadata.as_str())?;
        if let Some(user) = inside.take(&["userId"])? {
            event.actor_id = user.actor()?;
        }
    }
    members.finish(&[&MEMBERS])?;
    Ok(event)
}
