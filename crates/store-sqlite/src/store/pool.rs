use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use annals_event::JsonPointer;
use rusqlite::Connection;

use crate::errors::{Result, closed, corrupt};
use crate::reader::Connections;
use crate::schema;

/// More connections than this are not kept.
const KEPT_MAX: usize = 8;

/// Connections for reading, each used by one page at a time.
pub(super) struct Pool {
    truth: PathBuf,
    index: PathBuf,
    payload_paths: Arc<[JsonPointer]>,
    /// `None` once the store is closed.
    idle: Mutex<Option<Vec<Reader>>>,
}

struct Reader {
    truth: Connection,
    index: Connection,
}

/// Connections that go back to the pool.
pub(super) struct Pooled<'a> {
    pool: &'a Pool,
    reader: Option<Reader>,
}

impl Pool {
    pub(super) fn new(truth: PathBuf, index: PathBuf, payload_paths: Arc<[JsonPointer]>) -> Self {
        Self { truth, index, payload_paths, idle: Mutex::new(Some(Vec::new())) }
    }

    /// Connections that are open already, if any are idle.
    pub(super) fn take_idle(&self) -> Option<Pooled<'_>> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let reader = idle.as_mut()?.pop()?;
        Some(Pooled { pool: self, reader: Some(reader) })
    }

    pub(super) fn take(&self) -> Result<Pooled<'_>> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = idle.as_mut().ok_or_else(closed)?.pop();
        drop(idle);
        let reader = match kept {
            Some(reader) => reader,
            None => Reader {
                truth: schema::open_truth_for_reading(&self.truth)?,
                index: schema::open_index_for_reading(&self.index)
                    .ok_or_else(|| corrupt(format!("{} is no index any more", self.index.display())))?,
            },
        };
        Ok(Pooled { pool: self, reader: Some(reader) })
    }

    /// Closes every connection; those in use when they come back.
    pub(super) fn close(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl Reader {
    /// Whether no transaction is open.
    fn is_at_rest(&self) -> bool {
        self.truth.is_autocommit() && self.index.is_autocommit()
    }
}

impl Pooled<'_> {
    pub(super) fn connections(&self) -> Result<Connections<'_>> {
        let Reader { truth, index } = self.reader.as_ref().ok_or_else(closed)?;
        Ok(Connections { truth, index, payload_paths: &self.pool.payload_paths })
    }
}

impl Drop for Pooled<'_> {
    fn drop(&mut self) {
        let mut idle = self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(idle), Some(reader)) = (idle.as_mut(), self.reader.take())
            && idle.len() < KEPT_MAX
            && reader.is_at_rest()
        {
            idle.push(reader);
        }
    }
}
