use annals_store::{Problem, StoreError};
use annals_tlog::TILE_WIDTH;

use super::problem;
use crate::connection::Session;
use crate::errors::{Failure, corrupt};
use crate::sql;
use crate::writer::read_head;

/// Rows of each derived table that are named at the most.
const NAMED_MAX: i64 = 20;

/// The derived tables, each with the statement that finds rows which are not what follows from the events.
const SUMMARIES: [(&str, &str); 6] = [
    ("seals", sql::DIFFERING_SEALS),
    ("payload_paths", sql::DIFFERING_PAYLOAD_PATHS),
    ("streams", sql::DIFFERING_STREAMS),
    ("counters", sql::DIFFERING_COUNTERS),
    ("hours", sql::DIFFERING_HOURS),
    ("zones", sql::DIFFERING_ZONES),
];

/// What follows from the events, besides their tree.
pub(super) async fn check(session: &Session) -> Result<Vec<Problem>, Failure> {
    let mut problems = Vec::new();
    check_extent(session, &mut problems).await?;
    let row = session.query_optional(sql::LOG_ROWS, &[]).await?;
    let identities: i64 = row.ok_or_else(|| corrupt("the log's identity cannot be read"))?.try_get(0)?;
    if identities != 1 {
        problems.push(problem("schema-altered", format!("the log has {identities} identities")));
    }
    let row = session.query_optional(sql::SUMMARY_AHEAD, &[]).await?;
    let row = row.ok_or_else(|| corrupt("the summary cannot be read"))?;
    let (rows, ahead): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    if rows != 1 {
        problems.push(problem("index-altered", format!("the summary says {rows} times how far it goes")));
    } else if ahead > 0 {
        problems
            .push(problem("index-altered", format!("the summary counts {ahead} events that are not there")));
    }
    for (table, statement) in SUMMARIES {
        for row in session.query(statement, &[&NAMED_MAX]).await? {
            let value: Option<String> = row.try_get(0)?;
            let value = value.unwrap_or_default();
            let detail = format!("table {table} does not say of {value:?} what follows from the events");
            problems.push(problem("index-altered", detail));
        }
    }
    Ok(problems)
}

/// The head, and rows where none can be, that nobody would read.
async fn check_extent(session: &Session, problems: &mut Vec<Problem>) -> Result<(), Failure> {
    let size = match read_head(session).await {
        Ok(head) => head.head().size,
        Err(failure) => match failure.error {
            StoreError::Corrupt { reason } => {
                problems.push(problem("head-altered", reason));
                return Ok(());
            }
            _ => return Err(failure),
        },
    };
    for row in session.query(sql::DIFFERING_HEAD, &[]).await? {
        problems.push(problem("head-altered", row.try_get::<_, String>(0)?));
    }
    for row in session.query(sql::SUBTREE_EXTENT, &[]).await? {
        let (level, rows): (i16, i64) = (row.try_get(0)?, row.try_get(1)?);
        let (first, last): (i64, i64) = (row.try_get(2)?, row.try_get(3)?);
        let width = u32::try_from(level)
            .ok()
            .filter(|level| *level > 0)
            .and_then(|level| TILE_WIDTH.checked_pow(level));
        // Somebody may have appended since the head was read.
        let complete = width.map_or(0, |width| (size / width).cast_signed());
        if width.is_none() || first != 0 || last != rows - 1 || rows < complete {
            let detail = format!(
                "level {level} of the tree holds {rows} hashes, {complete} follow from {size} events"
            );
            problems.push(problem("tree-hash-altered", detail));
        }
    }
    Ok(())
}
