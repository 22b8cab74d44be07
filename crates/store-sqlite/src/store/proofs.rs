use std::ops::Range;

use annals_store::{LeafPlace, ProofStore, StoreError, StoredRow};
use annals_tlog::{
    ConsistencyProof, Hash, HashReader, InclusionProof, LeafInTree, TILE_WIDTH, TreeError, TreeGrowth,
};
use async_trait::async_trait;
use rusqlite::{Connection, params};

use super::SqliteEventStore;
use super::follow::read_log_end;
use crate::errors::{Result, corrupt, sqlite};
use crate::reader::TreeReader;
use crate::{row, sql};

/// Rows of one page of [`ProofStore::stored_rows`].
const ROWS_MAX: u64 = 4_096;

/// Rows of one page are no longer added once they hold so many bytes of payload and metadata.
const BYTES_MAX: usize = 8 << 20;

#[async_trait]
impl ProofStore for SqliteEventStore {
    fn leaf_place(&self) -> LeafPlace {
        LeafPlace::InRows
    }

    async fn stored_rows(&self, positions: Range<u64>) -> Result<Vec<StoredRow>> {
        self.blocking(move |shared| {
            let reader = shared.truth_reader()?;
            let truth = reader.connections()?.truth;
            let mut statement = truth.prepare_cached(sql::STORED_ROWS).map_err(sqlite)?;
            // Positions are signed in SQLite.
            let end = positions.end.min(i64::MAX.cast_unsigned());
            let start = positions.start.min(end);
            let mut rows = statement.query(params![start, end, ROWS_MAX]).map_err(sqlite)?;
            let rows_max = usize::try_from(ROWS_MAX.min(end - start)).unwrap_or(0);
            let (mut stored, mut bytes) = (Vec::with_capacity(rows_max), 0);
            while let Some(row) = rows.next().map_err(sqlite)? {
                let row = row::stored_row(row)?;
                bytes += row.event.as_ref().map_or(0, |found| {
                    let event = &found.event;
                    event.payload.value().map_or(0, |payload| payload.as_str().len())
                        + event.metadata.value().map_or(0, |metadata| metadata.as_str().len())
                });
                stored.push(row);
                if bytes >= BYTES_MAX {
                    break;
                }
            }
            Ok(stored)
        })
        .await
    }

    async fn tree_hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>> {
        self.blocking(move |shared| {
            let reader = shared.truth_reader()?;
            let end = range.end.min(i64::MAX.cast_unsigned());
            let start = range.start.min(end);
            TreeReader(reader.connections()?.truth).hashes(level, start..end.min(start + TILE_WIDTH))
        })
        .await
    }

    async fn root_at(&self, size: u64) -> Result<Hash> {
        self.blocking(move |shared| {
            let reader = shared.truth_reader()?;
            let truth = tree_of(reader.connections()?.truth, size)?;
            annals_tlog::root_at(size, &truth).map_err(tree)
        })
        .await
    }

    async fn inclusion_proof(&self, index: u64, size: u64) -> Result<InclusionProof> {
        self.blocking(move |shared| {
            let reader = shared.truth_reader()?;
            let truth = tree_of(reader.connections()?.truth, size)?;
            annals_tlog::inclusion_proof(LeafInTree { index, size }, &truth).map_err(tree)
        })
        .await
    }

    async fn consistency_proof(&self, from: u64, to: u64) -> Result<ConsistencyProof> {
        self.blocking(move |shared| {
            let reader = shared.truth_reader()?;
            let truth = tree_of(reader.connections()?.truth, to)?;
            annals_tlog::consistency_proof(TreeGrowth { from, to }, &truth).map_err(tree)
        })
        .await
    }
}

/// The tree as it was at `size`, if it has ever been as large.
fn tree_of(truth: &Connection, size: u64) -> Result<TreeReader<'_>> {
    let head = read_log_end(truth)?.0.size();
    if size > head {
        return Err(StoreError::NotFound { what: format!("tree of {size} events; the log holds {head}") });
    }
    Ok(TreeReader(truth))
}

fn tree(error: TreeError<StoreError>) -> StoreError {
    match error {
        TreeError::Read(error) => error,
        TreeError::MissingHashes { .. } => corrupt(error.to_string()),
        TreeError::Question(error) => StoreError::NotFound { what: format!("such proof: {error}") },
    }
}
