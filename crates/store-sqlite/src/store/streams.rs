use annals_event::StreamName;
use annals_store::{SnapshotCounts, Statistics, StreamCatalog, StreamFilter, StreamSummary};
use async_trait::async_trait;

use super::SqliteEventStore;
use crate::errors::{Result, sqlite};
use crate::{catalog, sql};

#[async_trait]
impl StreamCatalog for SqliteEventStore {
    async fn streams(
        &self,
        filter: &StreamFilter,
        after: Option<&StreamName>,
        limit: usize,
    ) -> Result<Vec<StreamSummary>> {
        let (filter, after) = (filter.clone(), after.cloned());
        self.blocking(move |shared| {
            let reader = shared.reader()?;
            catalog::streams(reader.connections()?.index, &shared.tail, &filter, after.as_ref(), limit)
        })
        .await
    }

    async fn statistics(&self, top: usize) -> Result<Statistics> {
        self.blocking(move |shared| {
            let reader = shared.reader()?;
            let connections = reader.connections()?;
            let statistics = catalog::statistics(connections, &shared.tail, top)?;
            let mut counts = connections.truth.prepare_cached(sql::SNAPSHOT_COUNTS).map_err(sqlite)?;
            let snapshots = counts
                .query_row([], |row| Ok(SnapshotCounts { count: row.get(0)?, bytes: row.get(1)? }))
                .map_err(sqlite)?;
            Ok(Statistics { snapshots, size_on_disk: shared.files.size_on_disk(), ..statistics })
        })
        .await
    }
}
