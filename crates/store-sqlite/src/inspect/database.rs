use annals_store::{Findings, Problem};
use annals_tlog::TILE_WIDTH;
use rusqlite::Connection;

use super::integrity::{Database, Neighbour};
use super::problem;
use crate::errors::{Result, sqlite};
use crate::files::LogFiles;
use crate::index::Trust;
use crate::lock::index_trust;
use crate::reader::event_at;
use crate::store::{identity, read_log_end};
use crate::{schema, sql};

/// The truth's own means, its schema, and the extent of its tables.
pub(super) fn check_truth(truth: &Connection, files: &LogFiles) -> Result<Findings> {
    let database =
        Database { connection: truth, path: &files.truth, name: "the log's file", code: "database-damaged" };
    let mut findings = database.check(is_written(files))?;
    let problems = &mut findings.problems;
    if !schema::is_truth_schema(truth) {
        let detail = "tables, triggers or views of the log are not those that this program makes";
        problems.push(problem("schema-altered", None, detail));
    }
    let logs: u64 = truth.query_row(sql::LOG_ROWS, [], |row| row.get(0)).map_err(sqlite)?;
    if logs != 1 {
        problems.push(problem("schema-altered", None, format!("the log has {logs} identities")));
    }
    if let Err(error) = identity(truth) {
        problems.push(problem("schema-altered", None, error.to_string()));
    }
    // Somebody may go on writing: what is compared must be of one moment.
    let moment = truth.unchecked_transaction().map_err(sqlite)?;
    check_head(&moment, problems)?;
    check_extent(&moment, problems)?;
    Ok(findings)
}

/// The index's own means and its schema.
pub(super) fn check_index(index: &Connection, files: &LogFiles) -> Result<Findings> {
    let database =
        Database { connection: index, path: &files.index, name: "the index", code: "index-altered" };
    let mut findings = database.check(is_written(files))?;
    if !schema::is_index_schema(index) {
        findings.problems.push(problem(
            "index-altered",
            None,
            "the index's tables are not those that this program makes",
        ));
    }
    Ok(findings)
}

/// Whether a process may be writing the log at this moment.
fn is_written(files: &LogFiles) -> Neighbour {
    match index_trust(files) {
        Trust::Kept => Neighbour::Writes,
        Trust::Sealed(_) | Trust::Unsealed => Neighbour::None,
    }
}

fn check_head(truth: &Connection, problems: &mut Vec<Problem>) -> Result<()> {
    let (frontier, recorded_at) = match read_log_end(truth) {
        Ok(end) => end,
        Err(error) => {
            problems.push(problem("head-altered", None, error.to_string()));
            return Ok(());
        }
    };
    let last = frontier.size().checked_sub(1);
    // A last row that cannot be read is named by whoever checks the leaves.
    let last = last.and_then(|position| event_at(truth, position).ok()).flatten();
    if last.is_some_and(|event| Some(event.recorded_at) != recorded_at)
        || (frontier.size() == 0 && recorded_at.is_some())
    {
        problems.push(problem("head-altered", None, "the head's time of recording is not the last event's"));
    }
    Ok(())
}

/// Rows where none can be, that nobody would read.
fn check_extent(truth: &Connection, problems: &mut Vec<Problem>) -> Result<()> {
    let bounds = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    let (least, greatest) = truth.query_row(sql::EVENT_BOUNDS, [], bounds).map_err(sqlite)?;
    if least < 0 {
        problems.push(problem("event-added", None, format!("a row stands at position {least}")));
    }
    let size = u64::try_from(greatest.saturating_add(1)).unwrap_or(0);
    let mut statement = truth.prepare_cached(sql::SUBTREE_EXTENT).map_err(sqlite)?;
    let rows = statement
        .query_map([], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, u64>(1)?, row.get::<_, i64>(2)?, row.get::<_, i64>(3)?))
        })
        .map_err(sqlite)?;
    for row in rows {
        let (level, rows, first, last) = row.map_err(sqlite)?;
        let width = u32::try_from(level)
            .ok()
            .filter(|level| *level > 0)
            .and_then(|level| TILE_WIDTH.checked_pow(level));
        let complete = width.map_or(0, |width| size / width);
        if first != 0 || rows != complete || u64::try_from(last).ok() != complete.checked_sub(1) {
            let detail = format!(
                "level {level} of the tree holds {rows} hashes, {complete} follow from {size} events"
            );
            problems.push(problem("tree-hash-altered", None, detail));
        }
    }
    Ok(())
}
