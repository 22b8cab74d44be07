//! The store's traits, each in a file of its own, over reader, writer and index.

mod appends;
mod checkpoints;
mod cursors;
mod dead_letters;
mod events;
mod follow;
mod inspection;
mod open;
mod pool;
mod proofs;
mod snapshots;
mod streams;

use std::path::Path;
use std::sync::Arc;

use annals_store::StoreError;
use annals_tlog::Origin;

use crate::errors::{Result, closed, of_log};
use crate::files::LogFiles;
use crate::options::SqliteOptions;
use crate::tail::Tail;
pub(crate) use dead_letters::read as read_dead_letter;
pub(crate) use follow::{read_head, read_log_end};
pub(crate) use open::identity;

use follow::Follower;
use open::Writing;
use pool::{Pool, Pooled};

/// One log in SQLite files.
///
/// Reading blocks no writer and no other reader; the methods may be called from any number of tasks of a
/// tokio runtime.
pub struct SqliteEventStore {
    shared: Arc<Shared>,
}

/// What all tasks that use one store share.
struct Shared {
    files: LogFiles,
    origin: Origin,
    tail: Arc<Tail>,
    pool: Pool,
    mode: Mode,
}

/// What the store was opened for.
enum Mode {
    /// This process is the log's one writer.
    Writing(Box<Writing>),
    /// Others may write meanwhile.
    Reading(Box<Follower>),
}

impl SqliteEventStore {
    /// Opens the log at `path` for writing, and makes it when there is none.
    ///
    /// # Errors
    /// [`StoreError::AlreadyWritten`] when another process keeps writing it, [`StoreError::NotOurs`] for a file
    /// that is no Annals store or too new, [`StoreError::Corrupt`], [`StoreError::Unavailable`].
    ///
    /// ```
    /// use annals_store_sqlite::{SqliteEventStore, SqliteOptions};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("annals.db");
    /// let store = SqliteEventStore::create_or_open(&path, SqliteOptions::default())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn create_or_open(path: &Path, options: SqliteOptions) -> Result<Self> {
        let files = LogFiles::of(path);
        let opened = open::for_writing(path, options).map_err(of_log(&files))?;
        Ok(Self { shared: Arc::new(opened) })
    }

    /// Opens the log at `path` for reading; another process may write it meanwhile. Appends are refused.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none, and the others of [`Self::create_or_open`].
    pub fn open_for_reading(path: &Path) -> Result<Self> {
        let files = LogFiles::of(path);
        let opened = open::for_reading(path).map_err(of_log(&files))?;
        Ok(Self { shared: Arc::new(opened) })
    }

    /// Makes everything derived what follows from the events: triggers and views, the tree's stored hashes, the
    /// head, the index. Facts stay as they are, altered or not. What was made anew, in words.
    ///
    /// # Errors
    /// As [`Self::create_or_open`], and [`StoreError::Corrupt`] when events are missing.
    pub fn repair(path: &Path, options: &SqliteOptions) -> Result<Vec<String>> {
        let files = LogFiles::of(path);
        open::for_repair(path, options).map_err(of_log(&files))
    }

    /// Ends writing: what was taken is answered, everything is indexed, the write-ahead log is folded into the
    /// file, and other processes may write.
    pub async fn close(&self) -> Result<()> {
        self.blocking(|shared| {
            shared.close();
            Ok(())
        })
        .await
    }

    /// Has `work` done where it may block.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shared) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let shared = Arc::clone(&self.shared);
        let done = tokio::task::spawn_blocking(move || work(&shared)).await.unwrap_or_else(|error| {
            let reason = format!("reading ended early ({error}); ask again");
            Err(StoreError::Unavailable { reason, source: None })
        });
        done.map_err(of_log(&self.shared.files))
    }

    /// Has `work` done by the writer.
    async fn keep<T: Send + 'static>(
        &self,
        work: impl FnOnce(&rusqlite::Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let answer = self.shared.writing()?.writer.keep(work)?;
        answer.await.map_err(|_| closed()).flatten().map_err(of_log(&self.shared.files))
    }
}

impl Shared {
    fn writing(&self) -> Result<&Writing> {
        match &self.mode {
            Mode::Writing(writing) => Ok(writing),
            Mode::Reading(_) => Err(StoreError::Unavailable {
                reason: format!("{} is open for reading only; open it for writing", self.files.display()),
                source: None,
            }),
        }
    }

    /// Connections to read with, once everything that is committed can be seen.
    fn reader(&self) -> Result<Pooled<'_>> {
        if let Mode::Reading(follower) = &self.mode {
            follower.catch_up(&self.tail)?;
        }
        self.pool.take()
    }

    /// Connections to read rows of the truth with as they are. Nothing needs to be known of other events, so
    /// that this works where some are damaged.
    fn truth_reader(&self) -> Result<Pooled<'_>> {
        self.pool.take()
    }

    fn close(&self) {
        if let Mode::Writing(writing) = &self.mode {
            writing.writer.finish();
        }
        self.pool.close();
        if let Mode::Writing(writing) = &self.mode {
            writing.finish(&self.files);
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.close();
    }
}
