//! Appends as the server takes them.

use annals_event::{NewEvent, Timestamp, write_json_string};
use annals_store::{Append, AppendCondition, CursorAdvance, ExpectedVersion, QueryItem};

/// Writes appends, each with its own verdict, as the body of a request. Payloads and metadata stay as they are.
pub(crate) fn body(appends: &[Append]) -> String {
    let mut text = String::from("{\"appends\":[");
    separated(&mut text, appends, write_append);
    text.push_str("]}");
    text
}

fn write_append(text: &mut String, append: &Append) {
    text.push_str("{\"events\":[");
    separated(text, &append.events, write_event);
    text.push_str("],\"expectedVersion\":{");
    separated(text, &append.expected, |text, (stream, expected)| {
        write_json_string(text, &stream.to_string());
        text.push(':');
        match expected {
            ExpectedVersion::Exactly(version) => text.push_str(&version.to_string()),
            word => write_json_string(text, &word.to_string()),
        }
    });
    text.push_str("},\"cursors\":[");
    separated(text, &append.cursors, write_cursor);
    text.push(']');
    if let Some(condition) = &append.condition {
        text.push_str(",\"condition\":");
        write_condition(text, condition);
    }
    text.push('}');
}

/// What is noted of a recording is the server's: who sent it, and from where it came to her.
fn write_event(text: &mut String, event: &NewEvent) {
    let members = [
        ("eventType", Some(event.event_type.to_string())),
        ("aggregateType", Some(event.stream.aggregate_type.to_string())),
        ("aggregateId", Some(event.stream.aggregate_id.to_string())),
        ("eventId", event.event_id.map(|id| id.to_string())),
        ("timestamp", event.timestamp.map(|timestamp| timestamp.to_string())),
        ("actorId", event.actor_id.as_ref().map(ToString::to_string)),
    ];
    text.push('{');
    for (name, value) in members {
        if let Some(value) = value {
            text.push_str(&format!("\"{name}\":"));
            write_json_string(text, &value);
            text.push(',');
        }
    }
    if let Some(version) = event.schema_version {
        text.push_str(&format!("\"schemaVersion\":{version},"));
    }
    // As strings, so that spaces around the objects and line ends in them arrive too.
    text.push_str(&format!("\"tags\":{},\"payloadText\":", event.tags));
    write_json_string(text, event.payload.as_str());
    text.push_str(",\"metadataText\":");
    write_json_string(text, event.metadata.as_str());
    text.push('}');
}

fn write_cursor(text: &mut String, CursorAdvance { name, from, to }: &CursorAdvance) {
    text.push_str("{\"name\":");
    write_json_string(text, name.as_str());
    if let Some(from) = from {
        text.push_str(",\"from\":");
        write_json_string(text, &from.0);
    }
    text.push_str(",\"to\":");
    write_json_string(text, &to.0);
    text.push('}');
}

fn write_condition(text: &mut String, AppendCondition { fail_if_events_match, after }: &AppendCondition) {
    text.push_str("{\"failIfEventsMatch\":[");
    match fail_if_events_match.items.as_slice() {
        // A query without items is answered by every event.
        [] => text.push_str("{}"),
        items => separated(text, items, write_item),
    }
    text.push(']');
    if let Some(after) = after {
        text.push_str(&format!(",\"after\":{after}"));
    }
    text.push('}');
}

fn write_item(text: &mut String, item: &QueryItem) {
    let time = |moment: Option<Timestamp>| moment.map(|moment| moment.to_string());
    let single = [
        ("aggregateType", item.aggregate_type.as_ref().map(ToString::to_string)),
        ("aggregateId", item.aggregate_id.as_ref().map(ToString::to_string)),
        ("actor", item.actor_id.as_ref().map(ToString::to_string)),
        ("correlation", item.correlation_id.clone()),
        ("from", time(item.timestamp.from)),
        ("to", time(item.timestamp.to)),
        ("recordedFrom", time(item.recorded_at.from)),
        ("recordedTo", time(item.recorded_at.to)),
    ];
    let several = [
        ("types", item.event_types.iter().map(ToString::to_string).collect::<Vec<_>>()),
        ("aggregates", item.streams.iter().map(ToString::to_string).collect()),
        ("tags", item.tags.iter().map(ToString::to_string).collect()),
        ("where", item.payload.iter().map(ToString::to_string).collect()),
    ];
    text.push('{');
    separated(text, &several, |text, (name, values)| {
        text.push_str(&format!("\"{name}\":["));
        separated(text, values, |text, value| write_json_string(text, value));
        text.push(']');
    });
    for (name, value) in single {
        if let Some(value) = value {
            text.push_str(&format!(",\"{name}\":"));
            write_json_string(text, &value);
        }
    }
    text.push('}');
}

fn separated<T>(text: &mut String, items: &[T], mut write: impl FnMut(&mut String, &T)) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write(text, item);
    }
}

#[cfg(test)]
mod tests {
    use annals_event::{CursorName, EventType, JsonObject, StreamName, StreamVersion, Tag};
    use annals_store::CursorValue;
    use serde_json::Value;

    use super::*;

    #[test]
    fn an_append_is_written_with_all_it_says_and_its_payload_byte_for_byte() {
        let stream = StreamName::new("Order", "a/\"b\"").unwrap();
        let payload = JsonObject::new("{ \"n\" :\n1.10 }").unwrap();
        let mut event = NewEvent::new(stream.clone(), EventType::new("T").unwrap(), payload);
        event.tags = [Tag::new("x:1").unwrap()].into_iter().collect();
        event.actor_id = Some("ann".parse().unwrap());
        let mut append = Append::event(event).expecting(stream, ExpectedVersion::Exactly(StreamVersion(3)));
        let name = CursorName::new("c").unwrap();
        append.cursors.push(CursorAdvance { name, from: None, to: CursorValue("1".into()) });
        let item = QueryItem { correlation_id: Some("c1".to_owned()), ..QueryItem::default() };
        append.condition = Some(AppendCondition { fail_if_events_match: item.into(), after: None });
        let body: Value = serde_json::from_str(&body(&[append])).unwrap();
        let append = &body["appends"][0];
        assert_eq!(append["expectedVersion"]["Order/a/\"b\""], 3);
        assert_eq!(append["events"][0]["payloadText"], "{ \"n\" :\n1.10 }");
        assert_eq!(append["events"][0]["tags"][0], "x:1");
        assert_eq!(append["events"][0]["actorId"], "ann");
        assert_eq!(append["cursors"][0], serde_json::json!({"name": "c", "to": "1"}));
        assert_eq!(append["condition"]["failIfEventsMatch"][0]["correlation"], "c1");
    }
}
