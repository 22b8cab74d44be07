//! Logs for tests, and what must be true of every log.

use std::collections::{BTreeMap, BTreeSet};

use annals_event::{EventId, EventType, JsonObject, NewEvent, StreamName};
use annals_store::{
    Append, EventReader, EventStore, Findings, Inspection, ProofStore, Query, ReadOptions, StoredRow,
};
use annals_store_postgres::{PostgresEventStore, PostgresOptions};
use annals_test_postgres::{fresh_schema_name, log_url, shared_server};
use annals_tlog::{Frontier, recompute_leaf_hash};
use tokio_postgres::{Client, NoTls};

/// Options for a log of its own on the shared server.
pub(crate) fn options() -> PostgresOptions {
    options_at(shared_server())
}

/// Options for a log of its own on a server.
pub(crate) fn options_at(server: &str) -> PostgresOptions {
    let location = log_url(server, &fresh_schema_name());
    PostgresOptions { block_len: 1_024, ..PostgresOptions::new(location.parse().unwrap()) }
}

pub(crate) async fn create(options: &PostgresOptions) -> PostgresEventStore {
    PostgresEventStore::create_or_open(options.clone()).await.unwrap()
}

/// A connection of somebody with `psql`, inside the schema.
pub(crate) async fn somebody(server: &str, options: &PostgresOptions) -> Client {
    let (client, connection) = tokio_postgres::connect(server, NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(&format!("SET search_path = {}", options.location.schema())).await.unwrap();
    client
}

pub(crate) fn stream(name: &str) -> StreamName {
    name.parse().unwrap()
}

/// An event with a number as its id.
pub(crate) fn numbered(id: u128, stream_name: &str) -> NewEvent {
    let payload = JsonObject::new(format!(r#"{{"id":"{id}"}}"#)).unwrap();
    let event = NewEvent::new(stream(stream_name), EventType::new("Counted").unwrap(), payload);
    NewEvent { event_id: Some(EventId::from_bytes(id.to_be_bytes())), ..event }
}

/// `count` events of one stream.
pub(crate) fn events(stream_name: &str, count: u32) -> Append {
    let event = |n: u32| {
        let payload = JsonObject::new(format!(r#"{{"n":{n}}}"#)).unwrap();
        NewEvent::new(stream(stream_name), EventType::new("Counted").unwrap(), payload)
    };
    Append { events: (0..count).map(event).collect(), ..Append::default() }
}

/// Checks that the log is sound: positions and versions without gaps, ids once, the tree and everything derived as it
/// follows from the events. The ids of all events.
pub(crate) async fn check_sound(store: &PostgresEventStore) -> BTreeSet<EventId> {
    let mut reader = EventReader::new(store, Query::all(), ReadOptions::default());
    let (mut ids, mut versions, mut position) = (BTreeSet::new(), BTreeMap::new(), 0);
    while let Some(events) = reader.next_page().await.unwrap() {
        for event in events {
            assert_eq!(event.position.0, position);
            position += 1;
            assert!(ids.insert(event.event_id), "{} is recorded twice", event.event_id);
            let version = versions.entry(event.stream().unwrap()).or_insert(0);
            *version += 1;
            assert_eq!(event.version.0, *version, "position {}", event.position);
        }
    }
    let head = store.head().await.unwrap();
    assert_eq!(head.size, position);
    assert_eq!(root_of(&rows(store).await), head.root);
    assert_eq!(store.root_at(head.size).await.unwrap(), head.root);
    assert_eq!(store.inspect(10).await.unwrap(), Findings::default());
    ids
}

async fn rows(store: &PostgresEventStore) -> Vec<StoredRow> {
    let mut rows: Vec<StoredRow> = Vec::new();
    loop {
        let page = store.stored_rows(rows.len() as u64..u64::MAX).await.unwrap();
        if page.is_empty() {
            return rows;
        }
        rows.extend(page);
    }
}

/// The root that follows from the rows alone.
fn root_of(rows: &[StoredRow]) -> annals_tlog::Hash {
    let mut frontier = Frontier::new();
    for row in rows {
        let found = row.event.as_ref().unwrap();
        frontier.push(recompute_leaf_hash(&found.event, &found.opening).unwrap(), |_| ());
    }
    frontier.root()
}
