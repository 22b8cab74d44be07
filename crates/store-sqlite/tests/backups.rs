//! Copies of logs: taken beside a writer, named at the end only, put in place of lost ones.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use annals_event::{CursorName, EventType, JsonObject, NewEvent, StreamName};
use annals_store::{
    Append, CursorAdvance, CursorStore, CursorValue, DeadLetterState, DeadLetterStore, EventStore,
    Inspection, NewDeadLetter, Snapshot, SnapshotKey, SnapshotStore, StoreError,
};
use annals_store_sqlite::{Existing, SqliteEventStore, SqliteOptions};
use rusqlite::Connection;
use tempfile::TempDir;

/// A folder with a log.
struct Bench {
    folder: TempDir,
}

impl Bench {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn log(&self) -> PathBuf {
        self.path("annals.db")
    }

    fn writer(&self) -> SqliteEventStore {
        SqliteEventStore::create_or_open(&self.log(), impatient()).unwrap()
    }

    /// A log with some events.
    async fn with_events(count: u64) -> Self {
        let bench = Self::new();
        let writer = bench.writer();
        for _ in 0..count {
            writer.append(Append::event(event("{}"))).await.unwrap();
        }
        writer.close().await.unwrap();
        bench
    }

    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn back_up(&self, name: &str) -> Result<(), StoreError> {
        SqliteEventStore::copy(&self.log(), &self.path(name), Existing::Stays)?.give_name()
    }

    fn restore(&self, name: &str, existing: Existing) -> Result<Option<PathBuf>, StoreError> {
        SqliteEventStore::begin_restore(&self.path(name), &self.log(), existing, &impatient())?.finish()
    }
}

fn impatient() -> SqliteOptions {
    SqliteOptions { lock_wait: Duration::ZERO, ..SqliteOptions::default() }
}

fn event(payload: &str) -> NewEvent {
    let stream = StreamName::new("Order", "1").unwrap();
    NewEvent::new(stream, EventType::new("Placed").unwrap(), JsonObject::new(payload).unwrap())
}

async fn size_of(path: &Path) -> u64 {
    SqliteEventStore::open_for_reading(path).unwrap().head().await.unwrap().size
}

/// Everything in a table, in its order.
fn rows(path: &Path, table: &str) -> Vec<String> {
    let database = Connection::open(path).unwrap();
    let mut statement = database.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")).unwrap();
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        let values = (0..columns).map(|at| format!("{:?}", row.get_ref(at).unwrap()));
        Ok(values.collect::<Vec<_>>().join("|"))
    };
    statement.query_map([], row).unwrap().map(Result::unwrap).collect()
}

