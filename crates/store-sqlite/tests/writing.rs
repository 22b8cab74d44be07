//! The ways to the writer, and what it remembers of streams.

use std::collections::BTreeMap;
use std::sync::Arc;

use annals_event::{EventType, JsonObject, NewEvent, StreamName, StreamVersion};
use annals_store::{Append, EventReader, EventStore, ExpectedVersion, Query, ReadOptions, StoreError};
use annals_store_sqlite::{SqliteEventStore, SqliteOptions};

fn stream(id: impl ToString) -> StreamName {
    StreamName::new("Order", id.to_string()).unwrap()
}

fn event(stream: StreamName) -> NewEvent {
    NewEvent::new(stream, EventType::new("OrderPlaced").unwrap(), JsonObject::new("{}").unwrap())
}

fn open(folder: &tempfile::TempDir) -> Arc<SqliteEventStore> {
    let path = folder.path().join("annals.db");
    Arc::new(SqliteEventStore::create_or_open(&path, SqliteOptions::default()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn threads_that_block_and_tasks_that_wait_share_one_gapless_order() {
    const CLIENTS: u64 = 4;
    const APPENDS: u64 = 60;
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);

    let guarded = |id: String, version: u64| {
        let expected = match version {
            0 => ExpectedVersion::NoStream,
            _ => ExpectedVersion::Exactly(StreamVersion(version)),
        };
        Append::event(event(stream(&id))).expecting(stream(&id), expected)
    };
    let threads = (0..CLIENTS).map(|client| {
        let store = Arc::clone(&store);
        std::thread::spawn(move || {
            for version in 0..APPENDS {
                store.append_blocking(guarded(format!("thread-{client}"), version)).unwrap();
            }
        })
    });
    let threads: Vec<_> = threads.collect();
    let tasks = (0..CLIENTS).map(|client| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for version in 0..APPENDS {
                store.append(guarded(format!("task-{client}"), version)).await.unwrap();
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    for thread in threads {
        tokio::task::spawn_blocking(|| thread.join().unwrap()).await.unwrap();
    }

    let mut versions: BTreeMap<StreamName, u64> = BTreeMap::new();
    let mut reader = EventReader::new(&*store, Query::all(), ReadOptions::default());
    let mut position = 0;
    while let Some(page) = reader.next_page().await.unwrap() {
        for event in page {
            assert_eq!(event.position.0, position);
            position += 1;
            let version = versions.entry(event.stream().unwrap()).or_default();
            *version += 1;
            assert_eq!(event.version.0, *version);
        }
    }
    assert_eq!(position, 2 * CLIENTS * APPENDS);
    assert!(versions.values().all(|version| *version == APPENDS));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_append_that_blocks_gets_the_same_verdicts_and_none_once_the_store_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    let refused = store
        .append_blocking(Append::event(event(stream(1))).expecting(stream(1), ExpectedVersion::StreamExists));
    assert!(matches!(refused, Err(StoreError::WrongExpectedVersion { actual: None, .. })), "{refused:?}");
    assert!(matches!(store.append_blocking(Append::default()), Err(StoreError::InvalidAppend { .. })));
    assert_eq!(store.append_blocking(Append::event(event(stream(1)))).unwrap().events.len(), 1);

    store.close().await.unwrap();
    let closed = store.append_blocking(Append::event(event(stream(1))));
    assert!(matches!(closed, Err(StoreError::Unavailable { .. })), "{closed:?}");
}

/// More streams than the writer remembers, in an order in which it has forgotten each when it comes again.
#[tokio::test(flavor = "multi_thread")]
async fn versions_go_on_in_streams_that_the_writer_has_forgotten() {
    const STREAMS: usize = 150_000;
    const PER_APPEND: usize = 10_000;
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    for version in 1..=2 {
        for first in (0..STREAMS).step_by(PER_APPEND) {
            let events = (first..first + PER_APPEND).map(|id| event(stream(id))).collect();
            let appended = store.append(Append { events, ..Append::default() }).await.unwrap();
            assert!(appended.events.iter().all(|placed| placed.version == StreamVersion(version)));
        }
    }
}
