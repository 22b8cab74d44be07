//! Rows: every field, every place.

use annals_event::{
    ActorId, AggregateId, Committed, Context, EventId, EventType, JsonObject, Opening, Position,
    SchemaVersion, Secret, StreamVersion, Tags, Timestamp,
};
use annals_proof::{VerifyOptions, verify};
use annals_store::{ProvableEvent, StoredRow};
use annals_tlog::Hash;

use super::{altered, found, verified};

#[tokio::test]
async fn every_field_of_an_event_is_covered() {
    type Alteration = fn(&mut ProvableEvent);
    let alterations: [(&str, Alteration); 14] = [
        ("position", |row| row.event.position = Position(299)),
        ("event id", |row| row.event.event_id = EventId::from_bytes([1; 16])),
        ("event type", |row| row.event.event_type = EventType::new("OrderPaid").unwrap()),
        ("aggregate type", |row| row.event.aggregate_type = "Orders".parse().unwrap()),
        ("aggregate id", |row| row.event.aggregate_id = Committed::Value(AggregateId::new("other").unwrap())),
        ("version", |row| row.event.version = StreamVersion(row.event.version.0 + 1)),
        ("schema version", |row| row.event.schema_version = SchemaVersion::new(2).unwrap()),
        ("timestamp", |row| row.event.timestamp = later(row.event.timestamp)),
        ("recorded at", |row| row.event.recorded_at = later(row.event.recorded_at)),
        ("actor", |row| row.event.actor_id = Committed::Value(ActorId::new("user_788").unwrap())),
        ("tags", |row| row.event.tags = Committed::Value(Tags::default())),
        ("payload", |row| row.event.payload = Committed::Value(JsonObject::new("{}").unwrap())),
        ("metadata", |row| row.event.metadata = Committed::Value(JsonObject::new("{ }").unwrap())),
        ("context", |row| {
            let context = JsonObject::new(r#"{"source":"file"}"#).unwrap();
            row.event.context = Committed::Value(Context::from_object(context));
        }),
    ];
    for (field, alter) in alterations {
        let mut store = altered().await;
        alter(store.event(300));
        let found = found(&store).await;
        assert_eq!(found.first(), Some(&("event-altered", Some(300))), "{field}: {found:?}");
        // Of another stream or version, the next of the stream may show the gap; nothing else follows.
        assert!(found.iter().skip(1).all(|(code, _)| *code == "version-gap"), "{field}: {found:?}");
    }
}

fn later(time: Timestamp) -> Timestamp {
    Timestamp::from_micros(time.as_micros() + 1).unwrap()
}

#[tokio::test]
async fn an_altered_secret_commitment_or_leaf_hash_is_found() {
    let mut store = altered().await;
    store.event(300).opening = Opening::Secret(Secret([1; 16]));
    assert_eq!(found(&store).await, [("event-altered", Some(300))]);

    let mut store = altered().await;
    store.event(300).opening = Opening::Salts(Default::default());
    assert_eq!(found(&store).await, [("event-altered", Some(300))]);

    let mut store = altered().await;
    store.event(300).leaf_hash = Hash::EMPTY_ROOT;
    assert_eq!(found(&store).await, [("tree-hash-altered", Some(300))]);
    store.levels[0].insert(300, Hash::EMPTY_ROOT);
    assert_eq!(found(&store).await.first(), Some(&("event-altered", Some(300))));
}

#[tokio::test]
async fn a_missing_event_is_found_and_the_rest_is_still_checked() {
    let mut store = altered().await;
    store.rows.remove(300);
    let problems = found(&store).await;
    assert_eq!(problems.first(), Some(&("event-missing", Some(300))));
    assert_eq!(problems.get(1..), Some(&[("version-gap", Some(307))][..]));

    // Also where the leaf hash went with the row: the tile above stands in for it.
    store.levels[0].remove(&300);
    store.event(550).event.actor_id = Committed::Value(ActorId::anonymous());
    let verification = verified(&store).await;
    let codes: Vec<_> = verification.problems.iter().map(|problem| problem.code).collect();
    assert!(codes.contains(&"event-missing") && codes.contains(&"event-altered"), "{codes:?}");
    assert!(!codes.contains(&"checkpoint-contradicts-log"), "{codes:?}");
}

#[tokio::test]
async fn removed_first_and_last_events_are_found() {
    for position in [0, 699] {
        let mut store = altered().await;
        store.rows.remove(position);
        let found = found(&store).await;
        assert_eq!(found.first(), Some(&("event-missing", Some(position as u64))), "{found:?}");
    }
    let mut store = altered().await;
    store.rows.clear();
    store.levels.clear();
    let verification =
        verify(&store, VerifyOptions { problems_max: 3, ..VerifyOptions::default() }).await.unwrap();
    assert_eq!((verification.problems.len(), verification.problems_omitted), (3, 697));
    assert_eq!(verification.root, None);
}

#[tokio::test]
async fn swapped_events_are_found() {
    let mut store = altered().await;
    let (one, other) = (store.event(300).clone(), store.event(301).clone());
    *store.event(300) = ProvableEvent { event: at(other.event, 300), ..other };
    *store.event(301) = ProvableEvent { event: at(one.event, 301), ..one };
    let swapped = found(&store).await;
    assert!(swapped.contains(&("recorded-at-order", Some(301))), "{swapped:?}");
    assert!(swapped.contains(&("tree-hash-altered", Some(300))), "{swapped:?}");
}

fn at(mut event: annals_event::RecordedEvent, position: u64) -> annals_event::RecordedEvent {
    event.position = Position(position);
    event
}

#[tokio::test]
async fn added_rows_are_found_behind_the_head_and_in_between() {
    let mut store = altered().await;
    let mut twin = store.rows[5].clone();
    store.rows.insert(5, twin.clone());
    assert_eq!(found(&store).await, [("event-added", Some(5))]);
    store.rows.remove(5);

    twin.position = Position(700);
    store.rows.push(twin.clone());
    twin.position = Position(9_000);
    store.rows.push(twin);
    assert_eq!(found(&store).await, [("event-added", Some(700)), ("event-added", Some(9_000))]);
}

#[tokio::test]
async fn an_event_that_was_added_with_the_whole_tree_is_found() {
    let mut store = altered().await;
    let mut forged = store.event(699).clone();
    forged.event = at(forged.event, 700);
    store.rows.push(StoredRow { position: Position(700), event: Ok(forged.clone()) });
    store.levels[0].insert(700, forged.leaf_hash);
    store.rebuild_tree();
    let found = found(&store).await;
    assert!(found.contains(&("event-id-twice", Some(700))), "{found:?}");
    assert!(found.contains(&("version-gap", Some(700))), "{found:?}");
}

#[tokio::test]
async fn an_unreadable_row_is_found() {
    let mut store = altered().await;
    store.rows[300].event = Err("its time is no time".to_owned());
    let problems = verified(&store).await.problems;
    assert_eq!(problems[0].code, "event-unreadable");
    assert!(problems[0].detail.contains("its time is no time"));
}

#[tokio::test]
async fn rows_in_a_damaged_page_of_the_database_are_named_and_the_rest_is_still_checked() {
    let mut store = altered().await;
    store.damaged = 300..303;
    store.event(650).event.actor_id = Committed::Value(ActorId::anonymous());
    let found = found(&store).await;
    let unreadable = found.iter().filter(|(code, _)| *code == "event-unreadable");
    assert_eq!(unreadable.map(|(_, position)| position.unwrap()).collect::<Vec<_>>(), [300, 301, 302]);
    assert!(found.contains(&("event-altered", Some(650))), "{found:?}");
    assert!(!found.iter().any(|(code, _)| code.contains("tree") || code.contains("checkpoint")), "{found:?}");
}
