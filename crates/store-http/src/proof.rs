//! What is proven, from what the log publishes.

use std::ops::Range;

use annals_event::EventId;
use annals_proof::PublishedLog;
use annals_store::{CheckpointStore, ProofStore, StoreError, StoredRow};
use annals_tlog::{
    BundleCoordinate, ConsistencyProof, Hash, InclusionProof, SignedCheckpoint, TILE_WIDTH, TileCoordinate,
    TilePath, TileWidth, VerifierKey, parse_tile,
};
use async_trait::async_trait;
use serde::Deserialize;

use crate::client::unavailable;
use crate::refusals::not_over_http;
use crate::store::HttpEventStore;

/// Each level of the tree has the 256th part of the one below it.
const HEIGHTS_PER_LEVEL: u32 = 8;

/// A receipt that a server made, and the event file that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServedReceipt {
    /// The receipt: a C2SP tlog-proof.
    pub receipt: String,
    /// The event with what opens its commitments.
    pub event_file: String,
}

/// That a log only grew.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Consistency {
    from_root: String,
    proof: Vec<String>,
}

impl HttpEventStore {
    /// Has the server prove that an event is in the log.
    ///
    /// # Errors
    /// [`StoreError`] when there is no such event, or it cannot be proven.
    pub async fn receipt(&self, event_id: EventId) -> Result<ServedReceipt, StoreError> {
        self.client.get(&format!("{}/receipt?form=json", self.event_path(event_id))).await
    }

    async fn consistency(&self, from: u64, to: u64) -> Result<Consistency, StoreError> {
        self.client.get(&self.path(&format!("/consistency?from={from}&to={to}"))).await
    }

    async fn published(&self, path: TilePath) -> Result<Vec<u8>, StoreError> {
        Ok(self.client.get_bytes(&self.published_path(&format!("/{path}"))).await?.to_vec())
    }
}

#[async_trait]
impl ProofStore for HttpEventStore {
    async fn stored_rows(&self, _positions: Range<u64>) -> Result<Vec<StoredRow>, StoreError> {
        Err(not_over_http("reading the store's own rows"))
    }

    /// From the tiles, as far as the newest checkpoint reaches.
    async fn tree_hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, StoreError> {
        let at_level = |size: u64| size.checked_shr(HEIGHTS_PER_LEVEL * u32::from(level)).unwrap_or(0);
        if at_level(self.published_size()) < range.end {
            self.published_checkpoint().await?;
        }
        let published = at_level(self.published_size());
        let end = range.end.min(published);
        let mut hashes = Vec::new();
        let mut next = range.start;
        while next < end {
            let index = next / TILE_WIDTH;
            let width = (published - index * TILE_WIDTH).min(TILE_WIDTH);
            let tile = coordinate(level, index, width)?;
            let bytes = self.published(TilePath::Tile(tile)).await?;
            let found = parse_tile(&bytes).map_err(|error| StoreError::Corrupt {
                reason: format!("{}: {error}", TilePath::Tile(tile)),
            })?;
            let start = usize::try_from(next - index * TILE_WIDTH).unwrap_or(usize::MAX);
            let wanted = usize::try_from(end - next).unwrap_or(usize::MAX);
            let before = hashes.len();
            hashes.extend(found.into_iter().skip(start).take(wanted));
            if hashes.len() == before {
                break;
            }
            next += (hashes.len() - before) as u64;
        }
        Ok(hashes)
    }

    async fn root_at(&self, size: u64) -> Result<Hash, StoreError> {
        let Consistency { from_root, .. } = self.consistency(size, size).await?;
        from_root.parse().map_err(|error| unavailable(&format!("the server's root cannot be read: {error}")))
    }

    async fn inclusion_proof(&self, _index: u64, _size: u64) -> Result<InclusionProof, StoreError> {
        Err(not_over_http("making a proof without the receipt of the event"))
    }

    async fn consistency_proof(&self, from: u64, to: u64) -> Result<ConsistencyProof, StoreError> {
        let Consistency { proof, .. } = self.consistency(from, to).await?;
        let hashes = proof.iter().map(|hash| hash.parse()).collect::<Result<_, annals_tlog::Error>>();
        let hashes =
            hashes.map_err(|error| unavailable(&format!("the server's proof cannot be read: {error}")))?;
        Ok(ConsistencyProof { hashes })
    }
}

#[async_trait]
impl CheckpointStore for HttpEventStore {
    async fn keep_checkpoint(&self, _checkpoint: &SignedCheckpoint) -> Result<(), StoreError> {
        Err(not_over_http("signing"))
    }

    async fn newest_checkpoint(&self) -> Result<Option<SignedCheckpoint>, StoreError> {
        self.published_checkpoint().await
    }

    /// The newest one: a server publishes no other.
    async fn checkpoints(
        &self,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<SignedCheckpoint>, StoreError> {
        let newest = self.published_checkpoint().await?;
        let newest = newest.filter(|newest| after.is_none_or(|after| newest.unverified().size > after));
        Ok(newest.into_iter().take(limit).collect())
    }

    async fn verifier_keys(&self) -> Result<Vec<VerifierKey>, StoreError> {
        self.described().await?.keys()
    }

    async fn add_verifier_key(&self, _key: &VerifierKey) -> Result<(), StoreError> {
        Err(not_over_http("changing the log's key"))
    }
}

#[async_trait]
impl PublishedLog for HttpEventStore {
    async fn entry_bundle(&self, bundle: BundleCoordinate) -> Result<Vec<u8>, StoreError> {
        self.published(TilePath::Bundle(bundle)).await
    }
}

fn coordinate(level: u8, index: u64, width: u64) -> Result<TileCoordinate, StoreError> {
    let width = u16::try_from(width).ok().and_then(|width| TileWidth::new(width).ok());
    let tile = width.and_then(|width| TileCoordinate::new(level, index, width).ok());
    tile.ok_or_else(|| StoreError::NotFound { what: format!("tile {index} at level {level}") })
}
