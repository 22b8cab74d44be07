//! Whether everything beside the events is what follows from them; and making it so again.
//!
//! Each table of the index is compared with the truth both ways in one pass over each: both sides sum up
//! keyed hashes of what a row says, so that memory does not grow with the log. Where sums differ, a second,
//! slower look finds the events that are concerned.

mod bookkeeping;
mod database;
mod expected;
mod indexed;
mod locate;
mod repair;
mod sums;

use annals_store::Problem;
use rusqlite::Connection;

use crate::errors::Result;
use crate::index::read_mark;
use expected::Expected;

pub(crate) use repair::repair;

/// Checks truth and index. `size` is the log's; at most about `problems_max` problems are named.
pub(crate) fn inspect(
    truth: &Connection,
    index: &Connection,
    size: u64,
    problems_max: usize,
) -> Result<Vec<Problem>> {
    let mut problems = database::check_truth(truth)?;
    problems.extend(bookkeeping::check(truth)?);
    problems.extend(database::check_index(index)?);
    let Some(mark) = read_mark(index)?.filter(|mark| mark.size <= size) else {
        problems.push(problem("index-altered", None, "the index does not say how far it goes"));
        return Ok(problems);
    };
    let keys = sums::Keys::random();
    let expected = Expected::of_truth(truth, &mark, &keys)?;
    let differing = indexed::compare(index, &expected, &keys, &mut problems)?;
    locate::name_positions(truth, index, &mark, &differing, problems_max, &mut problems)?;
    problems.truncate(problems_max.max(1));
    Ok(problems)
}

fn problem(code: &'static str, position: Option<u64>, detail: impl Into<String>) -> Problem {
    Problem { code, position: position.map(annals_event::Position), detail: detail.into() }
}
