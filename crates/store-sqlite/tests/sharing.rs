//! Several connections of several processes on one log.

use std::path::Path;
use std::process::Command;

use annals_event::{EventType, JsonObject, NewEvent, StreamName};
use annals_store::{Append, EventStore};
use annals_store_sqlite::{SqliteEventStore, SqliteOptions};
use rusqlite::Connection;

/// Names the log at which this very test is to look once, as another process: somebody with `sqlite3`.
const PASSER_BY: &str = "ANNALS_SHARING_PASSER_BY";

fn event() -> Append {
    let stream = StreamName::new("Order", "1").unwrap();
    Append::event(NewEvent::new(stream, EventType::new("Placed").unwrap(), JsonObject::new("{}").unwrap()))
}

/// Another process looks at the log and ends.
fn let_somebody_look(test: &str, path: &Path) {
    let looked = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(PASSER_BY, path)
        .output()
        .unwrap();
    assert!(looked.status.success(), "{}", String::from_utf8_lossy(&looked.stderr));
}

#[tokio::test]
async fn a_reader_that_opens_beside_the_writer_in_one_process_frees_none_of_its_locks() {
    if let Some(path) = std::env::var_os(PASSER_BY) {
        let database = Connection::open(path).unwrap();
        let size: u64 = database.query_row("SELECT size FROM head", [], |row| row.get(0)).unwrap();
        assert!(size > 0);
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annals.db");
    let writer = SqliteEventStore::create_or_open(&path, SqliteOptions::default()).unwrap();
    writer.append(event()).await.unwrap();
    drop(SqliteEventStore::open_for_reading(&path).unwrap());
    // Whoever takes itself for the last one folds the write-ahead log and deletes it.
    let_somebody_look("a_reader_that_opens_beside_the_writer_in_one_process_frees_none_of_its_locks", &path);
    assert!(folder.path().join("annals.db-wal").exists());
    writer.append(event()).await.unwrap();
    let reader = SqliteEventStore::open_for_reading(&path).unwrap();
    assert_eq!(reader.head().await.unwrap().size, 2);
}

#[tokio::test]
async fn a_log_is_not_made_beside_the_write_ahead_log_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annals.db");
    std::fs::write(folder.path().join("annals.db-wal"), [7; 64]).unwrap();
    let error =
        SqliteEventStore::create_or_open(&path, SqliteOptions::default()).err().expect("it is refused");
    assert!(error.to_string().contains("annals.db-wal is there without"), "{error}");
    assert!(!path.exists());
}
