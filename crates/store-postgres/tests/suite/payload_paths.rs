//! Values at configured paths of payloads are looked up, whenever the path was configured and whatever is sealed.

use annals_event::{JsonObject, NewEvent};
use annals_store::{Append, Direction, EventReader, EventStore, Query, QueryItem, ReadOptions};
use annals_store_postgres::{PostgresEventStore, PostgresOptions};
use annals_test_postgres::shared_server;

use crate::logs::{check_sound, create, numbered, options, somebody};

/// Payloads in which equal values are written in several ways, and others are no scalars or missing.
fn payload(id: u128) -> String {
    match id % 8 {
        0 => r#"{"a":{"b":10.5}}"#.to_owned(),
        1 => r#"{"a":{"b":1.050e1}}"#.to_owned(),
        2 => r#"{"a":{"b":"10.5"}}"#.to_owned(),
        3 => format!(r#"{{"a":{{"b":"{}"}}}}"#, "x".repeat(9_000)),
        4 => r#"{"a":{"b":[10.5]}}"#.to_owned(),
        5 => r#"{"a":{"b":null}}"#.to_owned(),
        6 => r#"{"a":[]}"#.to_owned(),
        _ => r#"{"a":{"b":-0.0}}"#.to_owned(),
    }
}

fn events(ids: std::ops::Range<u128>) -> Append {
    let event = |id| NewEvent { payload: JsonObject::new(payload(id)).unwrap(), ..numbered(id, "Order/1") };
    Append { events: ids.map(event).collect(), ..Append::default() }
}

async fn positions(store: &PostgresEventStore, question: &str) -> Vec<u64> {
    let item = QueryItem { payload: vec![question.parse().unwrap()], ..QueryItem::default() };
    let options = ReadOptions { direction: Direction::Backwards, ..ReadOptions::default() };
    let mut reader = EventReader::new(store, Query::from(item), options);
    let mut positions = Vec::new();
    while let Some(events) = reader.next_page().await.unwrap() {
        positions.extend(events.iter().map(|event| event.position.0));
    }
    positions.reverse();
    positions
}

/// Asks for each kind of value among as many events.
async fn check_answers(store: &PostgresEventStore, size: u64) {
    let long = format!("/a/b = {}", "x".repeat(9_000));
    let questions: [(&str, &[u64]); 9] = [
        ("/a/b = 10.50", &[0, 1]),
        (r#"/a/b = "10.5""#, &[2]),
        (&long, &[3]),
        ("/a/b = [1.05e1]", &[4]),
        ("/a/b = null", &[5]),
        ("/a/b = 0", &[7]),
        ("/a/b = 11", &[]),
        // No jsonb holds it.
        ("/a/b = 1e-20000", &[]),
        ("/a/b >= 10", &[0, 1]),
    ];
    for (question, rests) in questions {
        let expected: Vec<u64> = (0..size).filter(|position| rests.contains(&(position % 8))).collect();
        assert_eq!(positions(store, question).await, expected, "{question:.40} of {size} events");
    }
}

#[tokio::test]
async fn equal_values_are_found_however_they_are_written_and_wherever_they_lie() {
    let options =
        PostgresOptions { block_len: 64, payload_paths: vec!["/a/b".parse().unwrap()], ..options() };
    let store = create(&options).await;
    check_answers(&store, 0).await;
    for size in [40, 130, 300_u128] {
        let before = u128::from(store.head().await.unwrap().size);
        store.append(events(before..size)).await.unwrap();
        check_answers(&store, size as u64).await;
        store.settle().await.unwrap();
        check_answers(&store, size as u64).await;
    }
    check_sound(&store).await;
    // Who opens it anew need not say which paths there are.
    let reader =
        PostgresEventStore::open(PostgresOptions { payload_paths: Vec::new(), ..options }).await.unwrap();
    check_answers(&reader, 300).await;
}

#[tokio::test]
async fn a_path_may_be_configured_at_any_time() {
    let options = PostgresOptions { block_len: 64, ..options() };
    let store = create(&options).await;
    store.append(events(0..200)).await.unwrap();
    store.settle().await.unwrap();
    store.close().await.unwrap();
    let odd = r#"/it's"so"\/~1"#;
    let options =
        PostgresOptions { payload_paths: vec!["/a/b".parse().unwrap(), odd.parse().unwrap()], ..options };
    let store = create(&options).await;
    check_answers(&store, 200).await;
    store.settle().await.unwrap();
    check_answers(&store, 200).await;
    assert_eq!(positions(&store, &format!("{odd} = 1")).await, Vec::<u64>::new());
    check_sound(&store).await;
    let client = somebody(shared_server(), &options).await;
    client.batch_execute("DROP INDEX events_64_by_payload_1").await.unwrap();
    let found = annals_store::Inspection::inspect(&store, 10).await.unwrap();
    assert!(
        found.problems.iter().any(|problem| format!("{problem:?}").contains("payload_paths")),
        "{found:?}"
    );
}
