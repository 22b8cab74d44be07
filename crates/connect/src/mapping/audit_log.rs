use annals_event::StreamName;

use super::mapped_event::MappedEvent;
use super::members::Members;
use crate::refusal::Refusal;

/// The form of an audit table's rows, in camelCase or snake_case: the full event data is the payload. Further
/// members become the metadata.
pub(super) fn map(mut members: Members<'_>) -> Result<MappedEvent, Refusal> {
    let aggregate_type = members.need(&["aggregateType", "aggregate_type"], "a string, as in \"Cart\"")?;
    let aggregate_id = members.need(&["aggregateId", "aggregate_id"], "a string or a number")?;
    let stream = StreamName { aggregate_type: aggregate_type.name()?, aggregate_id: aggregate_id.name()? };
    let event_type = members.need(&["eventType", "event_type"], "a string, as in \"StockReserved\"")?;
    let data = members.need(&["eventData", "event_data", "data", "payload"], "an object")?;
    let mut event = MappedEvent::new(stream, event_type.name()?, data.object()?);
    event.event_id = members.take(&["eventId", "event_id"])?.map(|id| id.event_id()).transpose()?;
    let occurred_at =
        members.take(&["occurredAt", "occurred_at", "occurredOn", "occurred_on", "timestamp"])?;
    event.timestamp = occurred_at.map(|time| time.time()).transpose()?;
    if let Some(actor) = members.take(&["actorId", "actor_id"])? {
        event.actor_id = actor.actor()?;
    }
    event.metadata = members.into_object()?;
    Ok(event)
}
