use annals::history::EventRef;
use annals::write_json_string;

/// Appends events as a JSON array; each has the members version, position, eventId, eventType, timestamp, recordedAt
/// and actorId, which is null where it was erased.
pub fn write_event_refs(text: &mut String, events: &[EventRef]) {
    text.push('[');
    for (index, event) in events.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_event_ref(text, event);
    }
    text.push(']');
}

fn write_event_ref(text: &mut String, event: &EventRef) {
    let EventRef { version, position, event_id, event_type, timestamp, recorded_at, actor_id } = event;
    text.push_str(&format!(
        "{{\"version\":{version},\"position\":{position},\"eventId\":\"{event_id}\",\"eventType\":"
    ));
    write_json_string(text, event_type.as_str());
    text.push_str(&format!(",\"timestamp\":\"{timestamp}\",\"recordedAt\":\"{recorded_at}\",\"actorId\":"));
    match actor_id {
        Some(actor) => write_json_string(text, actor.as_str()),
        None => text.push_str("null"),
    }
    text.push('}');
}
