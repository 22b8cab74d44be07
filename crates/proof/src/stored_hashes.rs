//! Reading what a store keeps of the tree.

use std::convert::Infallible;
use std::ops::Range;

use annals_store::{Store, StoreError};
use annals_tlog::{Frontier, Hash, HashReader, TILE_WIDTH, TreeError};

use crate::ProofError;

/// Each level of the tree has the 256th part of the one below it.
pub(crate) const HEIGHTS_PER_LEVEL: u32 = 8;

/// How many hashes a tree of this many leaves has at a level.
pub(crate) fn hashes_at(level: u8, size: u64) -> u64 {
    size.checked_shr(HEIGHTS_PER_LEVEL * u32::from(level)).unwrap_or(0)
}

/// How many items a range has.
pub(crate) fn len(range: &Range<u64>) -> usize {
    usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX)
}

/// Reads stored hashes of one level, tile by tile, as every store can give them: all of the range, or none
/// where any is missing, for then it is not known which the others are.
pub(crate) async fn read_hashes(
    store: &dyn Store,
    level: u8,
    range: Range<u64>,
) -> Result<Vec<Hash>, ProofError> {
    let mut hashes = Vec::with_capacity(len(&range));
    let mut next = range.start;
    while next < range.end {
        let part = next..range.end.min((next / TILE_WIDTH + 1) * TILE_WIDTH);
        next = part.end;
        match store.tree_hashes(level, part.clone()).await {
            Ok(found) if found.len() == len(&part) => hashes.extend(found),
            // What cannot be read is as good as missing.
            Ok(_) | Err(StoreError::Corrupt { .. }) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(hashes)
}

/// The stored hashes at the right edge of a tree: of each level those in its last tile, if that is not full.
/// The peaks of the tree follow from them.
pub(crate) struct TreeEdge {
    size: u64,
    levels: Vec<Vec<Hash>>,
}

impl TreeEdge {
    /// Reads the edge of the first `size` leaves; `None` if the store lacks a part of it.
    pub(crate) async fn read(store: &dyn Store, size: u64) -> Result<Option<Self>, ProofError> {
        let mut levels = Vec::new();
        for level in 0..u8::MAX {
            let end = hashes_at(level, size);
            if end == 0 {
                break;
            }
            let range = end - end % TILE_WIDTH..end;
            let hashes = read_hashes(store, level, range.clone()).await?;
            if hashes.len() < len(&range) {
                return Ok(None);
            }
            levels.push(hashes);
        }
        Ok(Some(Self { size, levels }))
    }

    /// The tree's frontier.
    pub(crate) fn frontier(&self) -> Result<Frontier, ProofError> {
        Frontier::read(self.size, self).map_err(|error| match error {
            TreeError::Question(error) => ProofError::Tlog(error),
            // The edge was read whole, and it has no other way to fail.
            TreeError::Read(_) | TreeError::MissingHashes { .. } => ProofError::Interrupted,
        })
    }

    /// The hashes of each level, from level 0.
    pub(crate) fn into_levels(self) -> Vec<Vec<Hash>> {
        self.levels
    }
}

impl HashReader for TreeEdge {
    type Error = Infallible;

    fn hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, Infallible> {
        let end = hashes_at(level, self.size);
        let start = range.start.saturating_sub(end - end % TILE_WIDTH) as usize;
        let hashes = self.levels.get(usize::from(level));
        Ok(hashes.and_then(|hashes| hashes.get(start..start + len(&range))).unwrap_or_default().to_vec())
    }
}
