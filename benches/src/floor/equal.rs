use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use rusqlite::{Connection, params};

use super::equal_index::{self, Written};
use super::{Floor, Guard, SharedEvents};
use crate::error::{BenchError, Result};
use crate::own_log::OwnLog;
use crate::sql;

/// How the equal floor sets up its truth.
pub(crate) const EQUAL_TRUTH_PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA cache_size = -65536";

/// Leaves under one stored hash of the tree.
const SUBTREE_LEN: u64 = 256;

/// *equal*: the tables, columns, indexes and page sizes of the store, filled by a raw client without checks or hashing;
/// the index is written behind the commits in batches, as the store does it.
pub(crate) struct Equal {
    truth: Connection,
    events: SharedEvents,
    position: u64,
    indexer: Option<(Sender<Written>, JoinHandle<Result<()>>)>,
}

impl Equal {
    /// The store itself makes the empty files, so that they are always what it would write to.
    pub(crate) fn create(folder: &Path, events: SharedEvents) -> Result<Self> {
        let files: [PathBuf; 2] = OwnLog::create_empty(folder)?;
        let [truth, index] = files;
        let truth = Connection::open(truth)?;
        truth.execute_batch(EQUAL_TRUTH_PRAGMAS)?;
        let (sender, written) = channel();
        let shared = SharedEvents::clone(&events);
        let index = Connection::open(index)?;
        let thread = std::thread::spawn(move || equal_index::run(index, &shared, &written));
        Ok(Self { truth, events, position: 0, indexer: Some((sender, thread)) })
    }
}

impl Floor for Equal {
    fn write(&mut self, events: &[usize], _: Guard) -> Result<()> {
        let transaction = self.truth.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let first = self.position;
        {
            let mut insert = transaction.prepare_cached(sql::EQUAL_INSERT)?;
            let mut subtree = transaction.prepare_cached(sql::EQUAL_SUBTREE)?;
            for event in events.iter().filter_map(|event| self.events.get(*event)) {
                let hash = [event.event_id, event.event_id].concat();
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
                    "{}",
                    event.event_id,
                    hash,
                ])?;
                self.position += 1;
                if self.position.is_multiple_of(SUBTREE_LEN) {
                    subtree.execute(params![1, self.position / SUBTREE_LEN - 1, hash])?;
                }
            }
            let frontier = vec![0_u8; 32 * self.position.count_ones() as usize];
            let mut head = transaction.prepare_cached(sql::EQUAL_HEAD)?;
            head.execute(params![self.position, 0, frontier])?;
        }
        transaction.commit()?;
        let written = Written { first, events: events.to_vec() };
        let indexer = self.indexer.as_ref().ok_or(BenchError::EndedEarly { what: "the floor's indexer" })?;
        indexer.0.send(written).map_err(|_| BenchError::EndedEarly { what: "the floor's indexer" })
    }

    fn finish(&mut self) -> Result<()> {
        let Some((sender, thread)) = self.indexer.take() else { return Ok(()) };
        drop(sender);
        thread.join().unwrap_or(Err(BenchError::EndedEarly { what: "the floor's indexer" }))
    }
}
