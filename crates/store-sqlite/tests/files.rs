//! What the store does with files that are not as it left them, and with others that use them.

use std::fs;
use std::path::Path;
use std::time::Duration;

use annals_event::{EventType, JsonObject, NewEvent, StreamName};
use annals_store::{Append, EventStore, Inspection, Query, StoreError};
use annals_store_sqlite::{SqliteEventStore, SqliteOptions};
use rusqlite::Connection;

fn event(event_type: &str) -> Append {
    let stream = StreamName::new("Order", "1").unwrap();
    let payload = JsonObject::new(r#"{"total":1}"#).unwrap();
    Append::event(NewEvent::new(stream, EventType::new(event_type).unwrap(), payload))
}

fn impatient() -> SqliteOptions {
    SqliteOptions { lock_wait: Duration::ZERO, ..SqliteOptions::default() }
}

fn files_in(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap())
        .map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap()))
        .collect();
    files.sort();
    files
}

/// Opens the file in every way; each must refuse it and leave the folder as it is.
fn refusals(path: &Path) -> Vec<String> {
    let folder = path.parent().unwrap();
    let before = files_in(folder);
    let refused = [
        SqliteEventStore::create_or_open(path, impatient()).err(),
        SqliteEventStore::open_for_reading(path).err(),
        SqliteEventStore::repair(path, &impatient()).err(),
    ];
    assert_eq!(files_in(folder), before, "something was touched");
    refused
        .into_iter()
        .map(|error| match error.expect("the file is refused") {
            error @ StoreError::NotOurs { .. } => error.to_string(),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn a_file_that_is_no_database_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annals.db");
    for content in [&b"x"[..], b"SQLite format 3\0", &[b'a'; 5_000]] {
        fs::write(&path, content).unwrap();
        assert!(refusals(&path).iter().all(|error| error.contains("no SQLite file")));
    }
}

#[test]
fn what_is_no_regular_file_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annals.db");
    fs::create_dir(&path).unwrap();
    for opened in [
        SqliteEventStore::create_or_open(&path, impatient()).err(),
        SqliteEventStore::open_for_reading(&path).err(),
        SqliteEventStore::repair(&path, &impatient()).err(),
    ] {
        assert!(matches!(opened, Some(StoreError::NotOurs { .. })), "{opened:?}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn another_programs_database_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annals.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE events (position INTEGER)").unwrap();
    assert!(refusals(&path).iter().all(|error| error.contains("another program's")));
}

#[tokio::test]
async fn a_log_of_a_newer_format_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annals.db");
    SqliteEventStore::create_or_open(&path, impatient()).unwrap().close().await.unwrap();
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(refusals(&path).iter().all(|error| error.contains("format 99")));
}

#[tokio::test]
async fn the_index_is_not_mistaken_for_a_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annals.db");
    SqliteEventStore::create_or_open(&path, impatient()).unwrap().close().await.unwrap();
    assert!(refusals(&folder.path().join("annals.db-index")).iter().all(|error| error.contains("-index")));
}

#[test]
fn reading_makes_no_log() {
    let folder = tempfile::tempdir().unwrap();
    let error = SqliteEventStore::open_for_reading(&folder.path().join("annals.db")).err();
    assert!(matches!(error, Some(StoreError::NotFound { .. })), "{error:?}");
    assert_eq!(files_in(folder.path()), vec![]);
}

#[tokio::test]
async fn a_second_writer_is_told_who_writes_and_may_write_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annals.db");
    let first = SqliteEventStore::create_or_open(&path, impatient()).unwrap();
    let error = SqliteEventStore::create_or_open(&path, impatient()).err().expect("one writes at a time");
    let holder = format!("process {}", std::process::id());
    assert!(
        matches!(&error, StoreError::AlreadyWritten { .. }) && error.to_string().contains(&holder),
        "{error}"
    );
    first.append(event("Placed")).await.unwrap();
    first.close().await.unwrap();
    let second = SqliteEventStore::create_or_open(&path, impatient()).unwrap();
    assert_eq!(second.head().await.unwrap().size, 1);
}

