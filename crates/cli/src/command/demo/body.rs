//! An append as the server takes it.

use annals::{Append, CursorAdvance, ExpectedVersion, NewEvent, write_json_string};

/// Writes an append as the body of a request. Payloads and metadata stay as they are.
pub(super) fn of(append: &Append) -> String {
    let mut text = String::from("{\"events\":[");
    separated(&mut text, &append.events, write_event);
    text.push_str("],\"expectedVersion\":{");
    separated(&mut text, &append.expected, |text, (stream, expected)| {
        write_json_string(text, &stream.to_string());
        text.push(':');
        match expected {
            ExpectedVersion::Exactly(version) => text.push_str(&version.to_string()),
            word => write_json_string(text, &word.to_string()),
        }
    });
    text.push_str("},\"cursors\":[");
    separated(&mut text, &append.cursors, write_cursor);
    text.push_str("]}");
    text
}

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
    text.push_str(&format!(
        "\"tags\":{},\"payload\":{},\"metadata\":{}}}",
        event.tags, event.payload, event.metadata
    ));
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
    use annals::{CursorName, CursorValue, EventType, JsonObject, StreamName, StreamVersion};
    use serde_json::Value;

    use super::*;

    #[test]
    fn an_append_is_written_with_all_it_says_and_its_payload_byte_for_byte() {
        let stream = StreamName::new("Order", "a/\"b\"").unwrap();
        let payload = JsonObject::new(r#"{ "n" : 1.10 }"#).unwrap();
        let mut event = NewEvent::new(stream.clone(), EventType::new("T").unwrap(), payload);
        event.tags = [annals::Tag::new("x:1").unwrap()].into_iter().collect();
        event.actor_id = Some(annals::ActorId::new("ann").unwrap());
        let mut append = Append::event(event).expecting(stream, ExpectedVersion::Exactly(StreamVersion(3)));
        let name = CursorName::new("c").unwrap();
        append.cursors.push(CursorAdvance { name, from: None, to: CursorValue("1".into()) });
        let text = of(&append);
        assert!(text.contains(r#""payload":{ "n" : 1.10 },"metadata":{}}"#), "{text}");
        let body: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(body["expectedVersion"]["Order/a/\"b\""], 3);
        assert_eq!(body["events"][0]["tags"][0], "x:1");
        assert_eq!(body["events"][0]["actorId"], "ann");
        assert_eq!(body["cursors"][0], serde_json::json!({"name": "c", "to": "1"}));
    }
}
