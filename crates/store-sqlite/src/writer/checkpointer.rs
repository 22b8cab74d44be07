use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use annals_failpoint::Point;
use rusqlite::Connection;

use super::backlog::WalBacklog;
use super::turns::Writer;
use crate::errors::{Result, pass, sqlite};
use crate::files::LogFiles;
use crate::schema;

/// With no more than this left to fold, the writer may as well rest until it is done.
const REST_BYTES: u64 = 1 << 20;

/// With a write-ahead log of this length the writer rests however much is left: behind a busy writer a
/// checkpoint would never reach the end, and the log would grow without bound.
const WAL_BYTES_MAX: u64 = 64 << 20;

/// A write-ahead log of this length that readers hold open is told of.
const WAL_BYTES_WORTH_A_WARNING: u64 = 128 << 20;

/// So long the writer rests for readers that still read from the write-ahead log; a page is read in less,
/// mostly. Whoever takes longer is let be until next time.
const READERS_WAIT_MAX: Duration = Duration::from_millis(20);

/// So long a log that readers hold open is left alone.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// The thread that folds the write-ahead log into the file, off the writer's thread: its syncs stop nobody.
///
/// When all is folded the log begins anew, in blocks that it has on disk already. This makes commits fast: a
/// sync that must note new blocks as well takes twice as long.
pub(crate) struct Checkpointer {
    backlog: Arc<WalBacklog>,
    thread: Option<JoinHandle<()>>,
}

struct Folding {
    truth: Connection,
    page_bytes: u64,
    /// Whoever holds it keeps others from writing.
    writer: Arc<Mutex<Writer>>,
}

/// How a checkpoint ended.
struct Folded {
    /// Somebody was in the way.
    busy: bool,
    wal_bytes: u64,
    left_bytes: u64,
}

impl Checkpointer {
    pub(crate) fn start(
        files: &LogFiles,
        backlog: Arc<WalBacklog>,
        writer: Arc<Mutex<Writer>>,
    ) -> Result<Self> {
        let truth = schema::open_truth_for_writing(&files.truth)?;
        truth.busy_timeout(READERS_WAIT_MAX).map_err(sqlite)?;
        let page_bytes = truth.query_row("PRAGMA page_size", [], |row| row.get(0)).map_err(sqlite)?;
        let folding = Folding { truth, page_bytes, writer };
        let shared = Arc::clone(&backlog);
        let thread = std::thread::Builder::new()
            .name("annals-checkpointer".into())
            .spawn(move || folding.run(&shared))
            .map_err(|error| annals_store::StoreError::Unavailable {
                reason: format!("the checkpointer's thread cannot be started: {error}"),
                source: None,
            })?;
        Ok(Self { backlog, thread: Some(thread) })
    }

    pub(crate) fn finish(&mut self) {
        self.backlog.close();
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

impl Folding {
    fn run(&self, backlog: &WalBacklog) {
        while backlog.wait_until_due() {
            match self.fold() {
                Ok(true) => backlog.clear(),
                Ok(false) => backlog.rest(RETRY_AFTER),
                Err(error) => {
                    tracing::warn!(%error, "the write-ahead log cannot be folded into the file now");
                    backlog.rest(RETRY_AFTER);
                }
            }
        }
    }

    /// Folds beside the writer until little is left, then the rest while the writer rests. Whether the log
    /// begins anew.
    fn fold(&self) -> Result<bool> {
        let mut folded = self.checkpoint("PASSIVE")?;
        while folded.left_bytes > REST_BYTES && folded.wal_bytes < WAL_BYTES_MAX {
            let left_before = folded.left_bytes;
            folded = self.checkpoint("PASSIVE")?;
            if folded.left_bytes >= left_before {
                break;
            }
        }
        let _writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let folded = self.checkpoint("RESTART")?;
        if folded.busy && folded.wal_bytes >= WAL_BYTES_WORTH_A_WARNING {
            tracing::warn!(
                wal_bytes = folded.wal_bytes,
                "a process that reads the log, or was stopped while it did, keeps the write-ahead log from \
                 beginning anew; it grows until that process goes on or ends"
            );
        }
        Ok(!folded.busy)
    }

    fn checkpoint(&self, mode: &str) -> Result<Folded> {
        pass(Point::FoldBefore)?;
        let folded = self
            .truth
            .query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| {
                let (busy, pages, folded): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let bytes = |pages: i64| u64::try_from(pages).unwrap_or(0) * self.page_bytes;
                Ok(Folded { busy: busy != 0, wal_bytes: bytes(pages), left_bytes: bytes(pages - folded) })
            })
            .map_err(sqlite)?;
        pass(Point::FoldAfter)?;
        Ok(folded)
    }
}