#[tokio::test]
async fn a_store_that_was_closed_answers_with_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteEventStore::create_or_open(&folder.path().join("annals.db"), impatient()).unwrap();
    store.close().await.unwrap();
    assert!(matches!(store.append(event("Placed")).await, Err(StoreError::Unavailable { .. })));
    let page = store.read_page(&Query::all(), Default::default()).await;
    assert!(matches!(page, Err(StoreError::Unavailable { .. })));
}

#[tokio::test]
async fn who_reads_does_not_append() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annals.db");
    SqliteEventStore::create_or_open(&path, impatient()).unwrap().close().await.unwrap();
    let reader = SqliteEventStore::open_for_reading(&path).unwrap();
    let error = reader.append(event("Placed")).await.expect_err("the store is open for reading");
    assert!(error.to_string().contains("open for reading only"), "{error}");
}

#[tokio::test]
async fn facts_cannot_be_changed_by_accident() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annals.db");
    let store = SqliteEventStore::create_or_open(&path, impatient()).unwrap();
    store.append(event("Placed")).await.unwrap();
    store.close().await.unwrap();
    let database = Connection::open(&path).unwrap();
    for statement in [
        "UPDATE events SET actor_id = 'somebody else'",
        "DELETE FROM events",
        "UPDATE log SET origin = 'another'",
        "DELETE FROM log",
    ] {
        let error = database.execute(statement, []).expect_err(statement);
        assert!(error.to_string().contains("a log keeps") || error.to_string().contains("never"), "{error}");
    }
    let (aggregate, recorded_at): (String, String) = database
        .query_row("SELECT aggregate, recorded_at FROM log_events", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!((aggregate.as_str(), recorded_at.len()), ("Order/1", 27));
}

#[tokio::test]
async fn an_append_that_the_database_refuses_fails_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annals.db");
    SqliteEventStore::create_or_open(&path, impatient()).unwrap().close().await.unwrap();
    let poison = "CREATE TRIGGER poison BEFORE INSERT ON events WHEN NEW.event_type = 'Poison'
                  BEGIN SELECT RAISE(ABORT, 'poison'); END";
    Connection::open(&path).unwrap().execute_batch(poison).unwrap();
    let store = SqliteEventStore::create_or_open(&path, impatient()).unwrap();
    let verdicts = store.append_each(vec![event("Placed"), event("Poison"), event("Paid")]).await;
    assert!(matches!(&verdicts[1], Err(StoreError::Unavailable { reason, .. }) if reason.contains("poison")));
    let positions: Vec<u64> =
        [&verdicts[0], &verdicts[2]].map(|verdict| verdict.as_ref().unwrap().events[0].position.0).into();
    assert_eq!(positions, [0, 1]);
    store.append(event("Shipped")).await.unwrap();
    assert_eq!(store.head().await.unwrap().size, 3);
}

#[tokio::test]
async fn what_is_derived_is_rebuilt_and_facts_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annals.db");
    let store = SqliteEventStore::create_or_open(&path, impatient()).unwrap();
    for _ in 0..300 {
        store.append(event("Placed")).await.unwrap();
    }
    let head = store.head().await.unwrap();
    store.close().await.unwrap();
    Connection::open(&path)
        .unwrap()
        .execute_batch(
            "DROP TRIGGER subtrees_update; DROP TRIGGER events_delete;
             UPDATE subtrees SET hash = zeroblob(32); UPDATE head SET size = 7, recorded_at = 1;",
        )
        .unwrap();
    let done = SqliteEventStore::repair(&path, &impatient()).unwrap();
    assert!(done.iter().any(|what| what.contains("triggers")), "{done:?}");
    let store = SqliteEventStore::create_or_open(&path, impatient()).unwrap();
    assert_eq!(store.head().await.unwrap(), head);
    assert_eq!(store.inspect(10).await.unwrap().problems, vec![]);
    store.append(event("Paid")).await.unwrap();
}
