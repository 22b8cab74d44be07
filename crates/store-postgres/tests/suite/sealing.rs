//! Blocks are made ahead and sealed by themselves, and what is not sealed is answered as exactly as what is.

use std::sync::Arc;
use std::time::Duration;

use annals_event::{ActorId, EventType, JsonObject, NewEvent, StreamVersion, Tag, Tags};
use annals_store::{
    Append, AppendCondition, Direction, EventReader, EventStore, ExpectedVersion, PageRequest, Query,
    QueryItem, ReadOptions, StoreError,
};
use annals_store_postgres::{PostgresEventStore, PostgresOptions};
use annals_test_postgres::shared_server;

use crate::logs::{check_sound, create, events, numbered, options, somebody, stream};

/// An event with a value of each kind that can be looked for, of a few.
fn described(id: u128) -> NewEvent {
    let event = NewEvent {
        event_type: EventType::new(format!("Type{}", id % 3)).unwrap(),
        actor_id: Some(ActorId::new(format!("actor-{}", id % 5)).unwrap()),
        tags: Tags::new(vec![
            Tag::new(format!("even:{}", id % 2)).unwrap(),
            Tag::new(format!("rest:{}", id % 7)).unwrap(),
        ]),
        ..numbered(id, &format!("Order/{}", id % 11))
    };
    NewEvent {
        metadata: JsonObject::new(format!(r#"{{"correlationId":"c-{}"}}"#, id % 13)).unwrap(),
        ..event
    }
}

/// A question for each kind of value that the event with a number has.
fn questions(id: u128) -> [QueryItem; 5] {
    let event = described(id);
    let item = QueryItem::default;
    [
        QueryItem { streams: vec![event.stream.clone()], ..item() },
        QueryItem { event_types: vec![event.event_type.clone()], ..item() },
        QueryItem { actor_id: event.actor_id.clone(), ..item() },
        QueryItem { tags: event.tags.as_slice().to_vec(), ..item() },
        QueryItem { correlation_id: Some(format!("c-{}", id % 13)), ..item() },
    ]
}

async fn positions(store: &PostgresEventStore, item: &QueryItem, direction: Direction) -> Vec<u64> {
    let query = Query::from(item.clone());
    let mut reader = EventReader::new(store, query, ReadOptions { direction, ..ReadOptions::default() });
    let mut positions = Vec::new();
    while let Some(events) = reader.next_page().await.unwrap() {
        positions.extend(events.iter().map(|event| event.position.0));
    }
    positions
}

/// Asks every question about the event with a number, which is the `size`th event and the last one so far; ids are
/// positions.
async fn check_answers(store: &PostgresEventStore, size: u64) {
    let newest = u128::from(size - 1);
    let id = described(newest).event_id.unwrap();
    assert_eq!(store.position_of(id).await.unwrap().map(|position| position.0), Some(size - 1));
    for item in questions(newest) {
        let matching = |position: &u64| questions(u128::from(*position)).contains(&item);
        let expected: Vec<u64> = (0..size).filter(matching).collect();
        let (forwards, backwards) = (
            positions(store, &item, Direction::Forwards).await,
            positions(store, &item, Direction::Backwards).await,
        );
        assert_eq!(forwards, expected, "{item:?}");
        assert!(backwards.into_iter().rev().eq(expected), "{item:?}");
    }
}

/// How many blocks there are, and how many of them are sealed.
async fn blocks(client: &tokio_postgres::Client) -> (i64, i64) {
    let row = client
        .query_one("SELECT (SELECT count(*) FROM blocks), (SELECT count(*) FROM seals)", &[])
        .await
        .unwrap();
    (row.get(0), row.get(1))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_stores_answer_at_once_while_they_append_and_blocks_are_sealed() {
    let options = PostgresOptions { block_len: 32, housekeeping_rest: Duration::from_millis(1), ..options() };
    let stores = [create(&options).await, create(&options).await];
    let mut size = 0;
    for round in 0..60_usize {
        let (writer, reader) = (&stores[round % 2], &stores[(round / 2) % 2]);
        let count = 1 + (round as u64 * 7) % 11;
        let new = (size..size + count).map(|id| described(u128::from(id))).collect();
        writer.append(Append { events: new, ..Append::default() }).await.unwrap();
        size += count;
        check_answers(reader, size).await;
    }
    for store in &stores {
        store.settle().await.unwrap();
    }
    let client = somebody(shared_server(), &options).await;
    assert_eq!(blocks(&client).await.1, (size / 32).cast_signed());
    check_answers(&stores[0], size).await;
    check_answers(&create(&options).await, size).await;
    check_sound(&stores[1]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocks_are_made_ahead_and_sealed_without_anybody_asking() {
    let options = PostgresOptions { housekeeping_rest: Duration::from_millis(5), ..options() };
    let store = create(&options).await;
    let client = somebody(shared_server(), &options).await;
    for _ in 0..5 {
        store.append(events("Order/1", 740)).await.unwrap();
    }
    // 3,700 events fill three blocks of 1,024; the next one is more than half full, so there is a fifth.
    let started = std::time::Instant::now();
    while blocks(&client).await != (5, 3) {
        assert!(started.elapsed() < Duration::from_secs(30), "{:?}", blocks(&client).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    check_sound(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_was_just_opened_answers_exactly_behind_a_long_tail() {
    // Nothing is sealed, and there is more than is learnt while somebody waits.
    let options = PostgresOptions { block_len: 65_536, ..options() };
    let size = 9_000_u64;
    let filled = create(&options).await;
    let all = (0..size).map(|id| described(u128::from(id))).collect();
    filled.append(Append { events: all, ..Append::default() }).await.unwrap();
    filled.close().await.unwrap();
    check_answers(&create(&options).await, size).await;

    let store = create(&options).await;
    let repeat = store.append(described(17).into()).await.unwrap();
    assert!(repeat.repeated && repeat.events[0].position.0 == 17);
    let store = create(&options).await;
    let of_order = |version| {
        let expected = ExpectedVersion::Exactly(StreamVersion(version));
        Append::event(numbered(1 << 90, "Order/3")).expecting(stream("Order/3"), expected)
    };
    let actual = (0..size).filter(|id| id % 11 == 3).count() as u64;
    let refusal = store.append(of_order(actual - 1)).await.unwrap_err();
    assert!(
        matches!(refusal, StoreError::WrongExpectedVersion { actual: Some(version), .. } if version.0 == actual),
        "{refusal}"
    );
    let store = create(&options).await;
    let [.., tagged, _] = questions(u128::from(size - 1));
    let condition = AppendCondition { fail_if_events_match: Query::from(tagged), after: None };
    let guarded = Append { condition: Some(condition), ..numbered(1 << 91, "Order/3").into() };
    let refusal = store.append(guarded).await.unwrap_err();
    assert!(matches!(refusal, StoreError::ConditionFailed { .. }), "{refusal}");
    let store = create(&options).await;
    assert_eq!(store.append(of_order(actual)).await.unwrap().events[0].version.0, actual + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_see_no_gap_while_others_append_and_seal() {
    let options = PostgresOptions { block_len: 64, housekeeping_rest: Duration::from_millis(1), ..options() };
    let (writer, reader) = (create(&options).await, Arc::new(create(&options).await));
    let reading = tokio::spawn({
        let reader = Arc::clone(&reader);
        async move {
            // Every answer is the whole answer of some moment, and no moment comes before one that was seen.
            let (mut seen, mut answers) = (0, 0);
            while seen < 700 {
                let item = QueryItem {
                    event_types: vec![EventType::new("Counted").unwrap()],
                    ..QueryItem::default()
                };
                let request =
                    PageRequest { events_max: 1_000, bytes_max: usize::MAX, ..PageRequest::default() };
                let page = reader.read_page(&Query::from(item), request).await.unwrap();
                let found: Vec<u64> = page.events.iter().map(|event| event.position.0).collect();
                assert_eq!(found, (0..page.size).collect::<Vec<_>>());
                assert!(page.size >= seen);
                (seen, answers) = (page.size, answers + 1);
            }
            answers
        }
    });
    for id in 0..700 {
        writer.append(numbered(id, "Order/1").into()).await.unwrap();
    }
    let answers = tokio::time::timeout(Duration::from_secs(60), reading).await.unwrap().unwrap();
    assert!(answers > 20, "{answers}");
}
