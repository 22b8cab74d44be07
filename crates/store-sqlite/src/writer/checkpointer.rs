use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use annals_failpoint::Point;
use rusqlite::Connection;

use crate::errors::{Result, pass, sqlite};
use crate::files::LogFiles;
use crate::schema;

const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A WAL of this many bytes is folded into the file.
const WAL_BYTES: u64 = 16 << 20;

/// A WAL of this many bytes is folded to its end while the writer rests, so that it starts anew: a
/// checkpoint beside a busy writer never reaches the end, and the file would grow without bound.
const WAL_BYTES_WRITER_RESTS: u64 = 64 << 20;

/// The thread that folds the WAL into the file, off the writer's thread: its syncs stop nobody.
pub(crate) struct Checkpointer {
    /// Ends the thread when dropped.
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub(crate) fn start(files: &LogFiles, turn: Arc<Mutex<()>>) -> Result<Self> {
        let truth = schema::open_truth_for_writing(&files.truth)?;
        let [_, wal, _] = LogFiles::with_companions(&files.truth);
        let (end, ended) = channel();
        let work = move || {
            while ended.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
                if let Err(error) = fold(&truth, &wal, &turn) {
                    tracing::warn!(%error, "the write-ahead log cannot be folded into the file now");
                }
            }
        };
        let thread =
            std::thread::Builder::new().name("annals-checkpointer".into()).spawn(work).map_err(|error| {
                annals_store::StoreError::Unavailable {
                    reason: format!("the checkpointer's thread cannot be started: {error}"),
                    source: None,
                }
            })?;
        Ok(Self { end: Some(end), thread: Some(thread) })
    }

    pub(crate) fn finish(&mut self) {
        drop(self.end.take());
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the checkpointer's thread panicked");
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.finish();
    }
}

fn fold(truth: &Connection, wal: &PathBuf, turn: &Mutex<()>) -> Result<()> {
    let bytes = std::fs::metadata(wal).map_or(0, |metadata| metadata.len());
    if bytes < WAL_BYTES {
        return Ok(());
    }
    passive(truth)?;
    if bytes >= WAL_BYTES_WRITER_RESTS {
        // Most is folded already, so the writer rests for a moment only.
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        passive(truth)?;
    }
    Ok(())
}

fn passive(truth: &Connection) -> Result<()> {
    pass(Point::FoldBefore)?;
    truth.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).map_err(sqlite)?;
    pass(Point::FoldAfter)
}
