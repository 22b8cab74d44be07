//! The log as it is at one moment, copied in short looks.
//!
//! What can change (head, cursors, states of dead letters) is read in one transaction, which fixes the moment. The
//! facts before that moment never change any more, and are copied afterwards, position by position. So nothing
//! in the copy refers to anything behind its size, and no cursor is ahead of the events it was moved with.

use std::path::Path;

use annals_store::StoreError;
use annals_tlog::TILE_WIDTH;
use rusqlite::{Connection, OpenFlags, Row, params};

use super::stride::in_steps;
use super::{Existing, UnnamedCopy, refuse_files_of, text_of};
use crate::errors::{Result, sqlite};
use crate::format::{Found, TRUTH_MIGRATIONS, format_of, recognise};
use crate::sql;
use crate::store::read_log_end;

/// The moment of which a copy is.
struct Moment {
    /// How many events there were.
    size: u64,
    /// The size of every checkpoint that was kept is below this.
    checkpoint_end: u64,
}

/// Copies the log at `log` as it is now.
pub(super) fn copy(log: &Path, to: &Path, existing: Existing) -> Result<UnnamedCopy> {
    if recognise(log)? == Found::Nothing {
        return Err(StoreError::NotFound { what: format!("store at {}", log.display()) });
    }
    refuse_files_of(log, to)?;
    // Only a log or a backup of one is replaced by a backup.
    format_of(to)?;
    let unnamed = UnnamedCopy::new(to, existing)?;
    let mut copy = open(unnamed.path(), log)?;
    copy_dead_letters(&copy)?;
    let moment = copy_what_changes(&mut copy)?;
    copy_facts(&copy, &moment)?;
    copy.close().map_err(|(_, error)| sqlite(error))?;
    unnamed.complete(log)
}

/// Makes an empty log in the file, beside which the log that is copied is known as `source`. Nobody reads the
/// file before it is complete, so that nothing needs to be undone in it or survive anything.
fn open(unfinished: &Path, log: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let copy = Connection::open_with_flags(unfinished, flags).map_err(sqlite)?;
    copy.execute(sql::BACKUP_SOURCE, params![text_of(log)?]).map_err(sqlite)?;
    let page_size: u32 = copy.query_row("PRAGMA source.page_size", [], |row| row.get(0)).map_err(sqlite)?;
    copy.execute_batch(&format!(
        "PRAGMA main.page_size = {page_size}; PRAGMA main.journal_mode = OFF; PRAGMA main.synchronous = OFF;
         PRAGMA main.cache_size = -16384; PRAGMA source.cache_size = -8192; PRAGMA trusted_schema = OFF;
         PRAGMA busy_timeout = 10000"
    ))
    .map_err(sqlite)?;
    TRUTH_MIGRATIONS.apply(&copy, 0)?;
    Ok(copy)
}

/// Dead letters are never deleted, and only their states change. As there may be many and large ones, they are
/// copied before the moment, and those whose states changed since once more in it.
fn copy_dead_letters(copy: &Connection) -> Result<()> {
    let end = number(copy, sql::BACKUP_DEAD_LETTER_END)?;
    in_steps(0..end, |ids| run(copy, sql::BACKUP_DEAD_LETTERS, params![ids.start, ids.end]))
}

fn copy_what_changes(copy: &mut Connection) -> Result<Moment> {
    let transaction = copy.transaction().map_err(sqlite)?;
    for statement in [
        sql::BACKUP_HEAD,
        sql::BACKUP_LOG,
        sql::BACKUP_CURSORS,
        sql::BACKUP_VERIFIER_KEYS,
        sql::BACKUP_CHANGED_DEAD_LETTERS,
    ] {
        run(&transaction, statement, params![])?;
    }
    let checkpoint_end = number(&transaction, sql::BACKUP_CHECKPOINT_END)?;
    transaction.commit().map_err(sqlite)?;
    let (frontier, _) = read_log_end(copy)?;
    Ok(Moment { size: frontier.size(), checkpoint_end })
}

fn copy_facts(copy: &Connection, moment: &Moment) -> Result<()> {
    in_steps(0..moment.checkpoint_end, |sizes| {
        run(copy, sql::BACKUP_CHECKPOINTS, params![sizes.start, sizes.end])
    })?;
    in_steps(0..moment.size, |positions| {
        run(copy, sql::BACKUP_EVENTS, params![positions.start, positions.end])
    })?;
    let mut complete = moment.size / TILE_WIDTH;
    let mut level: u8 = 1;
    while complete > 0 {
        in_steps(0..complete, |subtrees| {
            run(copy, sql::BACKUP_SUBTREES, params![subtrees.start, subtrees.end, level])
        })?;
        complete /= TILE_WIDTH;
        level += 1;
    }
    Ok(())
}

fn run(copy: &Connection, statement: &str, parameters: impl rusqlite::Params) -> Result<()> {
    let mut statement = copy.prepare_cached(statement).map_err(sqlite)?;
    statement.execute(parameters).map_err(sqlite).map(drop)
}

fn number(copy: &Connection, statement: &str) -> Result<u64> {
    copy.query_row(statement, [], |row: &Row<'_>| row.get(0)).map_err(sqlite)
}
