//! Making and opening the two files.

use std::fs::File;
use std::path::Path;

use annals_failpoint::{Bug, Point, is_seeded};
use annals_store::StoreError;
use annals_tlog::{Frontier, Origin};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, params};

use crate::errors::{Result, file, pass, sqlite};
use crate::files::LogFiles;
use crate::format::{self, INDEX_SCHEMA, TRUTH_MIGRATIONS};
use crate::sql;

pub(crate) use crate::format::{Found, recognise};

/// Makes the folder in which a log is to lie, and those above it. Their names are durable when this returns:
/// nothing in a folder whose own name is lost is found again.
pub(crate) fn create_folder_of(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir());
    let Some(folder) = folder else { return Ok(()) };
    create_folder_of(folder)?;
    match std::fs::create_dir(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(file(folder)(error)),
        _ => sync_folder_of(folder),
    }
}

/// Makes an empty log under another name, complete and on disk, then gives it its own: there is never half
/// a log at the path.
pub(crate) fn create_truth(files: &LogFiles, origin: &Origin) -> Result<()> {
    refuse_orphaned_wal(files)?;
    for leftover in LogFiles::with_companions(&files.unfinished) {
        remove_if_there(&leftover)?;
    }
    let truth = Connection::open(&files.unfinished).map_err(sqlite)?;
    truth.execute_batch("PRAGMA page_size = 8192").map_err(sqlite)?;
    configure_truth(&truth)?;
    TRUTH_MIGRATIONS.apply(&truth, 0)?;
    truth.execute(sql::INSERT_LOG, params![origin.as_str()]).map_err(sqlite)?;
    truth.execute(sql::INSERT_HEAD, params![Frontier::new().to_bytes()]).map_err(sqlite)?;
    fold(&truth)?;
    truth.close().map_err(|(_, error)| sqlite(error))?;
    pass(Point::LogBeforeRename)?;
    std::fs::rename(&files.unfinished, &files.truth).map_err(file(&files.truth))?;
    pass(Point::LogAfterRename)?;
    sync_folder_of(&files.truth)
}

/// A write-ahead log without its file holds the newest events of a log that was moved or deleted. SQLite
/// would take it for that of any file that gets the name.
pub(crate) fn refuse_orphaned_wal(files: &LogFiles) -> Result<()> {
    let [_, wal, _] = LogFiles::with_companions(&files.truth);
    if !std::fs::metadata(&wal).is_ok_and(|wal| wal.len() > 0) {
        return Ok(());
    }
    let reason = format!(
        "{} is there without {}, whose newest events it holds; bring that file back, or move this one away",
        wal.display(),
        files.display()
    );
    Err(StoreError::Unavailable { reason, source: None })
}

/// Folds the whole write-ahead log into the file. Closing the last connection does so as well, but says nothing
/// when it fails, as on a full disk, and the file alone is half a database then.
fn fold(database: &Connection) -> Result<()> {
    let busy: i64 =
        database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map_err(sqlite)?;
    if busy == 0 {
        return Ok(());
    }
    let reason = "another process has the file open; stop it and try again".to_owned();
    Err(StoreError::Unavailable { reason, source: None })
}

/// Opens the truth for its one writer.
pub(crate) fn open_truth_for_writing(path: &Path) -> Result<Connection> {
    let truth = Connection::open_with_flags(path, writing()).map_err(sqlite)?;
    configure_truth(&truth)?;
    Ok(truth)
}

/// Opens a truth that nobody else has open, so that everything is in one file and nothing lies beside it.
///
/// # Errors
/// [`StoreError::Unavailable`] when another connection is open, [`StoreError::Corrupt`] when it cannot be read.
pub(crate) fn open_truth_alone(path: &Path) -> Result<Connection> {
    let truth = Connection::open_with_flags(path, writing()).map_err(sqlite)?;
    let in_use = || StoreError::Unavailable {
        reason: format!("another process has {} open; stop it and try again", path.display()),
        source: None,
    };
    truth.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA busy_timeout = 1000").map_err(sqlite)?;
    // SQLite leaves the write-ahead log only for the last connection.
    let mode = truth.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get::<_, String>(0));
    match mode {
        Ok(mode) if mode == "delete" => Ok(truth),
        Ok(_) => Err(in_use()),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Err(in_use()),
            _ => Err(sqlite(error)),
        },
    }
}

