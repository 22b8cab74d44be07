//! Whether everything beside the events is what follows from them; and making it so again.
//!
//! Each table of the index is compared with the truth both ways in one pass over each: both sides sum up
//! keyed hashes of what a row says, so that memory does not grow with the log. Where sums differ, a second,
//! slower look finds the events that are concerned.
//!
//! The index is the one that lies beside the log, also where readers do not believe it.

mod bookkeeping;
mod database;
mod expected;
mod indexed;
mod locate;
mod repair;
mod sums;

use std::path::Path;

use annals_store::{Problem, StoreError};
use rusqlite::Connection;

use crate::errors::{Result, sqlite};
use crate::index::read_mark;
use crate::schema;
use crate::store::read_head;
use expected::Expected;

pub(crate) use repair::repair;

/// Checks truth and index. At most about `problems_max` problems are named.
pub(crate) fn inspect(truth: &Connection, index: &Path, problems_max: usize) -> Result<Vec<Problem>> {
    let mut problems = database::check_truth(truth)?;
    problems.extend(bookkeeping::check(truth)?);
    match inspect_index(truth, index, problems_max, &mut problems) {
        // Damage of the truth does not end up here: its rows are read one by one.
        Err(StoreError::Corrupt { reason }) => problems.push(problem("index-altered", None, reason)),
        inspected => inspected?,
    }
    problems.truncate(problems_max.max(1));
    Ok(problems)
}

fn inspect_index(
    truth: &Connection,
    path: &Path,
    problems_max: usize,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    // No index is as good as one: it is made anew.
    if !std::fs::metadata(path).is_ok_and(|file| file.len() > 0) {
        return Ok(());
    }
    let Some(index) = schema::open_index_for_reading(path) else {
        problems.push(problem("index-altered", None, "the file beside the log is no index"));
        return Ok(());
    };
    // Somebody may go on writing it meanwhile: all that is read of it must be of one moment, and that must not
    // be later than what is read of the truth.
    let index = index.unchecked_transaction().map_err(sqlite)?;
    problems.extend(database::check_index(&index)?);
    let mark = read_mark(&index)?;
    let size = read_head(truth)?.size;
    let Some(mark) = mark.filter(|mark| mark.size <= size) else {
        problems.push(problem("index-altered", None, "the index does not say how far it goes"));
        return Ok(());
    };
    let keys = sums::Keys::random();
    let expected = Expected::of_truth(truth, &mark, &keys)?;
    let differing = indexed::compare(&index, &mark, &expected, &keys, problems)?;
    locate::name_positions(truth, &index, &mark, &differing, problems_max, problems)
}

fn problem(code: &'static str, position: Option<u64>, detail: impl Into<String>) -> Problem {
    Problem { code, position: position.map(annals_event::Position), detail: detail.into() }
}
