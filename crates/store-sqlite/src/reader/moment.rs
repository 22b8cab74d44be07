use rusqlite::Connection;

use super::plan::Connections;
use crate::errors::{Result, sqlite};
use crate::sql;

/// One read transaction on each file: all statements of a page see the same moment, and SQLite takes its locks
/// once rather than for each of them.
pub(super) struct Moment<'a> {
    connections: Connections<'a>,
}

impl<'a> Moment<'a> {
    pub(super) fn begin(connections: Connections<'a>) -> Result<Self> {
        // From here on both are ended, also when the second one cannot be begun.
        let moment = Self { connections };
        run(connections.truth, sql::BEGIN)?;
        run(connections.index, sql::BEGIN)?;
        Ok(moment)
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
