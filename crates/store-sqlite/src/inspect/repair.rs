use annals_tlog::{Frontier, HashReader, TILE_WIDTH};
use rusqlite::{Connection, params};

use crate::errors::{Result, corrupt, sqlite};
use crate::reader::TreeReader;
use crate::store::read_log_end;
use crate::{schema, sql};

/// Makes everything derived in the truth what follows from the stored leaf hashes: triggers and views,
/// stored subtrees, the head. Events, checkpoints and keys are facts and stay as they are, altered or not.
pub(crate) fn repair(truth: &mut Connection) -> Result<Vec<String>> {
    let mut done = Vec::new();
    let transaction = truth.transaction().map_err(sqlite)?;
    if !schema::is_truth_schema(&transaction) {
        schema::restore_triggers_and_views(&transaction)?;
        done.push("triggers and views".to_owned());
    }
    let (count, least, greatest): (u64, i64, i64) = transaction
        .query_row(sql::EVENT_EXTENT, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .map_err(sqlite)?;
    // A head that fits itself is believed where it says that there were more events.
    let stated = read_log_end(&transaction).map_or(0, |(frontier, _)| frontier.size());
    if least != 0 || i64::try_from(count).ok() != greatest.checked_add(1) || count < stated {
        return Err(corrupt("events are missing or stand where none can be; only a backup brings them back"));
    }
    schema::without_subtree_triggers(&transaction, || {
        transaction.execute(sql::DELETE_SUBTREES, []).map_err(sqlite)?;
        let frontier = rebuild_tree(&transaction, count)?;
        let recorded_at: Option<i64> = match count.checked_sub(1) {
            Some(last) => {
                transaction.query_row(sql::RECORDED_AT, params![last], |row| row.get(0)).map_err(sqlite)?
            }
            None => None,
        };
        // One that stands under another number would stay beside the new one.
        transaction.execute(sql::DELETE_HEADS, []).map_err(sqlite)?;
        transaction
            .execute(sql::REPLACE_HEAD, params![count, recorded_at, frontier.to_bytes()])
            .map_err(sqlite)?;
        Ok(())
    })?;
    transaction.commit().map_err(sqlite)?;
    done.push("the tree's stored hashes and the head".to_owned());
    Ok(done)
}

fn rebuild_tree(truth: &Connection, size: u64) -> Result<Frontier> {
    let mut frontier = Frontier::new();
    let mut insert = truth.prepare_cached(sql::INSERT_SUBTREE).map_err(sqlite)?;
    while frontier.size() < size {
        let first = frontier.size();
        let leaves = TreeReader(truth).hashes(0, first..size.min(first + TILE_WIDTH))?;
        if leaves.is_empty() {
            return Err(corrupt(format!("the leaf hash at position {first} is missing")));
        }
        let mut complete = Vec::new();
        for leaf in leaves {
            frontier.push(leaf, |subtree| complete.push(subtree));
        }
        for subtree in complete {
            insert.execute(params![subtree.level, subtree.index, subtree.hash.as_bytes()]).map_err(sqlite)?;
        }
    }
    Ok(frontier)
}
