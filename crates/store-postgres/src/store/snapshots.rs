use annals_event::{AggregateId, AggregateType, JsonObject, StreamName, StreamVersion, Timestamp};
use annals_store::{Snapshot, SnapshotKey, SnapshotStore};
use async_trait::async_trait;
use tokio_postgres::Row;

use super::PostgresEventStore;
use crate::bookkeeping::snapshot_hash;
use crate::errors::{Failure, Result};
use crate::sql;

#[async_trait]
impl SnapshotStore for PostgresEventStore {
    async fn keep_snapshots(&self, snapshots: Vec<Snapshot>) -> Result<()> {
        // One statement cannot write one row twice; of equal keys and versions the last one stays.
        let place = |snapshot: &Snapshot| {
            let SnapshotKey { stream, reducer } = &snapshot.key;
            (stream.clone(), reducer.clone(), snapshot.version)
        };
        let last: std::collections::BTreeMap<_, _> =
            snapshots.iter().map(|snapshot| (place(snapshot), snapshot)).collect();
        let kept: Vec<&Snapshot> = last.into_values().collect();
        let each = |text: fn(&Snapshot) -> &str| kept.iter().map(|kept| text(kept)).collect::<Vec<&str>>();
        let number =
            |number: fn(&Snapshot) -> i64| kept.iter().map(|kept| number(kept)).collect::<Vec<i64>>();
        let hashes: Vec<Vec<u8>> = kept.iter().map(|kept| snapshot_hash(kept).to_vec()).collect();
        self.shared
            .query(
                sql::KEEP_SNAPSHOTS,
                &[
                    &each(|kept| kept.key.stream.aggregate_type.as_str()),
                    &each(|kept| kept.key.stream.aggregate_id.as_str()),
                    &each(|kept| &kept.key.reducer),
                    &number(|kept| kept.version.0.cast_signed()),
                    &number(|kept| kept.greatest_timestamp.as_micros()),
                    &each(|kept| kept.state.as_str()),
                    &hashes,
                ],
            )
            .await
            .map(drop)
    }

    async fn nearest_snapshot(
        &self,
        key: &SnapshotKey,
        version: Option<StreamVersion>,
        timestamp: Option<Timestamp>,
    ) -> Result<Option<Snapshot>> {
        let version = version.map_or(i64::MAX, |version| i64::try_from(version.0).unwrap_or(i64::MAX));
        let timestamp = timestamp.map_or(i64::MAX, Timestamp::as_micros);
        let stream = (key.stream.aggregate_type.as_str(), key.stream.aggregate_id.as_str());
        let asked: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [&stream.0, &stream.1, &key.reducer, &version, &timestamp];
        let rows = self.shared.query(sql::NEAREST_SNAPSHOT, &asked).await?;
        first_intact(&rows)
    }

    async fn snapshots(
        &self,
        after: Option<(&SnapshotKey, StreamVersion)>,
        limit: usize,
    ) -> Result<Vec<Snapshot>> {
        let mut after = after.map_or_else(Place::default, |(key, version)| Place::of(key, version));
        let mut snapshots = Vec::new();
        while snapshots.len() < limit {
            let wanted = i64::try_from(limit - snapshots.len()).unwrap_or(i64::MAX);
            let Place { aggregate_type, aggregate_id, reducer, version } = &after;
            let rows = self
                .shared
                .query(sql::SNAPSHOTS_AFTER, &[aggregate_type, aggregate_id, reducer, version, &wanted])
                .await?;
            let Some(last) = rows.last() else { break };
            let place = Place::read(last).map_err(Failure::from)?;
            for row in &rows {
                snapshots.extend(read_intact(row).map_err(Failure::from)?);
            }
            after = place;
        }
        Ok(snapshots)
    }

    async fn drop_snapshots(&self, stream: Option<&StreamName>) -> Result<u64> {
        let session = self.shared.pool.take().await?;
        let dropped = match stream {
            Some(stream) => {
                let (aggregate_type, aggregate_id) =
                    (stream.aggregate_type.as_str(), stream.aggregate_id.as_str());
                session.execute(sql::DROP_SNAPSHOTS_OF, &[&aggregate_type, &aggregate_id]).await
            }
            None => session.execute(sql::DROP_SNAPSHOTS, &[]).await,
        };
        Ok(dropped?)
    }
}

/// Where a snapshot stands among all.
#[derive(Default)]
struct Place {
    aggregate_type: String,
    aggregate_id: String,
    reducer: String,
    version: i64,
}

impl Place {
    fn of(key: &SnapshotKey, version: StreamVersion) -> Self {
        Self {
            aggregate_type: key.stream.aggregate_type.to_string(),
            aggregate_id: key.stream.aggregate_id.to_string(),
            reducer: key.reducer.clone(),
            version: version.0.cast_signed(),
        }
    }

    fn read(row: &Row) -> std::result::Result<Self, tokio_postgres::Error> {
        let (aggregate_type, aggregate_id) = (row.try_get(0)?, row.try_get(1)?);
        Ok(Self { aggregate_type, aggregate_id, reducer: row.try_get(2)?, version: row.try_get(3)? })
    }
}

fn first_intact(rows: &[Row]) -> Result<Option<Snapshot>> {
    for row in rows {
        if let Some(snapshot) = read_intact(row).map_err(Failure::from)? {
            return Ok(Some(snapshot));
        }
    }
    Ok(None)
}

/// Whether a row is as it was kept.
pub(crate) fn is_whole(row: &Row) -> bool {
    read_intact(row).is_ok_and(|snapshot| snapshot.is_some())
}

/// The snapshot in a row; `None` for one that was altered, since a snapshot is a cache.
fn read_intact(row: &Row) -> std::result::Result<Option<Snapshot>, tokio_postgres::Error> {
    let stream = StreamName {
        aggregate_type: AggregateType::from_stored(row.try_get(0)?),
        aggregate_id: AggregateId::from_stored(row.try_get(1)?),
    };
    let Ok(greatest_timestamp) = Timestamp::from_micros(row.try_get(4)?) else { return Ok(None) };
    let snapshot = Snapshot {
        key: SnapshotKey { stream, reducer: row.try_get(2)? },
        version: StreamVersion(row.try_get::<_, i64>(3)?.cast_unsigned()),
        greatest_timestamp,
        state: JsonObject::from_stored(row.try_get::<_, &str>(5)?),
    };
    let hash: &[u8] = row.try_get(6)?;
    Ok((hash == snapshot_hash(&snapshot)).then_some(snapshot))
}
