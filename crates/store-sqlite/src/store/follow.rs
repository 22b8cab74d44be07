use std::sync::{Mutex, PoisonError};

use annals_event::{JsonPointer, Timestamp};
use annals_store::{Head, StoreError};
use annals_tlog::{Frontier, root_at};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::errors::{Result, corrupt, sqlite};
use crate::index::{catch_up, read_mark};
use crate::reader::{TreeReader, event_at, events_between};
use crate::sql;
use crate::tail::{IndexedEvent, Segment, Tail};

/// Events that one segment of a reader's tail holds.
const SEGMENT_LEN: u64 = 4_096;

/// With more events than this in memory, the index is asked how far it has come.
pub(super) const TAIL_LEN_MAX: u64 = 32_768;

/// Keeps a reader's tail up to date while another process writes.
pub(super) struct Follower {
    connections: Mutex<Followed>,
}

/// The follower's own connections.
pub(super) struct Followed {
    pub(super) truth: Connection,
    pub(super) index: Connection,
    pub(super) payload_paths: Vec<JsonPointer>,
    /// Where a private index lies, for want of one beside the log that can be believed.
    pub(super) private: Option<TempDir>,
}

impl Follower {
    pub(super) fn new(connections: Followed) -> Self {
        Self { connections: Mutex::new(connections) }
    }

    /// Takes what was committed since into the tail.
    pub(super) fn catch_up(&self, tail: &Tail) -> Result<()> {
        let mut followed = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        let size = read_head(&followed.truth)?.size;
        let mut first = tail.read().size;
        while first < size {
            let end = size.min(first + SEGMENT_LEN);
            let mut segment = Segment::default();
            events_between(&followed.truth, first..end, |event| {
                segment.push(&IndexedEvent::recorded(&event), &followed.payload_paths);
            })?;
            if segment.first != first || segment.end() != end {
                return Err(corrupt(format!("events between positions {first} and {end} are missing")));
            }
            segment.root =
                root_at(end, &TreeReader(&followed.truth)).map_err(|error| corrupt(error.to_string()))?;
            tail.publish(segment);
            tail.seal();
            first = end;
        }
        if tail.events() > TAIL_LEN_MAX {
            followed.shorten(tail, size)?;
        }
        Ok(())
    }

    /// The state after the last commit of whoever writes.
    pub(super) fn head(&self) -> Result<Head> {
        read_head(&self.connections.lock().unwrap_or_else(PoisonError::into_inner).truth)
    }
}

impl Followed {
    /// Drops from the tail what the index has got meanwhile. A private index has nobody else to write it.
    fn shorten(&mut self, tail: &Tail, size: u64) -> Result<()> {
        let mark = read_mark(&self.index)?.map_or(0, |mark| mark.size);
        if self.private.is_some() && mark < size {
            catch_up(&mut self.index, &self.truth, mark, size, &self.payload_paths)?;
            tail.drop_indexed(size);
        } else {
            tail.drop_indexed(mark);
        }
        Ok(())
    }
}

/// The state after the last commit, as the head says; where that is damaged, as the events and their stored
/// hashes say, from which it follows: a damaged head keeps nobody from reading and verifying.
pub(crate) fn read_head(truth: &Connection) -> Result<Head> {
    let (frontier, recorded_at) = match read_log_end(truth) {
        Err(StoreError::Corrupt { .. }) => recompute_log_end(truth)?,
        end => end?,
    };
    Ok(Head { size: frontier.size(), root: frontier.root(), recorded_at })
}

fn recompute_log_end(truth: &Connection) -> Result<(Frontier, Option<Timestamp>)> {
    let greatest: i64 = truth.query_row(sql::EVENT_EXTENT, [], |row| row.get(2)).map_err(sqlite)?;
    let size = u64::try_from(greatest.saturating_add(1)).unwrap_or(0);
    let frontier =
        Frontier::read(size, &TreeReader(truth)).map_err(|error| corrupt(format!("the tree: {error}")))?;
    let recorded_at = match size.checked_sub(1) {
        Some(last) => event_at(truth, last)?.map(|event| event.recorded_at),
        None => None,
    };
    Ok((frontier, recorded_at))
}

/// The tree's frontier and the time of the last recording, as the truth says.
pub(crate) fn read_log_end(truth: &Connection) -> Result<(Frontier, Option<Timestamp>)> {
    let mut statement = truth.prepare_cached(sql::HEAD).map_err(sqlite)?;
    let (size, micros, frontier): (u64, Option<i64>, Vec<u8>) =
        statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).map_err(sqlite)?;
    let frontier = Frontier::from_bytes(&frontier).map_err(|error| corrupt(format!("the head: {error}")))?;
    if frontier.size() != size {
        return Err(corrupt(format!("the head says {size} events, its tree has {} leaves", frontier.size())));
    }
    let recorded_at =
        micros.map(Timestamp::from_micros).transpose().map_err(|error| corrupt(error.to_string()))?;
    Ok((frontier, recorded_at))
}
