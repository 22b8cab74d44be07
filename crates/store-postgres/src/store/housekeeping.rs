use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::connection::Pool;
use crate::errors::{Failure, corrupt};
use crate::schema_name::SchemaName;
use crate::sql;

/// Between two looks at what is to be done; appends are not held up by it.
const REST: Duration = Duration::from_millis(250);

/// Events that are summed up in one transaction.
const SUMMARY_EVENTS_MAX: i64 = 16_384;

/// Others are told of commits at most so often: a notification makes commits of the whole server wait for each other.
const NOTIFY_EVERY: Duration = Duration::from_millis(20);

/// What is done behind the appends: partitions are made ahead, and events are summed up. Any process that writes the
/// log does it; a lock sees to it that one does at a time.
pub(super) struct Housekeeping {
    pub(super) pool: Arc<Pool>,
    pub(super) block_len: u64,
}

impl Housekeeping {
    /// Works whenever the log has grown, until the store closes.
    pub(super) async fn run(self, mut written: watch::Receiver<u64>) {
        while written.changed().await.is_ok() {
            tokio::time::sleep(REST).await;
            let size = *written.borrow_and_update();
            if let Err(failure) = self.work(size).await {
                tracing::warn!(error = %failure.error, "the log's summary is behind; appends go on");
            }
        }
    }

    async fn work(&self, size: u64) -> Result<(), Failure> {
        // Half a block ahead, so that nobody waits for one.
        let wanted = size.saturating_add(self.block_len / 2).cast_signed();
        let session = self.pool.take().await?;
        session.query(sql::MAKE_BLOCKS, &[&wanted, &self.block_len.cast_signed()]).await?;
        drop(session);
        while !self.sum_up().await? {}
        Ok(())
    }

    /// Sums up the next events; whether none is left, or somebody else does it.
    async fn sum_up(&self) -> Result<bool, Failure> {
        let mut session = self.pool.take().await?;
        session.begin().await?;
        let is_ours = session.query_optional(sql::LOCK_SUMMARY, &[]).await?.is_some();
        let mut is_done = true;
        if is_ours {
            let row = session.query_optional(sql::SUMMARISE, &[&SUMMARY_EVENTS_MAX]).await?;
            let row = row.ok_or_else(|| corrupt("the summary does not say how far it goes"))?;
            is_done = row.try_get::<_, i64>(0)? >= row.try_get::<_, i64>(1)?;
        }
        session.commit().await?;
        Ok(is_done)
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
