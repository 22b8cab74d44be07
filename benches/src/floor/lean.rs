use std::path::Path;

use rusqlite::{Connection, params};

use super::{Floor, Guard, SharedEvents};
use crate::error::{BenchError, Result};
use crate::sql;

/// How the lean floor sets up its connection: SQLite's defaults but for what durability asks for, and a cache that
/// holds the pages of its indexes that are in use.
pub(crate) const LEAN_PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA cache_size = -65536";

/// The name of its file.
pub(super) const FILE: &str = "lean.db";

/// *lean*: a plain table with three indexes.
pub(crate) struct Lean {
    database: Connection,
    events: SharedEvents,
    position: u64,
}

impl Lean {
    pub(crate) fn create(folder: &Path, events: SharedEvents) -> Result<Self> {
        let database = Connection::open(folder.join(FILE))?;
        database.execute_batch(LEAN_PRAGMAS)?;
        database.execute_batch(sql::LEAN_SCHEMA)?;
        Ok(Self { database, events, position: 0 })
    }
}

impl Floor for Lean {
    fn write(&mut self, events: &[usize], guard: Guard) -> Result<()> {
        let transaction =
            self.database.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        {
            let mut version = transaction.prepare_cached(sql::LEAN_VERSION)?;
            let mut insert = transaction.prepare_cached(sql::LEAN_INSERT)?;
            for event in events.iter().filter_map(|event| self.events.get(*event)) {
                if guard == Guard::ExpectedVersion {
                    let stream = params![event.aggregate_type, event.aggregate_id];
                    let last: Option<u64> = version.query_row(stream, |row| row.get(0))?;
                    if last.unwrap_or(0) + 1 != event.version {
                        return Err(BenchError::Unlike { what: "a version was not the expected one".into() });
                    }
                }
                insert.execute(params![
                    self.position,
                    event.event_id,
                    event.event_type,
                    event.aggregate_type,
                    event.aggregate_id,
                    event.version,
                    1,
                    event.timestamp_micros,
                    event.timestamp_micros,
                    event.actor_id,
                    event.tags,
                    event.payload,
                    event.metadata,
                ])?;
                self.position += 1;
            }
        }
        Ok(transaction.commit()?)
    }

    fn finish(&mut self) -> Result<()> {
        Ok(())
    }
}
