//! Rows that are no leaves of the tree carry hashes of their own, so that no column of theirs is altered unseen.

use std::path::Path;

use annals_event::{JsonObject, StreamName, StreamVersion, Timestamp};
use annals_store::{
    CursorAdvance, CursorStore, CursorValue, DeadLetterStore, Inspection, NewDeadLetter, Snapshot,
    SnapshotKey, SnapshotStore,
};
use annals_store_sqlite::{SqliteEventStore, SqliteOptions};
use rusqlite::Connection;

async fn fill(path: &Path) {
    let store = SqliteEventStore::create_or_open(path, SqliteOptions::default()).unwrap();
    let text = |text: &str| text.to_owned();
    let letter = NewDeadLetter {
        source: text("orders.jsonl"),
        place: text("7"),
        code: text("not-json"),
        reason: text("the line is no JSON"),
        raw: b"{".to_vec(),
    };
    store.keep_dead_letter(letter).await.unwrap();
    let key = SnapshotKey { stream: StreamName::new("Order", "o1").unwrap(), reducer: text("merge/1") };
    let snapshot = Snapshot {
        key,
        version: StreamVersion(3),
        greatest_timestamp: Timestamp::from_micros(1_700_000_000_000_000).unwrap(),
        state: JsonObject::new(r#"{"total":1}"#).unwrap(),
    };
    store.keep_snapshot(snapshot).await.unwrap();
    let advance = CursorAdvance { name: "reader".parse().unwrap(), from: None, to: CursorValue("41".into()) };
    store.advance_cursor(advance).await.unwrap();
    store.close().await.unwrap();
}

/// The columns of a table, with an expression that changes one byte of each.
fn changes(database: &Connection, table: &str) -> Vec<String> {
    let mut columns =
        database.prepare(&format!("SELECT name, type FROM pragma_table_info('{table}')")).unwrap();
    let rows = columns.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).unwrap();
    rows.map(|row| {
        let (name, kind) = row.unwrap();
        let changed = match kind.as_str() {
            "INTEGER" => format!("{name} + 1"),
            "TEXT" => format!("'~' || substr({name}, 2)"),
            _ => format!("CAST(x'7e' || substr({name}, 2) AS BLOB)"),
        };
        format!("UPDATE {table} SET {name} = {changed}")
    })
    .collect()
}

#[tokio::test]
async fn an_altered_column_of_any_bookkeeping_row_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annals.db");
    fill(&path).await;
    let kept = std::fs::read(&path).unwrap();
    for table in ["cursors", "snapshots", "dead_letters"] {
        let statements = changes(&Connection::open(&path).unwrap(), table);
        assert!(statements.len() >= 3, "{table} has columns");
        for statement in statements {
            std::fs::write(&path, &kept).unwrap();
            let database = Connection::open(&path).unwrap();
            assert_eq!(database.execute(&statement, []).unwrap(), 1, "{statement}");
            database.close().unwrap();
            let store = SqliteEventStore::open_for_reading(&path).unwrap();
            let problems = store.inspect(10).await.unwrap().problems;
            assert!(
                problems.iter().any(|problem| problem.code == "bookkeeping-altered"),
                "{statement}: {problems:?}"
            );
            store.close().await.unwrap();
        }
    }
    std::fs::write(&path, &kept).unwrap();
    assert_eq!(
        SqliteEventStore::open_for_reading(&path).unwrap().inspect(10).await.unwrap().problems,
        vec![]
    );
}
