//! Writers race against readers that follow the log, all of it or a part: none sees a gap, a repeat or a wrong order.

use std::sync::Arc;
use std::time::{Duration, Instant};

use annals_event::{EventType, NewEvent, Tag, Tags};
use annals_store::{EventReader, EventStore, Query, QueryItem, ReadOptions, Subscription};
use annals_store_postgres::{PostgresEventStore, PostgresOptions};

use crate::logs::{check_sound, create, numbered, options};

/// How many seconds it goes on, if not this long.
const SECONDS: &str = "ANNALS_TEST_RACE_SECONDS";
const SECONDS_DEFAULT: u64 = 12;

const STORES: usize = 3;
const WRITERS: u128 = 6;

/// Every third event is rare, every fifth one has a tag.
fn event(id: u128) -> NewEvent {
    let tags = if id.is_multiple_of(5) { vec![Tag::new("fifth").unwrap()] } else { Vec::new() };
    let event_type = EventType::new(if id.is_multiple_of(3) { "Rare" } else { "Usual" }).unwrap();
    NewEvent { event_type, tags: Tags::new(tags), ..numbered(id, &format!("Stream/{}", id % 17)) }
}

fn questions() -> [Query; 3] {
    let rare = QueryItem { event_types: vec![EventType::new("Rare").unwrap()], ..QueryItem::default() };
    let fifth = QueryItem { tags: vec![Tag::new("fifth").unwrap()], ..QueryItem::default() };
    [Query::all(), rare.into(), fifth.into()]
}

/// Follows the log until a moment and a while longer; the positions that were delivered, and how far it looked.
async fn follow(store: Arc<PostgresEventStore>, query: Query, end: Instant) -> (Vec<u64>, u64) {
    let mut feed = Subscription::new(store, query, None);
    let (mut positions, mut scanned) = (Vec::new(), 0);
    let deadline = tokio::time::Instant::from_std(end + Duration::from_secs(2));
    while let Ok(delivery) = tokio::time::timeout_at(deadline, feed.next()).await {
        let delivery = delivery.unwrap();
        assert_eq!(delivery.previous.map(|position| position.0), positions.last().copied());
        positions.extend(delivery.events.iter().map(|event| event.position.0));
        assert!(
            delivery.scanned.0 >= scanned && positions.last().is_none_or(|last| *last <= delivery.scanned.0)
        );
        scanned = delivery.scanned.0;
    }
    (positions, scanned)
}

async fn write(store: Arc<PostgresEventStore>, writer: u128, end: Instant) {
    for n in 0.. {
        if Instant::now() > end {
            return;
        }
        store.append(event(n * WRITERS + writer).into()).await.unwrap();
        if n % 50 == 0 {
            // Now and then the log rests, and readers wait to be told.
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_that_race_against_writers_see_every_event_once_and_in_order() {
    let seconds = std::env::var(SECONDS).ok().and_then(|seconds| seconds.parse().ok());
    let end = Instant::now() + Duration::from_secs(seconds.unwrap_or(SECONDS_DEFAULT));
    let options =
        PostgresOptions { block_len: 512, housekeeping_rest: Duration::from_millis(20), ..options() };
    let mut stores = Vec::new();
    for _ in 0..STORES {
        stores.push(Arc::new(create(&options).await));
    }
    let mut writing = Vec::new();
    // The last store only reads.
    for writer in 0..WRITERS {
        let store = Arc::clone(&stores[writer as usize % (STORES - 1)]);
        writing.push(tokio::spawn(write(store, writer, end)));
    }
    let mut reading = Vec::new();
    for store in &stores {
        for query in questions() {
            let following = tokio::spawn(follow(Arc::clone(store), query.clone(), end));
            reading.push((query, following));
        }
    }
    for writer in writing {
        writer.await.unwrap();
    }
    let size = check_sound(&stores[0]).await.len() as u64;
    assert!(size > 200, "only {size} events were written");
    assert_eq!(stores[2].head().await.unwrap().size, size);
    for (query, following) in reading {
        let (positions, scanned) = following.await.unwrap();
        assert_eq!(scanned, size - 1, "{query:?}");
        let mut reader = EventReader::new(&*stores[0], Query::all(), ReadOptions::default());
        let mut expected = Vec::new();
        while let Some(events) = reader.next_page().await.unwrap() {
            let matching = events.iter().filter(|event| query.matches(event));
            expected.extend(matching.map(|event| event.position.0));
        }
        assert!(positions == expected, "{query:?}");
    }
}
