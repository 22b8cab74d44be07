use annals_failpoint::Point;
use annals_store::{CheckpointStore, StoreError};
use annals_tlog::{SignedCheckpoint, VerifierKey};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, params};

use super::SqliteEventStore;
use super::follow::read_log_end;
use crate::errors::{Result, corrupt, pass, sqlite};
use crate::sql;

#[async_trait]
impl CheckpointStore for SqliteEventStore {
    async fn keep_checkpoint(&self, checkpoint: &SignedCheckpoint) -> Result<()> {
        let (checkpoint, origin) = (checkpoint.clone(), self.shared.origin.clone());
        self.keep(move |truth| {
            let refuse = |reason: String| Err(StoreError::CheckpointRefused { reason });
            let stated = checkpoint.unverified();
            if stated.origin != origin {
                return refuse(format!("it is of log {}, this is {origin}", stated.origin));
            }
            if let Some(newest) = newest(truth)? {
                if newest.to_string() == checkpoint.to_string() {
                    return Ok(());
                }
                let newest = newest.unverified().size;
                if stated.size <= newest {
                    return refuse(format!(
                        "its size {} is not above {newest}, the newest kept one's",
                        stated.size
                    ));
                }
            }
            let size = read_log_end(truth)?.0.size();
            if stated.size > size {
                return refuse(format!("its size {} is above {size}, the log's", stated.size));
            }
            let note = checkpoint.to_string();
            pass(Point::NoteBeforeKept)?;
            truth.execute(sql::KEEP_CHECKPOINT, params![stated.size, note]).map_err(sqlite).map(drop)
        })
        .await?;
        pass(Point::NoteAfterKept)
    }

    async fn newest_checkpoint(&self) -> Result<Option<SignedCheckpoint>> {
        self.blocking(|shared| newest(shared.truth_reader()?.connections()?.truth)).await
    }

    async fn checkpoints(&self, after: Option<u64>, limit: usize) -> Result<Vec<SignedCheckpoint>> {
        self.blocking(move |shared| {
            let reader = shared.truth_reader()?;
            let mut statement =
                reader.connections()?.truth.prepare_cached(sql::CHECKPOINTS).map_err(sqlite)?;
            let after = after.map_or(-1, |after| i64::try_from(after).unwrap_or(i64::MAX));
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows =
                statement.query_map(params![after, limit], |row| row.get::<_, String>(0)).map_err(sqlite)?;
            rows.map(|note| parse(&note.map_err(sqlite)?)).collect()
        })
        .await
    }

    async fn verifier_keys(&self) -> Result<Vec<VerifierKey>> {
        self.blocking(|shared| verifier_keys(shared.truth_reader()?.connections()?.truth)).await
    }

    async fn add_verifier_key(&self, key: &VerifierKey) -> Result<()> {
        let key = key.clone();
        self.keep(move |truth| {
            if verifier_keys(truth)?.last() == Some(&key) {
                return Ok(());
            }
            truth.execute(sql::ADD_VERIFIER_KEY, params![key.to_string()]).map_err(sqlite).map(drop)
        })
        .await
    }
}

/// The newest kept checkpoint.
pub(super) fn newest(truth: &Connection) -> Result<Option<SignedCheckpoint>> {
    let mut statement = truth.prepare_cached(sql::NEWEST_CHECKPOINT).map_err(sqlite)?;
    let note = statement.query_row([], |row| row.get::<_, String>(0)).optional().map_err(sqlite)?;
    note.as_deref().map(parse).transpose()
}

fn verifier_keys(truth: &Connection) -> Result<Vec<VerifierKey>> {
    let mut statement = truth.prepare_cached(sql::VERIFIER_KEYS).map_err(sqlite)?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).map_err(sqlite)?;
    let mut keys: Vec<VerifierKey> = Vec::new();
    for key in rows {
        let key = key.map_err(sqlite)?;
        let key = key.parse().map_err(|error| corrupt(format!("the verifier key {key:?}: {error}")))?;
        // A key that came back stands where it came last.
        keys.retain(|known| *known != key);
        keys.push(key);
    }
    Ok(keys)
}

fn parse(note: &str) -> Result<SignedCheckpoint> {
    SignedCheckpoint::parse(note.as_bytes())
        .map_err(|error| corrupt(format!("a kept checkpoint cannot be read: {error}")))
}
