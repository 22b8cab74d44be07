use annals_event::{
    AggregateId, AggregateType, CursorName, JsonObject, StreamName, StreamVersion, Timestamp,
};
use annals_store::{CursorValue, Problem, Snapshot, SnapshotKey};
use annals_tlog::{SignedCheckpoint, VerifierKey};
use rusqlite::{Connection, Row};

use super::problem;
use crate::bookkeeping::{cursor_hash, snapshot_hash};
use crate::errors::{Result, sqlite};
use crate::sql;
use crate::store::read_dead_letter;

/// Checks the rows that are no leaves: each by its own hash or signature.
pub(super) fn check(truth: &Connection) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    each_row(truth, sql::CURSOR_ROWS, |row| {
        if !cursor_is_whole(row).unwrap_or(false) {
            let name: String = row.get(0).unwrap_or_default();
            problems.push(problem(
                "bookkeeping-altered",
                None,
                format!("cursor {name:?} is not as it was kept"),
            ));
        }
    })?;
    each_row(truth, sql::SNAPSHOT_ROWS, |row| {
        if !snapshot_is_whole(row).unwrap_or(false) {
            let id: String = row.get(1).unwrap_or_default();
            let detail = format!("a snapshot of aggregate {id:?} is not as it was kept");
            problems.push(problem("bookkeeping-altered", None, detail));
        }
    })?;
    let mut expected_id = 0;
    each_row(truth, sql::DEAD_LETTER_ROWS, |row| {
        expected_id += 1;
        let letter = read_dead_letter(row);
        if let Err(error) = &letter {
            problems.push(problem("bookkeeping-altered", None, error.to_string()));
        }
        let id = letter.map_or(expected_id, |letter| letter.id.0);
        if id != expected_id {
            problems.push(problem(
                "bookkeeping-altered",
                None,
                format!("dead letter {expected_id} is missing"),
            ));
            expected_id = id;
        }
    })?;
    check_checkpoints(truth, &mut problems)?;
    check_keys(truth, &mut problems)?;
    Ok(problems)
}

fn each_row(truth: &Connection, statement: &str, mut each: impl FnMut(&Row<'_>)) -> Result<()> {
    let mut statement = truth.prepare_cached(statement).map_err(sqlite)?;
    let mut rows = statement.query([]).map_err(sqlite)?;
    while let Some(row) = rows.next().map_err(sqlite)? {
        each(row);
    }
    Ok(())
}

fn cursor_is_whole(row: &Row<'_>) -> rusqlite::Result<bool> {
    let (name, value): (String, String) = (row.get(0)?, row.get(1)?);
    let hash: Vec<u8> = row.get(2)?;
    Ok(hash == cursor_hash(&CursorName::from_stored(&name), &CursorValue(value.into())))
}

fn snapshot_is_whole(row: &Row<'_>) -> rusqlite::Result<bool> {
    let text = |at| row.get::<_, String>(at);
    let stream = StreamName {
        aggregate_type: AggregateType::from_stored(&text(0)?),
        aggregate_id: AggregateId::from_stored(&text(1)?),
    };
    let Ok(greatest_timestamp) = Timestamp::from_micros(row.get(4)?) else { return Ok(false) };
    let snapshot = Snapshot {
        key: SnapshotKey { stream, reducer: text(2)? },
        version: StreamVersion(row.get(3)?),
        greatest_timestamp,
        state: JsonObject::from_stored(text(5)?),
    };
    Ok(row.get::<_, Vec<u8>>(6)? == snapshot_hash(&snapshot))
}

/// A checkpoint's row must stand under the size that the checkpoint says; its signature is checked elsewhere.
fn check_checkpoints(truth: &Connection, problems: &mut Vec<Problem>) -> Result<()> {
    each_row(truth, sql::CHECKPOINT_ROWS, |row| {
        let size = row.get::<_, i64>(0).unwrap_or(-1);
        let note: String = row.get(1).unwrap_or_default();
        let stated =
            SignedCheckpoint::parse(note.as_bytes()).ok().map(|checkpoint| checkpoint.unverified().size);
        if stated.is_none() || stated != u64::try_from(size).ok() {
            let detail = format!("the checkpoint kept at size {size} is not as it was signed");
            problems.push(problem("checkpoint-altered", None, detail));
        }
    })
}

/// A verifier key names its own hash, so an altered one is none.
fn check_keys(truth: &Connection, problems: &mut Vec<Problem>) -> Result<()> {
    let mut expected_id = 0;
    each_row(truth, sql::VERIFIER_KEY_ROWS, |row| {
        expected_id += 1;
        let (id, vkey) = (row.get::<_, i64>(0).unwrap_or(-1), row.get::<_, String>(1).unwrap_or_default());
        if id != expected_id || vkey.parse::<VerifierKey>().is_err() {
            problems.push(problem("key-altered", None, format!("verifier key {id} is not as it was kept")));
            expected_id = id;
        }
    })
}
