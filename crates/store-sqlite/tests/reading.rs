//! Readers get the same events, however they are read: ahead, at once, or page by page on another thread.

use std::path::Path;

use annals_event::{EventType, JsonObject, NewEvent, RecordedEvent, StreamName};
use annals_store::{Append, Direction, EventReader, EventStore, PageRequest, Query, QueryItem, ReadOptions};
use annals_store_sqlite::{SqliteEventStore, SqliteOptions};

/// Events of this position and behind are large, so that a few of them fill a page.
const FIRST_LARGE: u64 = 2_500;

fn event(number: u64) -> NewEvent {
    let filling = if number < FIRST_LARGE { String::new() } else { "x".repeat(300_000) };
    let payload = JsonObject::new(format!(r#"{{"n":{number},"filling":"{filling}"}}"#)).unwrap();
    let stream = StreamName::new("Order", format!("o{}", number % 9)).unwrap();
    NewEvent::new(stream, EventType::new("Placed").unwrap(), payload)
}

async fn log_of(path: &Path, size: u64) -> SqliteEventStore {
    let options = SqliteOptions { payload_paths: vec!["/n".parse().unwrap()], ..SqliteOptions::default() };
    let store = SqliteEventStore::create_or_open(path, options).unwrap();
    for verdict in store.append_each((0..size).map(|number| Append::event(event(number))).collect()).await {
        verdict.unwrap();
    }
    store
}

async fn read(store: &SqliteEventStore, query: &Query, options: ReadOptions) -> Vec<RecordedEvent> {
    let mut reader = EventReader::new(store, query.clone(), options);
    let mut events = Vec::new();
    while let Some(page) = reader.next_page().await.unwrap() {
        events.extend(page);
    }
    events
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_is_given_once_and_in_order_where_large_ones_end_pages_early() {
    let folder = tempfile::tempdir().unwrap();
    let size = FIRST_LARGE + 40;
    let store = log_of(&folder.path().join("annals.db"), size).await;
    for direction in [Direction::Forwards, Direction::Backwards] {
        for limit in [None, Some(size - 3), Some(1_500)] {
            let options = ReadOptions { direction, limit, ..ReadOptions::default() };
            let found: Vec<u64> =
                read(&store, &Query::all(), options).await.iter().map(|event| event.position.0).collect();
            let mut expected: Vec<u64> = (0..size).collect();
            if direction == Direction::Backwards {
                expected.reverse();
            }
            expected.truncate(limit.map_or(usize::MAX, |limit| limit as usize));
            assert_eq!(found, expected, "{direction:?}, limit {limit:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_question_is_answered_alike_at_once_and_on_a_thread_that_may_block() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(&folder.path().join("annals.db"), FIRST_LARGE + 10).await;
    let stream = QueryItem { streams: vec![StreamName::new("Order", "o4").unwrap()], ..QueryItem::default() };
    let value = QueryItem { payload: vec!["/n = 1234".parse().unwrap()], ..QueryItem::default() };
    let nothing =
        QueryItem { streams: vec![StreamName::new("Order", "o99").unwrap()], ..QueryItem::default() };
    for item in [stream, value, nothing] {
        let query = Query::from(item);
        for direction in [Direction::Forwards, Direction::Backwards] {
            let request = PageRequest { direction, events_max: 50, ..PageRequest::default() };
            let elsewhere = store.read_page_blocking(&query, request).unwrap();
            // Connections are open now, so that this one is read at once.
            let at_once = store.read_page(&query, request).await.unwrap();
            assert_eq!(at_once, elsewhere);
            let options = ReadOptions { direction, limit: Some(120), ..ReadOptions::default() };
            let whole = store
                .read_page_blocking(&query, PageRequest { events_max: 120, bytes_max: usize::MAX, ..request })
                .unwrap();
            assert_eq!(read(&store, &query, options).await, whole.events);
        }
    }
}
