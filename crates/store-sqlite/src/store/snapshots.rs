use annals_event::{JsonObject, StreamName, StreamVersion, Timestamp};
use annals_store::{Snapshot, SnapshotKey, SnapshotStore};
use async_trait::async_trait;
use rusqlite::params;

use super::SqliteEventStore;
use crate::bookkeeping::snapshot_hash;
use crate::errors::{Result, sqlite};
use crate::sql;

#[async_trait]
impl SnapshotStore for SqliteEventStore {
    async fn keep_snapshot(&self, snapshot: Snapshot) -> Result<()> {
        self.keep(move |truth| {
            let hash = snapshot_hash(&snapshot);
            let mut keep = truth.prepare_cached(sql::KEEP_SNAPSHOT).map_err(sqlite)?;
            keep.execute(params![
                snapshot.key.stream.aggregate_type.as_str(),
                snapshot.key.stream.aggregate_id.as_str(),
                snapshot.key.reducer,
                snapshot.version.0,
                snapshot.greatest_timestamp.as_micros(),
                snapshot.state.as_str(),
                hash,
            ])
            .map_err(sqlite)
            .map(drop)
        })
        .await
    }

    async fn nearest_snapshot(
        &self,
        key: &SnapshotKey,
        version: Option<StreamVersion>,
        timestamp: Option<Timestamp>,
    ) -> Result<Option<Snapshot>> {
        let key = key.clone();
        self.blocking(move |shared| {
            let reader = shared.reader()?;
            let mut nearest =
                reader.connections()?.truth.prepare_cached(sql::NEAREST_SNAPSHOT).map_err(sqlite)?;
            let version = version.map_or(i64::MAX, |version| i64::try_from(version.0).unwrap_or(i64::MAX));
            let timestamp = timestamp.map_or(i64::MAX, Timestamp::as_micros);
            let stream = (key.stream.aggregate_type.as_str(), key.stream.aggregate_id.as_str());
            let mut rows = nearest
                .query(params![stream.0, stream.1, key.reducer, version, timestamp])
                .map_err(sqlite)?;
            let Some(row) = rows.next().map_err(sqlite)? else { return Ok(None) };
            let (version, micros) = (row.get(0).map_err(sqlite)?, row.get(1).map_err(sqlite)?);
            let (state, hash): (String, Vec<u8>) = (row.get(2).map_err(sqlite)?, row.get(3).map_err(sqlite)?);
            // A snapshot is a cache: an altered one is none.
            let Ok(greatest_timestamp) = Timestamp::from_micros(micros) else { return Ok(None) };
            let state = JsonObject::from_stored(state);
            let snapshot =
                Snapshot { key: key.clone(), version: StreamVersion(version), greatest_timestamp, state };
            Ok((snapshot_hash(&snapshot)[..] == hash[..]).then_some(snapshot))
        })
        .await
    }

    async fn drop_snapshots(&self, stream: Option<&StreamName>) -> Result<u64> {
        let stream = stream.cloned();
        self.keep(move |truth| {
            let dropped = match &stream {
                Some(stream) => {
                    let name = params![stream.aggregate_type.as_str(), stream.aggregate_id.as_str()];
                    truth.execute(sql::DROP_SNAPSHOTS_OF, name)
                }
                None => truth.execute(sql::DROP_SNAPSHOTS, []),
            };
            dropped.map(|count| count as u64).map_err(sqlite)
        })
        .await
    }
}
