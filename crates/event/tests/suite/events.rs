//! An event's JSON form and what Annals notes about it.

use std::collections::BTreeMap;

use annals_event::{
    ActorId, AggregateId, AggregateType, Commitment, Committed, Context, ContextBuilder, EventId, EventType,
    JsonForm, JsonObject, Position, RecordedEvent, SchemaVersion, StreamVersion, Tag, Tags, Timestamp,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::documents::document;

fn recorded(payload: &str, metadata: &str, name: &str) -> RecordedEvent {
    RecordedEvent {
        position: Position(1_042),
        event_id: EventId::from_bytes([1; 16]),
        event_type: EventType::new(name).unwrap(),
        aggregate_type: AggregateType::new("Order").unwrap(),
        aggregate_id: Committed::Value(AggregateId::new(name).unwrap()),
        version: StreamVersion(3),
        schema_version: SchemaVersion::FIRST,
        timestamp: "2026-11-20T10:30:00Z".parse().unwrap(),
        recorded_at: "2026-11-20T10:30:00.004211Z".parse::<Timestamp>().unwrap(),
        actor_id: Committed::Value(ActorId::new(name).unwrap()),
        tags: Committed::Value([Tag::new(name).unwrap()].into_iter().collect::<Tags>()),
        payload: Committed::Value(JsonObject::new(payload).unwrap()),
        metadata: Committed::Value(JsonObject::new(metadata).unwrap()),
        context: Committed::Value(Context::empty()),
    }
}

proptest! {
    #[test]
    fn the_json_form_says_everything(payload in document(), metadata in document(), name in "[^\\p{Cc}]{1,20}") {
        let event = recorded(&payload, &metadata, &name);
        let expected = json!({
            "position": 1042, "eventId": "01010101-0101-0101-0101-010101010101", "eventType": name,
            "aggregateType": "Order", "aggregateId": name, "version": 3, "schemaVersion": 1,
            "timestamp": "2026-11-20T10:30:00.000000Z", "recordedAt": "2026-11-20T10:30:00.004211Z",
            "actorId": name, "tags": [name], "context": {},
            "payload": serde_json::from_str::<Value>(&payload).unwrap(),
            "metadata": serde_json::from_str::<Value>(&metadata).unwrap(),
        });
        let text = event.to_json(JsonForm::Embedded);
        prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
        prop_assert!(text.contains(&payload) && text.contains(&metadata), "the producer's bytes are embedded as they are");
    }

    #[test]
    fn the_raw_form_holds_the_producers_bytes_as_strings(payload in document(), metadata in document()) {
        let text = recorded(&payload, &metadata, "A").to_json(JsonForm::Raw);
        let read: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(read["payloadText"].as_str(), Some(payload.as_str()));
        prop_assert_eq!(read["metadataText"].as_str(), Some(metadata.as_str()));
        prop_assert!(!read.contains_key("payload") && !read.contains_key("metadata"));
    }

    #[test]
    fn a_context_holds_what_is_known(source in prop::option::of("[^\\p{Cc}]{0,9}"), recorded_by in prop::option::of("[a-z\"\\\\\n]{0,9}")) {
        let builder = ContextBuilder { source: source.clone(), recorded_by: recorded_by.clone(), ..ContextBuilder::default() };
        let Ok(context) = builder.build() else { return Ok(()) };
        let read: BTreeMap<String, String> = serde_json::from_str(context.as_str()).unwrap();
        let known = [("source", source), ("recordedBy", recorded_by)];
        let expected = known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        prop_assert_eq!(read, expected);
    }
}

#[test]
fn erased_fields_are_absent_and_their_commitments_stay() {
    let commitment = Commitment([0xab; 32]);
    let event = RecordedEvent {
        payload: Committed::Erased(commitment),
        actor_id: Committed::Erased(commitment),
        ..recorded("{}", r#"{"correlationId":"c","causationId":"\u0064"}"#, "A")
    };
    let read: Value = serde_json::from_str(&event.to_json(JsonForm::Embedded)).unwrap();
    assert_eq!(read["erased"], json!({ "actorId": "ab".repeat(32), "payload": "ab".repeat(32) }));
    assert_eq!((read.get("payload"), read.get("actorId")), (None, None));
    assert_eq!(event.correlation_id().as_deref(), Some("c"));
    assert_eq!(event.causation_id().as_deref(), Some("d"));
}

#[test]
fn an_event_without_its_metadata_correlates_with_nothing() {
    let erased = Committed::Erased(Commitment([0; 32]));
    let event = RecordedEvent { metadata: erased, ..recorded("{}", "{}", "A") };
    assert_eq!(event.correlation_id(), None);
    let event = RecordedEvent { aggregate_id: Committed::Erased(Commitment([0; 32])), ..event };
    assert_eq!(event.stream(), None);
}

#[test]
fn a_context_with_nul_cannot_be_built() {
    let builder = ContextBuilder { source: Some("\0".to_owned()), ..ContextBuilder::default() };
    assert!(builder.build().is_err());
}
