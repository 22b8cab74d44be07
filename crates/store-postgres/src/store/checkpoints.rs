use annals_store::{CheckpointStore, StoreError};
use annals_tlog::{SignedCheckpoint, VerifierKey};
use async_trait::async_trait;
use tokio_postgres::Row;

use super::PostgresEventStore;
use crate::connection::Session;
use crate::errors::{Failure, Result, corrupt};
use crate::sql;
use crate::writer::read_head;

#[async_trait]
impl CheckpointStore for PostgresEventStore {
    async fn keep_checkpoint(&self, checkpoint: &SignedCheckpoint) -> Result<()> {
        let refuse = |reason: String| Err(StoreError::CheckpointRefused { reason });
        let stated = checkpoint.unverified();
        if stated.origin != self.shared.origin {
            return refuse(format!("it is of log {}, this is {}", stated.origin, self.shared.origin));
        }
        let mut session = self.shared.pool.take().await?;
        session.begin().await?;
        // Whoever keeps another one waits here, and then sees this one.
        session.query(sql::LOCK_HEAD, &[]).await?;
        if let Some(newest) = newest(&session).await? {
            if newest.to_string() == checkpoint.to_string() {
                return Ok(session.commit().await?);
            }
            let newest = newest.unverified().size;
            if stated.size <= newest {
                return refuse(format!(
                    "its size {} is not above {newest}, the newest kept one's",
                    stated.size
                ));
            }
        }
        let size = read_head(&session).await?.head().size;
        if stated.size > size {
            return refuse(format!("its size {} is above {size}, the log's", stated.size));
        }
        session.execute(sql::KEEP_CHECKPOINT, &[&stated.size.cast_signed(), &checkpoint.to_string()]).await?;
        Ok(session.commit().await?)
    }

    async fn newest_checkpoint(&self) -> Result<Option<SignedCheckpoint>> {
        let rows = self.shared.query(sql::NEWEST_CHECKPOINT, &[]).await?;
        rows.first().map(parse).transpose()
    }

    async fn checkpoints(&self, after: Option<u64>, limit: usize) -> Result<Vec<SignedCheckpoint>> {
        let after = after.map_or(-1, |after| i64::try_from(after).unwrap_or(i64::MAX));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.shared.query(sql::CHECKPOINTS, &[&after, &limit]).await?.iter().map(parse).collect()
    }

    async fn verifier_keys(&self) -> Result<Vec<VerifierKey>> {
        keys(&self.shared.query(sql::VERIFIER_KEYS, &[]).await?)
    }

    async fn add_verifier_key(&self, key: &VerifierKey) -> Result<()> {
        let mut session = self.shared.pool.take().await?;
        session.begin().await?;
        session.query(sql::LOCK_HEAD, &[]).await?;
        if keys(&session.query(sql::VERIFIER_KEYS, &[]).await?)?.last() != Some(key) {
            session.execute(sql::ADD_VERIFIER_KEY, &[&key.to_string()]).await?;
        }
        Ok(session.commit().await?)
    }
}

async fn newest(session: &Session) -> Result<Option<SignedCheckpoint>> {
    session.query_optional(sql::NEWEST_CHECKPOINT, &[]).await?.as_ref().map(parse).transpose()
}

fn parse(row: &Row) -> Result<SignedCheckpoint> {
    let note: &str = row.try_get(0).map_err(Failure::from)?;
    SignedCheckpoint::parse(note.as_bytes())
        .map_err(|error| corrupt(format!("a kept checkpoint cannot be read: {error}")))
}

fn keys(rows: &[Row]) -> Result<Vec<VerifierKey>> {
    let mut keys: Vec<VerifierKey> = Vec::with_capacity(rows.len());
    for row in rows {
        let key: &str = row.try_get(0).map_err(Failure::from)?;
        let key = key.parse().map_err(|error| corrupt(format!("the verifier key {key:?}: {error}")))?;
        // A key that came back stands where it came last.
        keys.retain(|known| *known != key);
        keys.push(key);
    }
    Ok(keys)
}
