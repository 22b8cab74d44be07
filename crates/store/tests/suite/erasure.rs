//! An event of which something was erased: it matches nothing by what is gone, and a repeat of it is a repeat.

use std::sync::Arc;

use annals_event::{
    ActorId, Commitment, Committed, Context, EventId, EventType, JsonObject, Limits, NewEvent, Position,
    RecordedEvent, SchemaVersion, StreamName, StreamVersion, Tag, Tags,
};
use annals_store::{Append, PreparedEvent, Preparer, Query, QueryItem, SystemClock, SystemRandomness};

const GONE: Commitment = Commitment([7; 32]);

fn sent() -> NewEvent {
    NewEvent {
        event_id: Some(EventId::from_bytes([1; 16])),
        timestamp: Some("2026-01-01T00:00:00Z".parse().unwrap()),
        actor_id: Some(ActorId::new("ann").unwrap()),
        schema_version: Some(SchemaVersion::FIRST),
        tags: [Tag::new("vip").unwrap()].into_iter().collect::<Tags>(),
        metadata: JsonObject::new(r#"{"correlationId":"c1"}"#).unwrap(),
        ..NewEvent::new(
            StreamName::new("Order", "1").unwrap(),
            EventType::new("Placed").unwrap(),
            JsonObject::new(r#"{"total":10}"#).unwrap(),
        )
    }
}

fn prepared(event: NewEvent) -> PreparedEvent {
    let origin = "memory".parse().unwrap();
    let preparer =
        Preparer::new(&origin, Arc::new(SystemClock), Arc::new(SystemRandomness), Limits::default());
    preparer.prepare(Append::event(event)).unwrap().events.remove(0)
}

fn recorded() -> RecordedEvent {
    prepared(sent()).into_recorded(Position(0), StreamVersion::FIRST, "2026-01-01T00:00:00Z".parse().unwrap())
}

fn item(change: impl FnOnce(&mut QueryItem)) -> QueryItem {
    let mut item = QueryItem::default();
    change(&mut item);
    item
}

/// An erasure, and the questions that it leaves without an answer.
fn erasures() -> Vec<(RecordedEvent, Vec<QueryItem>)> {
    let whole = recorded();
    let stream = StreamName::new("Order", "1").unwrap();
    vec![
        (
            RecordedEvent { aggregate_id: Committed::Erased(GONE), ..whole.clone() },
            vec![
                item(|item| item.streams = vec![stream.clone()]),
                item(|item| item.aggregate_id = Some(stream.aggregate_id.clone())),
            ],
        ),
        (
            RecordedEvent { actor_id: Committed::Erased(GONE), ..whole.clone() },
            vec![item(|item| item.actor_id = Some(ActorId::new("ann").unwrap()))],
        ),
        (
            RecordedEvent { tags: Committed::Erased(GONE), ..whole.clone() },
            vec![item(|item| item.tags = vec![Tag::new("vip").unwrap()])],
        ),
        (
            RecordedEvent { metadata: Committed::Erased(GONE), ..whole.clone() },
            vec![item(|item| item.correlation_id = Some("c1".to_owned()))],
        ),
        (
            RecordedEvent { payload: Committed::Erased(GONE), ..whole.clone() },
            vec![
                item(|item| item.payload = vec!["/total = 10".parse().unwrap()]),
                item(|item| item.payload = vec!["/total exists".parse().unwrap()]),
            ],
        ),
        (RecordedEvent { context: Committed::Erased(GONE), ..whole }, vec![]),
    ]
}

#[test]
fn what_is_erased_fulfils_nothing() {
    for (erased, items) in erasures() {
        for item in items {
            assert!(Query::from(item.clone()).matches(&recorded()), "{item:?}");
            assert!(!Query::from(item.clone()).matches(&erased), "{item:?}");
        }
    }
}

#[test]
fn what_is_left_is_still_found() {
    let left = [
        item(|_| ()),
        item(|item| item.event_types = vec![EventType::new("Placed").unwrap()]),
        item(|item| item.aggregate_type = Some(recorded().aggregate_type)),
        item(|item| item.timestamp.from = Some("2026-01-01T00:00:00Z".parse().unwrap())),
    ];
    for (erased, _) in erasures() {
        assert!(left.iter().all(|item| item.matches(&erased)));
    }
}

#[test]
fn a_repeat_of_an_erased_event_is_a_repeat() {
    for (erased, _) in erasures() {
        assert!(prepared(sent()).is_repeat_of(&erased));
        let other = NewEvent { event_type: EventType::new("Paid").unwrap(), ..sent() };
        assert!(!prepared(other).is_repeat_of(&erased), "what was not erased is compared");
    }
}

#[test]
fn other_content_counts_as_a_repeat_only_where_the_original_is_gone() {
    let other = NewEvent { payload: JsonObject::new(r#"{"total":11}"#).unwrap(), ..sent() };
    for (erased, _) in erasures() {
        let is_gone = erased.payload.value().is_none();
        assert_eq!(prepared(other.clone()).is_repeat_of(&erased), is_gone);
    }
    let other_context =
        NewEvent { context: Context::from_object(JsonObject::new(r#"{"a":1}"#).unwrap()), ..sent() };
    assert!(prepared(other_context).is_repeat_of(&recorded()));
}
