use std::ops::Range;

use annals_store::{LeafPlace, ProofStore, StoreError, StoredRow};
use annals_tlog::{ConsistencyProof, Hash, InclusionProof, LeafInTree, TILE_WIDTH, TreeGrowth};
use async_trait::async_trait;

use super::{PostgresEventStore, Shared};
use crate::connection::Pooled;
use crate::errors::Result;
use crate::reader::{hashes, with_hashes};
use crate::row::EventColumns;
use crate::sql;
use crate::writer::read_head;

/// Rows of one page of [`ProofStore::stored_rows`].
const ROWS_MAX: i64 = 4_096;

/// Rows of one page are no longer added once they hold so many bytes of payload and metadata.
const BYTES_MAX: i64 = 8 << 20;

#[async_trait]
impl ProofStore for PostgresEventStore {
    fn leaf_place(&self) -> LeafPlace {
        LeafPlace::InRows
    }

    async fn stored_rows(&self, positions: Range<u64>) -> Result<Vec<StoredRow>> {
        let bound = |position: u64| i64::try_from(position).unwrap_or(i64::MAX);
        let (start, end) = (bound(positions.start), bound(positions.end));
        let rows = self.shared.ask(sql::STORED_ROWS, &[&start, &end, &ROWS_MAX, &BYTES_MAX]).await?;
        rows.iter().map(|row| EventColumns::from(row, 0).stored_row()).collect()
    }

    async fn tree_hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>> {
        let end = range.end.min(range.start.saturating_add(TILE_WIDTH));
        let session = self.shared.pool.take().await?;
        Ok(hashes(&session, level, range.start..end).await?)
    }

    async fn root_at(&self, size: u64) -> Result<Hash> {
        let session = self.shared.tree_of(size).await?;
        Ok(with_hashes(&session, |stored| Ok(annals_tlog::root_at(size, &stored)?)).await?)
    }

    async fn inclusion_proof(&self, index: u64, size: u64) -> Result<InclusionProof> {
        let session = self.shared.tree_of(size).await?;
        let place = LeafInTree { index, size };
        Ok(with_hashes(&session, |stored| Ok(annals_tlog::inclusion_proof(place, &stored)?)).await?)
    }

    async fn consistency_proof(&self, from: u64, to: u64) -> Result<ConsistencyProof> {
        let session = self.shared.tree_of(to).await?;
        let growth = TreeGrowth { from, to };
        Ok(with_hashes(&session, |stored| Ok(annals_tlog::consistency_proof(growth, &stored)?)).await?)
    }
}

impl Shared {
    /// A connection to the tree as it was at `size`, if it has ever been as large.
    async fn tree_of(&self, size: u64) -> Result<Pooled> {
        let session = self.pool.take().await?;
        let head = read_head(&session).await?.head().size;
        if size > head {
            return Err(StoreError::NotFound {
                what: format!("tree of {size} events; the log holds {head}"),
            });
        }
        Ok(session)
    }
}