/// Opens the truth for a reader; the connection refuses to change anything.
pub(crate) fn open_truth_for_reading(path: &Path) -> Result<Connection> {
    let truth = Connection::open_with_flags(path, writing()).map_err(sqlite)?;
    configure_reader(&truth)?;
    Ok(truth)
}

/// Opens a truth of any format to copy it whole, which SQLite refuses to a connection that must not change
/// anything.
pub(crate) fn open_truth_to_copy(path: &Path) -> Result<Connection> {
    let truth = Connection::open_with_flags(path, writing()).map_err(sqlite)?;
    truth.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA busy_timeout = 10000").map_err(sqlite)?;
    Ok(truth)
}

/// Makes an empty index with what `fill` puts into it, in place of whatever is there. It is made under another
/// name: a file of this name is an index, as a whole, also when this is interrupted.
pub(crate) fn create_index(path: &Path, fill: impl FnOnce(&Connection) -> Result<()>) -> Result<Connection> {
    let unfinished = LogFiles::of(path).unfinished;
    for leftover in LogFiles::with_companions(&unfinished) {
        remove_if_there(&leftover)?;
    }
    let index = Connection::open(&unfinished).map_err(sqlite)?;
    configure_index(&index)?;
    index.execute_batch(INDEX_SCHEMA).map_err(sqlite)?;
    format::mark_as_index(&index)?;
    fill(&index)?;
    fold(&index)?;
    index.close().map_err(|(_, error)| sqlite(error))?;
    for leftover in LogFiles::with_companions(path) {
        remove_if_there(&leftover)?;
    }
    std::fs::rename(&unfinished, path).map_err(file(path))?;
    open_index_for_writing(path).ok_or_else(|| StoreError::Unavailable {
        reason: format!("{} was made and cannot be opened; open the log again", path.display()),
        source: None,
    })
}

/// Opens an index that is there and looks like one.
pub(crate) fn open_index_for_writing(path: &Path) -> Option<Connection> {
    let index = Connection::open_with_flags(path, writing()).ok()?;
    format::is_index(&index).then_some(())?;
    configure_index(&index).ok()?;
    Some(index)
}

/// Opens an index for a reader, if there is one.
pub(crate) fn open_index_for_reading(path: &Path) -> Option<Connection> {
    let index = Connection::open_with_flags(path, writing()).ok()?;
    format::is_index(&index).then_some(())?;
    configure_reader(&index).ok()?;
    Some(index)
}

/// Whether an index has the tables that this program makes.
pub(crate) fn is_index_schema(index: &Connection) -> bool {
    let expected = Connection::open_in_memory().and_then(|expected| {
        expected.execute_batch(INDEX_SCHEMA)?;
        Ok(expected)
    });
    expected.is_ok_and(|expected| is_alike(index, &expected))
}

/// Whether a log has the tables, triggers and views that this program makes.
pub(crate) fn is_truth_schema(truth: &Connection) -> bool {
    TRUTH_MIGRATIONS.in_memory().is_ok_and(|expected| is_alike(truth, &expected))
}

/// Whether two databases have the same tables, indexes, triggers and views.
pub(crate) fn is_alike(database: &Connection, expected: &Connection) -> bool {
    matches!((definitions(database), definitions(expected)), (Ok(found), Ok(expected)) if found == expected)
}

/// Makes the truth's triggers and views anew; its tables stay.
pub(crate) fn restore_triggers_and_views(truth: &Connection) -> Result<()> {
    let kinds = ["trigger", "view"];
    for (name, kind) in objects(truth)?.into_iter().filter(|(_, kind)| kinds.contains(&kind.as_str())) {
        truth.execute_batch(&format!("DROP {kind} \"{}\"", name.replace('"', "\"\""))).map_err(sqlite)?;
    }
    let expected = TRUTH_MIGRATIONS.in_memory()?;
    let kinds_of: Vec<(String, String)> = objects(&expected)?;
    for (name, statement) in definitions(&expected).map_err(sqlite)? {
        let is_wanted = kinds_of.iter().any(|(other, kind)| *other == name && kinds.contains(&kind.as_str()));
        if let Some(statement) = statement.filter(|_| is_wanted) {
            truth.execute_batch(&statement).map_err(sqlite)?;
        }
    }
    Ok(())
}

