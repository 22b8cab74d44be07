use annals_event::{AggregateId, AggregateType, JsonObject, StreamName, StreamVersion, Timestamp};
use annals_store::{Snapshot, SnapshotKey, SnapshotStore};
use async_trait::async_trait;
use rusqlite::{Row, params};

use super::SqliteEventStore;
use crate::bookkeeping::snapshot_hash;
use crate::errors::{Result, sqlite};
use crate::sql;

#[async_trait]
impl SnapshotStore for SqliteEventStore {
    async fn keep_snapshots(&self, snapshots: Vec<Snapshot>) -> Result<()> {
        self.keep(move |truth| {
            let mut keep = truth.prepare_cached(sql::KEEP_SNAPSHOT).map_err(sqlite)?;
            for snapshot in &snapshots {
                keep.execute(params![
                    snapshot.key.stream.aggregate_type.as_str(),
                    snapshot.key.stream.aggregate_id.as_str(),
                    snapshot.key.reducer,
                    snapshot.version.0,
                    snapshot.greatest_timestamp.as_micros(),
                    snapshot.state.as_str(),
                    snapshot_hash(snapshot),
                ])
                .map_err(sqlite)?;
            }
            Ok(())
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
            while let Some(row) = rows.next().map_err(sqlite)? {
                if let Some(snapshot) = read_intact(row).map_err(sqlite)? {
                    return Ok(Some(snapshot));
                }
            }
            Ok(None)
        })
        .await
    }

    async fn snapshots(
        &self,
        after: Option<(&SnapshotKey, StreamVersion)>,
        limit: usize,
    ) -> Result<Vec<Snapshot>> {
        let after = after.map(|(key, version)| (key.clone(), version));
        self.blocking(move |shared| {
            let reader = shared.reader()?;
            let mut behind =
                reader.connections()?.truth.prepare_cached(sql::SNAPSHOTS_AFTER).map_err(sqlite)?;
            let mut rows = match &after {
                None => behind.query(params!["", "", "", 0]),
                Some((key, version)) => behind.query(params![
                    key.stream.aggregate_type.as_str(),
                    key.stream.aggregate_id.as_str(),
                    key.reducer,
                    version.0,
                ]),
            }
            .map_err(sqlite)?;
            let mut snapshots = Vec::new();
            while let Some(row) = rows.next().map_err(sqlite)?.filter(|_| snapshots.len() < limit) {
                snapshots.extend(read_intact(row).map_err(sqlite)?);
            }
            Ok(snapshots)
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

/// The snapshot in a row; `None` for one that was altered, since a snapshot is a cache.
fn read_intact(row: &Row<'_>) -> rusqlite::Result<Option<Snapshot>> {
    let text = |at| row.get::<_, String>(at);
    let stream = StreamName {
        aggregate_type: AggregateType::from_stored(&text(0)?),
        aggregate_id: AggregateId::from_stored(&text(1)?),
    };
    let Ok(greatest_timestamp) = Timestamp::from_micros(row.get(4)?) else { return Ok(None) };
    let snapshot = Snapshot {
        key: SnapshotKey { stream, reducer: text(2)? },
        version: StreamVersion(row.get(3)?),
        greatest_timestamp,
        state: JsonObject::from_stored(text(5)?),
    };
    let hash: Vec<u8> = row.get(6)?;
    Ok((snapshot_hash(&snapshot)[..] == hash[..]).then_some(snapshot))
}
