use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use annals_store::{Findings, Problem};
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
    pub(super) fn check(&self, neighbour: Neighbour) -> Result<Findings> {
        if neighbour == Neighbour::None {
            let problems = self.run("PRAGMA integrity_check(20)")?.unwrap_or_default();
            return Ok(Findings { problems, ..Findings::default() });
        }
        self.check_tables(|table| format!("PRAGMA integrity_check('{}')", table.replace('\'', "''")))
    }

    /// Checks table by table, each by a statement of its own.
    fn check_tables(&self, statement_for: impl Fn(&str) -> String) -> Result<Findings> {
        let mut findings = Findings::default();
        for table in self.tables()? {
            match self.considerately(&statement_for(&table))? {
                Some(found) => findings.problems.extend(found),
                None => findings.unchecked.push(format!(
                    "SQLite's own check of table {table} of {} was given up, since it would have hindered whoever \
                     writes the log; its rows are checked nevertheless, so verify again when nobody writes to have \
                     all of it",
                    self.name
                )),
            }
        }
        Ok(findings)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A check that would never end.
    const ENDLESS: &str =
        "WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers)
                           SELECT 'never' FROM numbers WHERE number < 0";

    #[test]
    fn a_check_that_hinders_a_writer_is_given_up_and_named_and_the_others_go_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("busy.db");
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE first(a); CREATE TABLE second(a)").unwrap();
        let database = Database { connection: &connection, path: &path, name: "the log's file", code: "c" };
        // A write-ahead log that grows as soon as it is looked at again.
        let [_, wal, _] = LogFiles::with_companions(&path);
        let growing = std::thread::spawn(move || {
            std::thread::sleep(LOOK_EVERY / 2);
            std::fs::File::create(wal).unwrap().set_len(WAL_GROWTH_MAX + 1).unwrap();
        });
        let statement_for = |table: &str| match table {
            "first" => ENDLESS.to_owned(),
            _ => "SELECT 'a page is damaged'".to_owned(),
        };
        let findings = database.check_tables(statement_for).unwrap();
        growing.join().unwrap();
        assert_eq!(findings.unchecked.len(), 1, "{findings:?}");
        assert!(findings.unchecked[0].contains("table first of the log's file"), "{findings:?}");
        assert_eq!(findings.problems, [problem("c", None, "the log's file: a page is damaged")]);
    }
}
