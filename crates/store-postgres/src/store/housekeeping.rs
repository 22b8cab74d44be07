use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::connection::{Pool, Session};
use crate::errors::{Failure, corrupt};
use crate::options::ContainsIndex;
use crate::schema_name::SchemaName;
use crate::sql;
use crate::tail::Tail;
use crate::writer::{block_len_at, read_head};

/// Events that are summed up in one transaction.
const SUMMARY_EVENTS_MAX: i64 = 16_384;

/// Others are told of commits at most so often: a notification makes commits of the whole server wait for each other.
const NOTIFY_EVERY: Duration = Duration::from_millis(20);

/// What is done behind the appends: partitions are made ahead, events are summed up, and full blocks are sealed. Any
/// process that writes the log does it; locks see to it that one does at a time.
#[derive(Clone)]
pub(super) struct Housekeeping {
    pub(super) pool: Arc<Pool>,
    pub(super) tail: Arc<Tail>,
    /// The size of the log after this process last wrote it, 0 before.
    pub(super) written: watch::Receiver<u64>,
    pub(super) block_len: u64,
    /// Between two looks at what is to be done; appends are not held up by it.
    pub(super) rest: Duration,
    /// Whether this process sees to the indexes of what payloads contain as soon as it is there.
    pub(super) contains_index: ContainsIndex,
    /// Held by whoever of this process is at it.
    pub(super) turn: Arc<tokio::sync::Mutex<()>>,
}

impl Housekeeping {
    /// Works whenever the log has grown, until the store closes.
    pub(super) async fn run(self) {
        let mut written = self.written.clone();
        let are_wanted = self.contains_index != ContainsIndex::None || self.tail.paths().are_to_be_built();
        if are_wanted && let Err(failure) = self.work().await {
            tracing::warn!(error = %failure.error, "payloads are not indexed as they are to be; they are scanned meanwhile");
        }
        while written.changed().await.is_ok() {
            tokio::time::sleep(self.rest).await;
            written.mark_unchanged();
            if let Err(failure) = self.work().await {
                tracing::warn!(error = %failure.error, "the log's look-ups are behind; appends go on");
            }
        }
    }

    /// Does everything, where a block waits to be sealed or many events to be summed up, and this process wrote: where
    /// every process lives for an append or two, nobody would do it otherwise.
    pub(super) async fn work_if_due(&self) -> Result<(), Failure> {
        if *self.written.borrow() == 0 {
            return Ok(());
        }
        let is_due = {
            let session = self.pool.take().await?;
            let row = session.query_optional(sql::IS_DUE, &[&SUMMARY_EVENTS_MAX]).await?;
            row.ok_or_else(|| corrupt("the log has no head"))?.try_get::<_, bool>(0)?
        };
        if is_due { self.work().await } else { Ok(()) }
    }

    /// Does everything that is to be done now.
    pub(super) async fn work(&self) -> Result<(), Failure> {
        let _turn = self.turn.lock().await;
        let session = self.pool.take().await?;
        let size = read_head(&session).await?.frontier.size();
        let block_len = block_len_at(size, self.block_len);
        // Half a block ahead, so that nobody waits for one.
        let wanted = size.saturating_add(block_len / 2).cast_signed();
        session.query(sql::MAKE_BLOCKS, &[&wanted, &block_len.cast_signed()]).await?;
        while self.seal(&session).await? {}
        while self.index_payload_paths(&session).await? {}
        drop(session);
        while !self.sum_up().await? {}
        let session = self.pool.take().await?;
        while self.index_payload_contents(&session).await? {}
        Ok(())
    }

    /// Seals the next block; whether there was one.
    async fn seal(&self, session: &Session) -> Result<bool, Failure> {
        let row = session.query_optional(sql::SEAL_BLOCK, &[]).await?;
        let sealed = row.map(|row| row.try_get::<_, Option<i64>>(0)).transpose()?.flatten();
        if let Some(sealed) = sealed {
            self.tail.learn_sealed(sealed.cast_unsigned());
        }
        Ok(sealed.is_some())
    }

    /// Indexes the next sealed block for a payload path that was added lately; whether there was one.
    async fn index_payload_paths(&self, session: &Session) -> Result<bool, Failure> {
        if !self.tail.paths().are_behind() {
            return Ok(false);
        }
        let row = session.query_optional(sql::INDEX_PAYLOAD_PATHS, &[]).await?;
        let is_indexed = row.map(|row| row.try_get(0)).transpose()?.unwrap_or(false);
        self.tail.paths().refresh(session).await?;
        Ok(is_indexed)
    }

    /// Builds the next index of what payloads contain, or of the order of their values; whether one was lacking.
    async fn index_payload_contents(&self, session: &Session) -> Result<bool, Failure> {
        let row = session.query_optional(sql::INDEX_PAYLOAD_CONTENTS, &[]).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?.unwrap_or(false))
    }

    /// Sums up the next events; whether none is left, or somebody else does it.
    async fn sum_up(&self) -> Result<bool, Failure> {
        let mut session = self.pool.take().await?;
        session.begin().await?;
        let is_ours = session.query_optional(sql::LOCK_SUMMARY, &[]).await?.is_some();
        let mut is_done = true;
        if is_ours {
            let size = read_head(&session).await?.frontier.size().cast_signed();
            let row = session.query_optional(sql::SUMMARISE, &[&SUMMARY_EVENTS_MAX, &size]).await?;
            let row = row.ok_or_else(|| corrupt("the summary does not say how far it goes"))?;
            is_done = row.try_get::<_, i64>(0)? >= size;
        }
        session.commit().await?;
        Ok(is_done)
    }
}

/// Learns what is behind the last sealed block, where it is more than anybody wants to wait for.
pub(super) async fn keep_tail(pool: Arc<Pool>, tail: Arc<Tail>) {
    loop {
        tail.wait_until_behind().await;
        let learn = async {
            let session = pool.take().await?;
            let row = read_head(&session).await?;
            tail.learn_sealed(row.sealed);
            tail.catch_up_wholly(&session, row.frontier.size()).await
        };
        if let Err(failure) = learn.await {
            tracing::debug!(error = %failure.error, "the newest events are not known; they are scanned meanwhile");
        }
    }
}

/// Tells other processes that the log has grown: after the commit, over another connection.
pub(super) async fn notify_others(pool: Arc<Pool>, schema: SchemaName, mut written: watch::Receiver<u64>) {
    while written.changed().await.is_ok() {
        let notify = async { pool.take().await?.query(sql::NOTIFY, &[&channel(&schema)]).await };
        if let Err(failure) = notify.await {
            // Whoever follows the log also looks now and then.
            tracing::debug!(error = %failure.error, "other processes were not told that the log has grown");
        }
        tokio::time::sleep(NOTIFY_EVERY).await;
    }
}

/// Where processes tell each other that a log has grown.
pub(super) fn channel(schema: &SchemaName) -> String {
    format!("annals_{schema}")
}
