use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use annals_store::StoreError;
use annals_tlog::Origin;

use crate::connection::{Connector, Pool, Pooled, PostgresLocation};
use crate::errors::{Failure, Result};
use crate::migrate;
use crate::writer::read_head;

/// A question waits so long for a replica to have what is asked for; then the primary is asked.
const WAIT_MAX: Duration = Duration::from_millis(500);

/// Between two looks at how far the replica is.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// After it could not be reached, or did not come up, a replica is left alone for so long.
const AWAY: Duration = Duration::from_secs(5);

/// A replica of the log, which answers questions in the primary's place.
pub(super) struct Replica {
    pool: Arc<Pool>,
    /// It has at least so many events.
    reached: AtomicU64,
    /// When this store was opened, and in milliseconds since then, until when the primary is asked instead.
    opened: Instant,
    away_until_ms: AtomicU64,
}

impl Replica {
    /// The replica at a location, if it is one of the log of this origin.
    pub(super) async fn open(
        location: PostgresLocation,
        origin: &Origin,
        sessions_max: usize,
    ) -> Result<Self> {
        let name = location.to_string();
        let connector = Arc::new(Connector::new(location)?);
        let pool = Arc::new(Pool::new(connector, sessions_max));
        let found = migrate::identity(&*pool.take().await?).await?;
        if found != *origin {
            let reason = format!("is of log {found}, and no replica of {origin}; name the primary's replica");
            return Err(StoreError::NotOurs { store: name, reason });
        }
        Ok(Self {
            pool,
            reached: AtomicU64::new(0),
            opened: Instant::now(),
            away_until_ms: AtomicU64::new(0),
        })
    }

    /// A connection to the replica once it has `size` events; nothing when that takes too long.
    pub(super) async fn take(&self, size: u64) -> Option<Pooled> {
        if self.since_opened() < self.away_until_ms.load(Ordering::Relaxed) {
            return None;
        }
        let taken = tokio::time::timeout(WAIT_MAX, self.wait(size)).await;
        if let Ok(Ok(session)) = taken {
            return Some(session);
        }
        let reason = match taken {
            Ok(Err(failure)) => failure.error.to_string(),
            _ => format!("it did not come to {size} events in time"),
        };
        tracing::warn!(reason, "the replica is not asked for some seconds");
        let away = u64::try_from(AWAY.as_millis()).unwrap_or(u64::MAX);
        self.away_until_ms.store(self.since_opened().saturating_add(away), Ordering::Relaxed);
        None
    }

    /// Gives out no more connections.
    pub(super) fn close(&self) {
        self.pool.close();
    }

    async fn wait(&self, size: u64) -> std::result::Result<Pooled, Failure> {
        let session = self.pool.take().await?;
        while self.reached.load(Ordering::Relaxed) < size {
            let reached = read_head(&session).await?.frontier.size();
            if self.reached.fetch_max(reached, Ordering::Relaxed).max(reached) < size {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
        Ok(session)
    }

    fn since_opened(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
