use annals_event::CursorName;
use annals_store::{CursorValue, Problem};
use annals_tlog::{SignedCheckpoint, VerifierKey};
use tokio_postgres::Row;

use super::problem;
use crate::bookkeeping::cursor_hash;
use crate::connection::Session;
use crate::errors::Failure;
use crate::sql;
use crate::store::{read_dead_letter, snapshot_is_whole};

/// Checks the rows that are no leaves: each by its own hash or signature.
pub(super) async fn check(session: &Session) -> Result<Vec<Problem>, Failure> {
    let mut problems = Vec::new();
    for row in session.query(sql::CURSOR_ROWS, &[]).await? {
        if !cursor_is_whole(&row).unwrap_or(false) {
            let name: String = row.try_get(0)?;
            problems.push(altered(format!("cursor {name:?} is not as it was kept")));
        }
    }
    for row in session.query(sql::SNAPSHOT_ROWS, &[]).await? {
        if !snapshot_is_whole(&row) {
            let id: String = row.try_get(1)?;
            problems.push(altered(format!("a snapshot of aggregate {id:?} is not as it was kept")));
        }
    }
    check_dead_letters(&session.query(sql::DEAD_LETTER_ROWS, &[]).await?, &mut problems);
    check_checkpoints(&session.query(sql::CHECKPOINT_ROWS, &[]).await?, &mut problems)?;
    check_keys(&session.query(sql::VERIFIER_KEY_ROWS, &[]).await?, &mut problems)?;
    Ok(problems)
}

fn altered(detail: String) -> Problem {
    problem("bookkeeping-altered", detail)
}

fn cursor_is_whole(row: &Row) -> Result<bool, tokio_postgres::Error> {
    let (name, value): (&str, &str) = (row.try_get(0)?, row.try_get(1)?);
    let hash: &[u8] = row.try_get(2)?;
    Ok(hash == cursor_hash(&CursorName::from_stored(name), &CursorValue(value.into())))
}

fn check_dead_letters(rows: &[Row], problems: &mut Vec<Problem>) {
    let mut expected_id = 0;
    for row in rows {
        expected_id += 1;
        let letter = read_dead_letter(row);
        if let Err(error) = &letter {
            problems.push(altered(error.to_string()));
        }
        let id = letter.map_or(expected_id, |letter| letter.id.0);
        if id != expected_id {
            problems.push(altered(format!("dead letter {expected_id} is missing")));
            expected_id = id;
        }
    }
}

/// A checkpoint's row must stand under the size that the checkpoint says; its signature is checked elsewhere.
fn check_checkpoints(rows: &[Row], problems: &mut Vec<Problem>) -> Result<(), Failure> {
    for row in rows {
        let (size, note): (i64, &str) = (row.try_get(0)?, row.try_get(1)?);
        let stated =
            SignedCheckpoint::parse(note.as_bytes()).ok().map(|checkpoint| checkpoint.unverified().size);
        if stated.is_none() || stated != u64::try_from(size).ok() {
            let detail = format!("the checkpoint kept at size {size} is not as it was signed");
            problems.push(problem("checkpoint-altered", detail));
        }
    }
    Ok(())
}

/// A verifier key names its own hash, so an altered one is none.
fn check_keys(rows: &[Row], problems: &mut Vec<Problem>) -> Result<(), Failure> {
    let mut expected_id = 0;
    for row in rows {
        expected_id += 1;
        let (id, vkey): (i64, &str) = (row.try_get(0)?, row.try_get(1)?);
        if id != expected_id || vkey.parse::<VerifierKey>().is_err() {
            problems.push(problem("key-altered", format!("verifier key {id} is not as it was kept")));
            expected_id = id;
        }
    }
    Ok(())
}
