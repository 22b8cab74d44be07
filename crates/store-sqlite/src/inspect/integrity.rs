use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use annals_store::Problem;
use rusqlite::{Connection, ErrorCode};

use super::problem;
use crate::errors::{Result, sqlite};
use crate::files::LogFiles;
use crate::sql;

/// How often it is looked how much a check costs a writer.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// While a check reads, nothing that is written meanwhile can be folded into the file. A check that made the
/// write-ahead log longer by so many bytes is given up.
const WAL_GROWTH_MAX: u64 = 64 << 20;

/// A database that SQLite is to check by its own means.
pub(super) struct Database<'a> {
    pub(super) connection: &'a Connection,
    pub(super) path: &'a Path,
    /// How people know it.
    pub(super) name: &'static str,
    /// The code under which what is found is reported.
    pub(super) code: &'static str,
}

/// Whether somebody else may need the database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Neighbour {
    None,
    Writes,
}

impl Database<'_> {
    /// Checks everything in one go where that hinders nobody. Beside a writer each table has a read
    /// transaction of its own, and a check for whose sake the write-ahead log grows too long is given up,
    /// which is told: SQLite cannot check a part of a table.
    pub(super) fn check(&self, neighbour: Neighbour) -> Result<Vec<Problem>> {
        if neighbour == Neighbour::None {
            return Ok(self.run("PRAGMA integrity_check(20)")?.unwrap_or_default());
        }
        let mut problems = Vec::new();
        for table in self.tables()? {
            let statement = format!("PRAGMA integrity_check('{}')", table.replace('\'', "''"));
            match self.considerately(&statement)? {
                Some(found) => problems.extend(found),
                None => tracing::warn!(
                    "SQLite's own check of table {table} was given up, since it would have hindered whoever writes \
                     the log; its rows are checked nevertheless, so verify again when nobody writes to have all of it"
                ),
            }
        }
        Ok(problems)
    }

    fn tables(&self) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(sql::TABLES).map_err(sqlite)?;
        let names = statement.query_map([], |row| row.get(0)).map_err(sqlite)?;
        names.collect::<rusqlite::Result<_>>().map_err(sqlite)
    }

    /// Carries out a check; `None` when it had to be given up.
    fn considerately(&self, statement: &str) -> Result<Option<Vec<Problem>>> {
        let [_, wal, _] = LogFiles::with_companions(self.path);
        let wal_len = || std::fs::metadata(&wal).map_or(0, |metadata| metadata.len());
        let (before, interrupt) = (wal_len(), self.connection.get_interrupt_handle());
        let (done, is_done) = channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                while is_done.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
                    if wal_len().saturating_sub(before) > WAL_GROWTH_MAX {
                        interrupt.interrupt();
                    }
                }
            });
            let found = self.run(statement);
            drop(done);
            found
        })
    }

    /// Carries out a check; `None` when it was interrupted.
    fn run(&self, statement: &str) -> Result<Option<Vec<Problem>>> {
        let mut statement = self.connection.prepare(statement).map_err(sqlite)?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).map_err(sqlite)?;
        let mut problems = Vec::new();
        for found in rows {
            // A check that cannot be carried out has found something, too.
            let found = match found {
                Ok(found) if found == "ok" => continue,
                Ok(found) => found,
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
                    return Ok(None);
                }
                Err(error) => error.to_string(),
            };
            problems.push(problem(self.code, None, format!("{}: {found}", self.name)));
        }
        Ok(Some(problems))
    }
}
