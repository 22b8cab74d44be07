//! Changing what a store's files hold behind its back, and leaving no other trace.

use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::seeded::Seeded;

/// A table of one of a log's two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) file: &'static str,
    pub(crate) name: &'static str,
}

const fn truth(name: &'static str) -> Table {
    Table { file: "annals.db", name }
}

const fn index(name: &'static str) -> Table {
    Table { file: "annals.db-index", name }
}

/// Every table that states facts or is derived from them.
pub(crate) const TABLES: [Table; 16] = [
    truth("events"),
    truth("subtrees"),
    truth("checkpoints"),
    truth("verifier_keys"),
    truth("cursors"),
    truth("dead_letters"),
    truth("head"),
    truth("log"),
    index("event_ids"),
    index("postings"),
    index("streams"),
    index("counters"),
    index("hours"),
    index("zones"),
    index("payload_values"),
    index("mark"),
];

/// One byte of one value that was changed.
#[derive(Debug)]
pub(crate) struct ChangedByte {
    pub(crate) table: Table,
    #[expect(dead_code, reason = "a failing case prints it")]
    pub(crate) column: String,
    /// The row as it was, by column.
    pub(crate) row: Vec<(String, Value)>,
    #[expect(dead_code, reason = "a failing case prints it")]
    pub(crate) now: Value,
}

impl ChangedByte {
    /// What a column of the row held.
    pub(crate) fn was(&self, column: &str) -> &Value {
        &self.row.iter().find(|(name, _)| name == column).unwrap().1
    }
}

/// Does something to a file whose triggers are gone, and makes them again exactly as they were.
pub(crate) fn behind_its_back<T>(file: &Path, work: impl FnOnce(&Connection) -> T) -> T {
    let database = Connection::open(file).unwrap();
    let mut listed = database
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid")
        .unwrap();
    let triggers: Vec<(String, String)> =
        listed.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    drop(listed);
    for (name, _) in &triggers {
        database.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    database.execute_batch("PRAGMA ignore_check_constraints = ON").unwrap();
    let done = work(&database);
    for (_, statement) in triggers {
        database.execute_batch(&statement).unwrap();
    }
    database.close().unwrap();
    done
}

/// Changes one byte of a random value of a table.
pub(crate) fn change_a_byte(folder: &Path, table: Table, random: &mut Seeded) -> ChangedByte {
    behind_its_back(&folder.join(table.file), |database| {
        // Some values are empty, and some changes make two rows with one key.
        (0..1_000).find_map(|_| try_to_change(database, table, random)).expect("some byte can be changed")
    })
}

fn try_to_change(database: &Connection, table: Table, random: &mut Seeded) -> Option<ChangedByte> {
    let columns = columns(database, table);
    let count: usize =
        database.query_row(&format!("SELECT count(*) FROM {}", table.name), [], |row| row.get(0)).unwrap();
    assert!(count > 0, "{table:?} is empty");
    let select = format!("SELECT * FROM {} LIMIT 1 OFFSET {}", table.name, random.below(count));
    let row: Vec<Value> =
        database.query_row(&select, [], |row| (0..columns.len()).map(|at| row.get(at)).collect()).unwrap();
    let at = random.below(columns.len());
    let now = with_one_other_byte(&row[at], random)?;
    // Text stays text, also where it is no UTF-8 any more.
    let value = if matches!(row[at], Value::Text(_)) { "CAST(? AS TEXT)" } else { "?" };
    let keys: Vec<usize> = (0..columns.len()).filter(|at| columns[*at].is_key).collect();
    let wanted: Vec<String> = keys.iter().map(|at| format!("{} = ?", columns[*at].name)).collect();
    let update =
        format!("UPDATE {} SET {} = {value} WHERE {}", table.name, columns[at].name, wanted.join(" AND "));
    let bound = std::iter::once(now.clone()).chain(keys.iter().map(|at| row[*at].clone()));
    let changed = database.execute(&update, params_from_iter(bound)).ok()?;
    assert_eq!(changed, 1, "{update}");
    let column = columns[at].name.clone();
    let row = columns.into_iter().map(|column| column.name).zip(row).collect();
    Some(ChangedByte { table, column, row, now })
}

struct Column {
    name: String,
    is_key: bool,
}

fn columns(database: &Connection, table: Table) -> Vec<Column> {
    let mut listed = database.prepare("SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid").unwrap();
    let rows = listed
        .query_map([table.name], |row| Ok(Column { name: row.get(0)?, is_key: row.get::<_, i64>(1)? > 0 }));
    rows.unwrap().map(Result::unwrap).collect()
}

/// The value with one of its stored bytes changed; a text as its bytes. `None` for what has no bytes.
fn with_one_other_byte(value: &Value, random: &mut Seeded) -> Option<Value> {
    let changed = |mut bytes: Vec<u8>, random: &mut Seeded| {
        (!bytes.is_empty()).then(|| {
            let at = random.below(bytes.len());
            bytes[at] = random.other_byte(bytes[at]);
            bytes
        })
    };
    Some(match value {
        Value::Null | Value::Real(_) => return None,
        Value::Integer(number) => Value::Integer(integer(&changed(stored_bytes(*number), random)?)),
        Value::Text(text) => Value::Blob(changed(text.clone().into_bytes(), random)?),
        Value::Blob(bytes) => Value::Blob(changed(bytes.clone(), random)?),
    })
}

/// The bytes of an integer as SQLite stores it: as few of 1, 2, 3, 4, 6, 8 as it fits in ("Database File
/// Format", section 2.1).
fn stored_bytes(number: i64) -> Vec<u8> {
    let len = [1, 2, 3, 4, 6, 8].into_iter().find(|len| {
        let shift = 64 - 8 * len;
        (number << shift) >> shift == number
    });
    number.to_be_bytes()[8 - len.unwrap()..].to_vec()
}

fn integer(stored: &[u8]) -> i64 {
    let sign = if stored[0] & 0x80 == 0 { 0 } else { -1 };
    stored.iter().fold(sign, |number, byte| number << 8 | i64::from(*byte))
}
