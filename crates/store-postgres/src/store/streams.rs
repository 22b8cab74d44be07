use std::collections::BTreeMap;

use annals_event::{AggregateId, AggregateType, Position, StreamName, StreamVersion, Timestamp};
use annals_store::{Counts, SnapshotCounts, Statistics, StreamCatalog, StreamFilter, StreamSummary};
use async_trait::async_trait;
use tokio_postgres::Row;

use super::{PostgresEventStore, Shared};
use crate::errors::{Failure, Result, corrupt};
use crate::sql;

const MICROS_PER_HOUR: i64 = 3_600_000_000;

#[async_trait]
impl StreamCatalog for PostgresEventStore {
    async fn streams(
        &self,
        filter: &StreamFilter,
        after: Option<&StreamName>,
        limit: usize,
    ) -> Result<Vec<StreamSummary>> {
        let after =
            after.map_or(("", ""), |after| (after.aggregate_type.as_str(), after.aggregate_id.as_str()));
        let aggregate_type = filter.aggregate_type.as_ref().map(AggregateType::as_str);
        let search = filter.search.as_ref().map(|text| text.to_ascii_lowercase());
        if search.as_ref().is_some_and(|text| text.contains('\0')) {
            return Ok(Vec::new());
        }
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self
            .shared
            .ask(sql::STREAMS_AFTER, &[&after.0, &after.1, &aggregate_type, &search, &limit])
            .await?;
        rows.iter().map(|row| summary(row).map_err(|error| Failure::from(error).into())).collect()
    }

    async fn statistics(&self, top: usize) -> Result<Statistics> {
        let totals = self.shared.one_row(sql::TOTALS).await?;
        let snapshots = self.shared.one_row(sql::SNAPSHOT_COUNTS).await?;
        Ok(Statistics {
            events: count(&totals, 0)?,
            streams: count(&totals, 1)?,
            by_type: self.shared.counts(1, top).await?,
            by_aggregate_type: self.shared.counts(2, top).await?,
            by_actor: self.shared.counts(3, top).await?,
            per_hour: self.shared.hours().await?,
            snapshots: SnapshotCounts { count: count(&snapshots, 0)?, bytes: count(&snapshots, 1)? },
            size_on_disk: count(&self.shared.one_row(sql::SIZE_ON_DISK).await?, 0)?,
        })
    }
}

impl Shared {
    async fn one_row(&self, statement: &'static str) -> Result<Row> {
        self.ask(statement, &[])
            .await?
            .into_iter()
            .next()
            .ok_or_else(|| corrupt("the log's numbers are missing"))
    }

    async fn counts(&self, kind: i16, top: usize) -> Result<Counts> {
        let rows = self.ask(sql::COUNTS, &[&kind, &i64::try_from(top).unwrap_or(i64::MAX)]).await?;
        let mut counts = Counts::default();
        for row in &rows {
            counts.distinct = count(row, 0)?;
            if let Some(value) = row.try_get::<_, Option<String>>(1).map_err(Failure::from)? {
                counts.top.push((value, count(row, 2)?));
            }
        }
        Ok(counts)
    }

    async fn hours(&self) -> Result<BTreeMap<Timestamp, u64>> {
        let mut hours = BTreeMap::new();
        for row in &self.ask(sql::HOURS, &[]).await? {
            let hour: i64 = row.try_get(0).map_err(Failure::from)?;
            // A table that was altered may name an hour that is none.
            if let Ok(start) = Timestamp::from_micros(hour.saturating_mul(MICROS_PER_HOUR)) {
                hours.insert(start, count(row, 1)?);
            }
        }
        Ok(hours)
    }
}

fn count(row: &Row, at: usize) -> Result<u64> {
    let count: i64 = row.try_get(at).map_err(Failure::from)?;
    u64::try_from(count).map_err(|_| corrupt("a count is negative"))
}

fn summary(row: &Row) -> std::result::Result<StreamSummary, tokio_postgres::Error> {
    Ok(StreamSummary {
        stream: StreamName {
            aggregate_type: AggregateType::from_stored(row.try_get(0)?),
            aggregate_id: AggregateId::from_stored(row.try_get(1)?),
        },
        version: StreamVersion(row.try_get::<_, i64>(2)?.cast_unsigned()),
        last_position: Position(row.try_get::<_, i64>(3)?.cast_unsigned()),
        last_timestamp: Timestamp::from_micros(row.try_get(4)?).unwrap_or(Timestamp::UNIX_EPOCH),
    })
}
