use annals::history::Undone;
use annals::{JsonObject, NewEvent, StreamName, StreamVersion};

use super::Recording;
use crate::command::append::command_line_context;
use crate::failure::Failure;

/// The event that undoes others; its metadata name them.
///
/// # Errors
/// [`Failure::InvalidEvent`] when metadata or context cannot be stored.
pub(super) fn compensate(
    stream: &StreamName,
    payload: JsonObject,
    to: StreamVersion,
    undone: &Undone,
    recording: Recording,
) -> Result<NewEvent, Failure> {
    let ids: Vec<String> = undone.events.iter().map(|event| format!("\"{}\"", event.event_id)).collect();
    let metadata = format!(
        "{{\"undoes\":{{\"toVersion\":{to},\"count\":{},\"events\":[{}]}}}}",
        undone.count,
        ids.join(",")
    );
    let metadata = JsonObject::new(metadata).map_err(|error| Failure::json("metadata", error))?;
    Ok(NewEvent {
        metadata,
        context: command_line_context()?,
        actor_id: recording.actor,
        ..NewEvent::new(stream.clone(), recording.event_type, payload)
    })
}
