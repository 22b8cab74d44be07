use annals_event::{AggregateType, StreamName};

use super::mapped_event::MappedEvent;
use super::members::Members;
use crate::refusal::Refusal;

/// The form of a todo platform's task events: `task_data` is the payload, `user_id` who did it. Further members
/// become the metadata.
pub(super) fn map(mut members: Members<'_>) -> Result<MappedEvent, Refusal> {
    let task_id = members.need(&["task_id"], "a string or a number")?;
    let aggregate_type = AggregateType::new("Task").map_err(|error| task_id.invalid(error))?;
    let stream = StreamName { aggregate_type, aggregate_id: task_id.name()? };
    let event_type = members.need(&["event_type"], "a string, as in \"created\"")?.name()?;
    let payload = members.need(&["task_data"], "an object")?.object()?;
    let mut event = MappedEvent::new(stream, event_type, payload);
    event.event_id = members.take(&["event_id"])?.map(|id| id.event_id()).transpose()?;
    event.timestamp = members.take(&["timestamp"])?.map(|time| time.time()).transpose()?;
    if let Some(user) = members.take(&["user_id"])? {
        event.actor_id = user.actor()?;
    }
    event.metadata = members.into_object()?;
    Ok(event)
}
