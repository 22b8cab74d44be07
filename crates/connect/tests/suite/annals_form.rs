//! The preset `annals`: what one log exports, another imports.

use annals_connect::Preset;
use annals_event::{
    ActorId, Committed, ContextBuilder, EventType, JsonForm, JsonObject, NewEvent, SchemaVersion, StreamName,
    Tag,
};
use annals_store::{Append, EventStore, MemoryStore};

use crate::support::{events, run_preset};

async fn log_with_two_events() -> MemoryStore {
    let store = MemoryStore::new();
    let payload = JsonObject::new("{ \"total\":\t99.90, \"note\":\"\\u00e9 \\/\" }").unwrap();
    let stream = StreamName::new("Order", "order/456").unwrap();
    let mut placed = NewEvent::new(stream.clone(), EventType::new("OrderPlaced").unwrap(), payload);
    placed.metadata = JsonObject::new(r#"{"correlationId" : "c-1"}"#).unwrap();
    placed.actor_id = Some(ActorId::new("user_789").unwrap());
    placed.schema_version = Some(SchemaVersion::new(3).unwrap());
    placed.tags = [Tag::new("vip").unwrap(), Tag::new("customer:42").unwrap()].into_iter().collect();
    placed.timestamp = Some("2026-11-20T10:30:00.25Z".parse().unwrap());
    placed.context =
        ContextBuilder { source: Some("kafka:orders/3@1188".into()), ..ContextBuilder::default() }
            .build()
            .unwrap();
    let paid = NewEvent::new(stream, EventType::new("OrderPaid").unwrap(), JsonObject::empty());
    store.append(Append { events: vec![placed, paid], ..Append::default() }).await.unwrap();
    store
}

#[tokio::test]
async fn an_export_is_imported_to_the_same_records() {
    let original = log_with_two_events().await;
    for form in [JsonForm::Embedded, JsonForm::Raw] {
        let exported: String =
            events(&original).await.iter().map(|event| event.to_json(form) + "\n").collect();
        let copy = MemoryStore::new();
        let outcome = run_preset(&copy, Preset::Annals, "export.jsonl", &exported).await;
        assert_eq!(outcome.counts(), [2, 0, 0, 0], "{:?}", outcome.dead_letters);
        for (was, mut is) in events(&original).await.into_iter().zip(events(&copy).await) {
            is.recorded_at = was.recorded_at;
            assert_eq!(is, was);
        }
    }
}

#[tokio::test]
async fn an_aggregate_may_be_written_as_one_and_ids_beside_missing_metadata() {
    let store = MemoryStore::new();
    let line = r#"{"eventType":"A","aggregate":"Order/o/1","correlationId":"c","causationId":7,"payload":{"n":1.50}}"#;
    let outcome = run_preset(&store, Preset::Annals, "a.jsonl", line).await;
    assert_eq!(outcome.counts(), [1, 0, 0, 0], "{:?}", outcome.dead_letters);
    let event = events(&store).await.remove(0);
    assert_eq!(event.stream().unwrap().to_string(), "Order/o/1");
    assert_eq!(event.metadata.value().unwrap().as_str(), r#"{"correlationId":"c","causationId":"7"}"#);
    assert_eq!(event.context.value().unwrap().as_str(), r#"{"source":"file:a.jsonl:1"}"#);
}

#[tokio::test]
async fn an_id_that_is_no_uuid_stays_in_the_context() {
    let store = MemoryStore::new();
    let line = r#"{"eventId":"evt_123","eventType":"A","aggregate":"Order/1","payload":{}}"#;
    run_preset(&store, Preset::Annals, "a.jsonl", line).await;
    let event = events(&store).await.remove(0);
    let Committed::Value(context) = &event.context else { panic!("erased") };
    assert_eq!(context.as_object().string_member("sourceEventId").unwrap(), "evt_123");
    let elsewhere = MemoryStore::new();
    run_preset(&elsewhere, Preset::Annals, "b.jsonl", line).await;
    assert_ne!(events(&elsewhere).await.remove(0).event_id, event.event_id);
}
