use rusqlite::Connection;

use super::plan::Connections;
use crate::errors::{Result, sqlite};
use crate::sql;

/// The read transactions of a page: within one, all statements see the same moment, and SQLite takes its locks once
/// rather than for each of them. They are begun only for more than one statement, since to begin and end one takes
/// as long as to find an event.
pub(super) struct Moment<'a> {
    connections: Connections<'a>,
}

impl<'a> Moment<'a> {
    pub(super) fn of(connections: Connections<'a>) -> Self {
        Self { connections }
    }

    /// Begins a transaction on the index.
    pub(super) fn begin_on_index(&self) -> Result<()> {
        run(self.connections.index, sql::BEGIN)
    }

    /// Begins a transaction on the truth.
    pub(super) fn begin_on_truth(&self) -> Result<()> {
        run(self.connections.truth, sql::BEGIN)
    }
}

impl Drop for Moment<'_> {
    fn drop(&mut self) {
        for connection in [self.connections.truth, self.connections.index] {
            // A connection that stays in its transaction is closed rather than used again.
            if !connection.is_autocommit()
                && let Err(error) = run(connection, sql::END)
            {
                tracing::warn!(%error, "a read transaction cannot be ended");
            }
        }
    }
}

fn run(connection: &Connection, statement: &str) -> Result<()> {
    connection
        .prepare_cached(statement)
        .and_then(|mut statement| statement.execute([]))
        .map(drop)
        .map_err(sqlite)
}