fn tables(path: &Path) -> Vec<String> {
    let database = Connection::open(path).unwrap();
    let mut statement =
        database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

async fn keep_some_of_everything(writer: &SqliteEventStore) {
    for _ in 0..600 {
        writer.append(Append::event(event("{}"))).await.unwrap();
    }
    let cursor = CursorName::new("orders").unwrap();
    let advance = CursorAdvance { name: cursor, from: None, to: CursorValue("17".into()) };
    let append = Append { cursors: vec![advance], ..Append::event(event("{}")) };
    writer.append(append).await.unwrap();
    let key = SnapshotKey { stream: StreamName::new("Order", "1").unwrap(), reducer: "total".into() };
    let state = JsonObject::new("{}").unwrap();
    let snapshot = Snapshot {
        key,
        version: annals_event::StreamVersion(3),
        greatest_timestamp: annals_event::Timestamp::from_micros(0).unwrap(),
        state,
    };
    writer.keep_snapshot(snapshot).await.unwrap();
    for place in ["line 1", "line 2"] {
        let letter = NewDeadLetter {
            source: "orders".into(),
            place: place.into(),
            code: "record-not-json".into(),
            reason: "it is none".into(),
            raw: b"x".to_vec(),
        };
        writer.keep_dead_letter(letter).await.unwrap();
    }
}

#[tokio::test]
async fn a_backup_holds_every_table_of_the_log_but_its_snapshots() {
    let bench = Bench::new();
    let writer = bench.writer();
    keep_some_of_everything(&writer).await;
    bench.back_up("backup.db").unwrap();
    let (log, backup) = (bench.log(), bench.path("backup.db"));
    assert_eq!(tables(&backup), tables(&log));
    for table in tables(&log) {
        let (expected, found) = (rows(&log, &table), rows(&backup, &table));
        // Nobody signs here; the command line's tests see to checkpoints and keys.
        assert!(
            !expected.is_empty() || ["checkpoints", "verifier_keys"].contains(&table.as_str()),
            "{table}"
        );
        assert_eq!(found, if table == "snapshots" { Vec::new() } else { expected }, "{table}");
    }
    let found = SqliteEventStore::open_for_reading(&backup).unwrap().inspect(10).await.unwrap().problems;
    assert_eq!(found, []);
}

#[tokio::test]
async fn a_backup_is_one_file_and_stays_one_when_it_is_read() {
    let bench = Bench::with_events(3).await;
    std::fs::create_dir(bench.path("elsewhere")).unwrap();
    bench.back_up("elsewhere/backup.db").unwrap();
    let reader = SqliteEventStore::open_for_reading(&bench.path("elsewhere/backup.db")).unwrap();
    assert_eq!(reader.head().await.unwrap().size, 3);
    let files: Vec<_> =
        std::fs::read_dir(bench.path("elsewhere")).unwrap().map(|file| file.unwrap()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_backup_beside_a_busy_writer_has_a_cursor_that_is_ahead_of_its_events() {
    let bench = Bench::new();
    let writer = Arc::new(bench.writer());
    let writing = {
        let writer = Arc::clone(&writer);
        tokio::spawn(async move {
            let name = CursorName::new("orders").unwrap();
            let mut from = None;
            for record in 1..=1_500_u64 {
                // The cursor says how many events there are.
                let to = CursorValue(record.to_string().into());
                let advance = CursorAdvance { name: name.clone(), from: from.take(), to: to.clone() };
                writer.append(Append { cursors: vec![advance], ..Append::event(event("{}")) }).await.unwrap();
                from = Some(to);
            }
        })
    };
    let mut sizes = Vec::new();
    while !writing.is_finished() {
        let name = format!("backup-{}.db", sizes.len());
        let copy = {
            let (log, to) = (bench.log(), bench.path(&name));
            move || SqliteEventStore::copy(&log, &to, Existing::Stays)?.give_name()
        };
        tokio::task::spawn_blocking(copy).await.unwrap().unwrap();
        let backup = SqliteEventStore::open_for_reading(&bench.path(&name)).unwrap();
        let size = backup.head().await.unwrap().size;
        let cursor = backup.cursor(&CursorName::new("orders").unwrap()).await.unwrap();
        assert_eq!(cursor.map_or("0".into(), |cursor| cursor.0.to_string()), size.to_string());
        assert_eq!(backup.inspect(10).await.unwrap().problems, []);
        sizes.push(size);
    }
    writing.await.unwrap();
    assert!(sizes.iter().any(|size| (1..1_500).contains(size)), "none fell into the writing: {sizes:?}");
}

#[tokio::test]
async fn a_dead_letter_that_was_settled_is_settled_in_the_next_backup() {
    let bench = Bench::new();
    let writer = bench.writer();
    keep_some_of_everything(&writer).await;
    let letter = writer.dead_letters(None, None, 1).await.unwrap().remove(0);
    writer.settle_dead_letter(letter.id, DeadLetterState::Discarded).await.unwrap();
    bench.back_up("backup.db").unwrap();
    let backup = SqliteEventStore::open_for_reading(&bench.path("backup.db")).unwrap();
    assert_eq!(backup.dead_letters(None, None, 1).await.unwrap()[0].state, DeadLetterState::Discarded);
}

#[tokio::test]
async fn a_copy_that_gets_no_name_leaves_nothing() {
    let bench = Bench::with_events(1).await;
    let before = bench.files();
    drop(SqliteEventStore::copy(&bench.log(), &bench.path("backup.db"), Existing::Stays).unwrap());
    assert_eq!(bench.files(), before);
}

#[tokio::test]
async fn nothing_is_replaced_unasked_and_only_backups_are_when_asked() {
    let bench = Bench::with_events(1).await;
    bench.back_up("backup.db").unwrap();
    std::fs::write(bench.path("notes.txt"), "x".repeat(200)).unwrap();
    let before = bench.files();
    assert!(matches!(bench.back_up("backup.db"), Err(StoreError::FileExists { .. })));
    let replacing =
        |name: &str| SqliteEventStore::copy(&bench.log(), &bench.path(name), Existing::IsReplaced);
    assert!(matches!(replacing("notes.txt"), Err(StoreError::NotOurs { .. })));
    for own in ["annals.db", "annals.db-wal", "annals.db-index", "annals.db-lock"] {
        let error = replacing(own).expect_err("the log keeps its files").to_string();
        assert!(error.contains("a file of the log itself"), "{own}: {error}");
    }
    replacing("backup.db").unwrap().give_name().unwrap();
    assert_eq!(bench.files(), before);
}

#[tokio::test]
async fn a_log_is_restored_where_there_is_none() {
    let bench = Bench::with_events(300).await;
    bench.back_up("backup.db").unwrap();
    std::fs::remove_file(bench.log()).unwrap();
    assert_eq!(bench.restore("backup.db", Existing::Stays).unwrap(), None);
    let writer = bench.writer();
    writer.append(Append::event(event("{}"))).await.unwrap();
    assert_eq!(writer.head().await.unwrap().size, 301);
    assert_eq!(writer.inspect(10).await.unwrap().problems, []);
}

#[tokio::test]
async fn a_log_that_is_replaced_is_kept_with_everything_that_it_held() {
    let bench = Bench::with_events(3).await;
    bench.back_up("backup.db").unwrap();
    let writer = bench.writer();
    writer.append(Append::event(event("{}"))).await.unwrap();
    writer.close().await.unwrap();

    assert!(matches!(bench.restore("backup.db", Existing::Stays), Err(StoreError::FileExists { .. })));
    assert_eq!(size_of(&bench.log()).await, 4);
    let kept = bench.restore("backup.db", Existing::IsReplaced).unwrap().expect("there was a log");
    assert_eq!((size_of(&bench.log()).await, size_of(&kept).await), (3, 4));
}

#[tokio::test]
async fn a_log_that_is_damaged_beyond_recognition_can_be_replaced() {
    let bench = Bench::with_events(3).await;
    bench.back_up("backup.db").unwrap();
    std::fs::write(bench.log(), "x".repeat(9_000)).unwrap();
    std::fs::write(bench.path("annals.db-wal"), "y").unwrap();
    let kept = bench.restore("backup.db", Existing::IsReplaced).unwrap().expect("there was a file");
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "x".repeat(9_000));
    assert_eq!(size_of(&bench.log()).await, 3);
    let wal = format!("{}-wal", kept.file_name().unwrap().to_str().unwrap());
    assert!(bench.files().contains(&wal), "{:?}", bench.files());
}

#[tokio::test]
async fn a_log_that_somebody_writes_or_reads_is_not_replaced() {
    let bench = Bench::with_events(3).await;
    bench.back_up("backup.db").unwrap();
    let writer = bench.writer();
    let refused = bench.restore("backup.db", Existing::IsReplaced);
    assert!(matches!(refused, Err(StoreError::AlreadyWritten { .. })), "{refused:?}");
    writer.close().await.unwrap();
    let reader = SqliteEventStore::open_for_reading(&bench.log()).unwrap();
    reader.head().await.unwrap();
    let refused = bench.restore("backup.db", Existing::IsReplaced).expect_err("somebody reads it");
    assert!(refused.to_string().contains("another process has"), "{refused}");
    assert!(!bench.files().iter().any(|file| file.contains("replaced")), "{:?}", bench.files());
    drop(reader);
    bench.restore("backup.db", Existing::IsReplaced).unwrap();
}

#[tokio::test]
async fn the_index_of_a_replaced_log_is_not_taken_for_the_new_ones() {
    let bench = Bench::with_events(3).await;
    bench.back_up("backup.db").unwrap();
    let writer = bench.writer();
    writer.append(Append::event(event(r#"{"gone":true}"#))).await.unwrap();
    writer.close().await.unwrap();
    bench.restore("backup.db", Existing::IsReplaced).unwrap();
    assert!(!bench.files().iter().any(|file| file.contains("-index")));
    let writer = bench.writer();
    assert_eq!(writer.append(Append::event(event("{}"))).await.unwrap().events[0].version.0, 4);
    assert_eq!(writer.inspect(10).await.unwrap().problems, []);
}
