//! The store's traits, each in a file of its own, over reader and writer.

mod checkpoints;
mod cursors;
mod dead_letters;
mod events;
mod follow;
mod housekeeping;
mod inspection;
mod open;
mod proofs;
mod replica;
mod snapshots;
mod streams;

use std::sync::{Arc, Mutex, PoisonError};

use annals_store::{Head, Preparer};
use annals_tlog::Origin;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_postgres::Row;

use crate::connection::{Connector, Parameters, Pool, Pooled};
use crate::errors::{Failure, FailureKind, Result};
use crate::migrate::Migration;
use crate::options::PostgresOptions;
use crate::tail::Tail;
use crate::writer::WriterHandle;
pub(crate) use dead_letters::read as read_dead_letter;
use housekeeping::Housekeeping;
use replica::Replica;
pub(crate) use snapshots::is_whole as snapshot_is_whole;

/// One log in a PostgreSQL schema.
///
/// Any number of processes may open it, for reading and for writing. It lives in the tokio runtime in which it was
/// opened; its methods may be called from any number of tasks.
pub struct PostgresEventStore {
    shared: Arc<Shared>,
}

/// What all tasks that use one store share.
struct Shared {
    origin: Origin,
    connector: Arc<Connector>,
    pool: Arc<Pool>,
    replica: Option<Replica>,
    tail: Arc<Tail>,
    housekeeping: Housekeeping,
    preparer: Preparer,
    writer: WriterHandle,
    /// What this process knows of the log's head; the log may be ahead of it.
    head: watch::Sender<Head>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
    is_listening: Mutex<bool>,
}

impl PostgresEventStore {
    /// Opens the log, and makes it when there is none.
    ///
    /// # Errors
    /// [`StoreError::NotOurs`](annals_store::StoreError::NotOurs) for a schema of something else or of a newer
    /// program, [`StoreError::Outdated`](annals_store::StoreError::Outdated) for one of an older program,
    /// [`StoreError::Unavailable`](annals_store::StoreError::Unavailable).
    pub async fn create_or_open(options: PostgresOptions) -> Result<Self> {
        open::create_or_open(options).await.map(Self::of)
    }

    /// Opens a log that is there.
    ///
    /// # Errors
    /// [`StoreError::NotFound`](annals_store::StoreError::NotFound), and as [`Self::create_or_open`].
    pub async fn open(options: PostgresOptions) -> Result<Self> {
        open::open(options).await.map(Self::of)
    }

    /// Makes the log, or takes it to the format of this program.
    ///
    /// # Errors
    /// As [`Self::create_or_open`].
    pub async fn migrate(options: &PostgresOptions) -> Result<Migration> {
        open::migrate(options).await
    }

    /// Lets a role of the database append and read, and change nothing that states a fact. Whoever calls owns the
    /// log's schema.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`](annals_store::StoreError::Unavailable), also when there is no such role.
    pub async fn grant(options: &PostgresOptions, role: &str) -> Result<()> {
        open::grant(options, role).await
    }

    /// Does now what is otherwise done behind the appends: makes partitions ahead, seals the blocks that are full, and
    /// sums up the events. Afterwards it is done, unless other processes append or are at it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`](annals_store::StoreError::Unavailable).
    pub async fn settle(&self) -> Result<()> {
        Ok(self.shared.housekeeping.work().await?)
    }

    /// Answers everything that was asked, does what is due behind the appends of a process that wrote, and ends all
    /// connections. The store cannot be used any more.
    ///
    /// # Errors
    /// None today; a caller is told here of what could not be finished.
    pub async fn close(&self) -> Result<()> {
        self.shared.writer.finish().await;
        if let Err(failure) = self.shared.housekeeping.work_if_due().await {
            tracing::warn!(error = %failure.error, "the log's look-ups are behind; whoever writes next sees to it");
        }
        self.shared.end();
        Ok(())
    }

    fn of(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }
}

impl Shared {
    /// The rows that a statement gives. A connection that was lost meanwhile is tried once more.
    async fn query(&self, statement: &'static str, parameters: Parameters<'_>) -> Result<Vec<Row>> {
        match self.query_once(statement, parameters).await {
            Err(failure) if failure.kind == FailureKind::Lost => {
                Ok(self.query_once(statement, parameters).await?)
            }
            rows => Ok(rows?),
        }
    }

    async fn query_once(
        &self,
        statement: &'static str,
        parameters: Parameters<'_>,
    ) -> std::result::Result<Vec<Row>, Failure> {
        self.pool.take().await?.query(statement, parameters).await
    }

    /// A connection for questions to a log of at least `size` events, or of as many as this process knows of: whoever has
    /// written reads it, and whoever was told of an event finds it.
    async fn reader(&self, size: Option<u64>) -> std::result::Result<Pooled, Failure> {
        let known = self.head.borrow().size;
        if let Some(replica) = &self.replica
            && let Some(session) = replica.take(size.map_or(known, |size| size.min(known))).await
        {
            return Ok(session);
        }
        self.pool.take().await
    }

    /// The rows that a question gives. A connection that was lost meanwhile is tried once more.
    async fn ask(&self, statement: &'static str, parameters: Parameters<'_>) -> Result<Vec<Row>> {
        let asked = async { self.reader(None).await?.query(statement, parameters).await };
        match asked.await {
            Err(failure) if failure.kind == FailureKind::Lost => self.query(statement, parameters).await,
            rows => Ok(rows?),
        }
    }

    fn begin_task(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).push(tokio::spawn(task));
    }

    fn end(&self) {
        self.pool.close();
        if let Some(replica) = &self.replica {
            replica.close();
        }
        for task in self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            task.abort();
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.end();
    }
}