/// Names and kinds of everything that a database's schema holds.
fn objects(database: &Connection) -> Result<Vec<(String, String)>> {
    let mut statement = database.prepare(sql::SCHEMA_OBJECTS).map_err(sqlite)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(sqlite)?;
    rows.map(|row| row.map_err(sqlite)).collect()
}

/// Does `work` while stored subtrees, which are derived, may be deleted; the triggers are there again afterwards.
pub(crate) fn without_subtree_triggers(truth: &Connection, work: impl FnOnce() -> Result<()>) -> Result<()> {
    truth.execute_batch("DROP TRIGGER IF EXISTS subtrees_delete").map_err(sqlite)?;
    work()?;
    restore_triggers_and_views(truth)
}

/// The statements that made a database's tables, indexes, triggers and views, by name.
pub(crate) fn definitions(database: &Connection) -> rusqlite::Result<Vec<(String, Option<String>)>> {
    let mut statement = database.prepare(sql::DEFINITIONS)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

fn writing() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// Every commit is on disk before it is acknowledged; WAL checkpoints have a thread of their own.
fn configure_truth(truth: &Connection) -> Result<()> {
    truth
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;
             PRAGMA checkpoint_fullfsync = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -32768;
             PRAGMA trusted_schema = OFF; PRAGMA busy_timeout = 10000",
        )
        .map_err(sqlite)?;
    if is_seeded(Bug::SynchronousOff) {
        truth.pragma_update(None, "synchronous", "OFF").map_err(sqlite)?;
    }
    if is_seeded(Bug::SynchronousNormal) || is_seeded(Bug::NoteBeforeTail) {
        truth.pragma_update(None, "synchronous", "NORMAL").map_err(sqlite)?;
    }
    keep_statements(truth)
}

/// After a power cut the index is consistent, and at most behind.
fn configure_index(index: &Connection) -> Result<()> {
    index
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA checkpoint_fullfsync = ON;
             PRAGMA cache_size = -32768; PRAGMA trusted_schema = OFF; PRAGMA busy_timeout = 10000",
        )
        .map_err(sqlite)?;
    keep_statements(index)
}

fn configure_reader(database: &Connection) -> Result<()> {
    database
        .execute_batch(
            "PRAGMA query_only = ON; PRAGMA cache_size = -8192; PRAGMA trusted_schema = OFF;
             PRAGMA busy_timeout = 10000",
        )
        .map_err(sqlite)?;
    keep_statements(database)
}

/// Every statement is prepared once. Without the planner's stability guarantee SQLite looks at the limits and keys that
/// are bound, and plans anew for each of them, which takes longer than most answers.
fn keep_statements(database: &Connection) -> Result<()> {
    database.set_prepared_statement_cache_capacity(64);
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop).map_err(sqlite)
}

/// Removes a file, if there is one.
pub(crate) fn remove_if_there(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(file(path)(error)),
        _ => Ok(()),
    }
}

/// Makes a new name survive a power cut.
#[cfg(not(windows))]
pub(crate) fn sync_folder_of(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(file(folder))
}

/// Windows syncs no folders. With a file that is flushed under its new name NTFS writes its journal, in which the
/// name stands; only what is open for writing can be flushed.
#[cfg(windows)]
pub(crate) fn sync_folder_of(path: &Path) -> Result<()> {
    if !path.is_file() {
        return Ok(());
    }
    File::options().write(true).open(path).and_then(|written| written.sync_all()).map_err(file(path))
}

#[cfg(test)]
pub(crate) fn truth_in_memory() -> Connection {
    TRUTH_MIGRATIONS.in_memory().unwrap()
}

#[cfg(test)]
pub(crate) fn index_in_memory() -> Connection {
    let index = Connection::open_in_memory().unwrap();
    index.execute_batch(INDEX_SCHEMA).unwrap();
    index
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn another_limit_does_not_make_a_statement_be_planned_anew() {
        let index = index_in_memory();
        keep_statements(&index).unwrap();
        for limit in [2, 16, 128] {
            let mut statement = index.prepare_cached(sql::INDEX_POSTINGS_AFTER).unwrap();
            statement.query(params![0, 1, 0, limit]).unwrap().next().unwrap();
            assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
        }
    }
}
