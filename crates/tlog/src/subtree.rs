//! What a store keeps of the tree, and how the tree is read back from it.

use std::ops::Range;

use crate::{Error, Hash};

/// The number of hashes in a full tile, and of children that one stored level puts under each
/// hash of the next (tlog-tiles, "Merkle Tree").
pub const TILE_WIDTH: u64 = 256;

/// The tree's heights that lie between one stored level and the next: 2^8 = 256.
pub(crate) const HEIGHTS_PER_LEVEL: u8 = 8;

/// The root of a complete subtree of 256^level leaves, which never changes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompleteSubtree {
    /// The level: 1 for 256 leaves, 2 for 65,536, and so on.
    pub level: u8,
    /// Its place among the subtrees of its level, counted from 0: it spans the leaves
    /// `index * 256^level .. (index + 1) * 256^level`.
    pub index: u64,
    /// The root hash of the subtree.
    pub hash: Hash,
}

/// A place that keeps the hashes of a tree.
///
/// Level 0 holds the leaf hashes; level L holds the roots of the complete subtrees of 256^L
/// leaves, one after the other, as [`Frontier::push`](crate::Frontier::push) reported them.
pub trait HashReader {
    /// Why hashes could not be read.
    type Error;

    /// The hashes `range.start .. range.end` of a level, in order. The range holds at most
    /// [`TILE_WIDTH`] hashes and never crosses a multiple of it.
    ///
    /// # Errors
    /// Whatever reading fails with. Fewer hashes than asked for are noticed by the caller.
    fn hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, Self::Error>;
}

impl<R: HashReader + ?Sized> HashReader for &R {
    type Error = R::Error;

    fn hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, Self::Error> {
        (**self).hashes(level, range)
    }
}

/// Why a root or a proof could not be computed from stored hashes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError<E> {
    /// The reader failed.
    #[error("the hashes of the tree could not be read")]
    Read(#[source] E),
    /// The reader gave another number of hashes than it was asked for.
    #[error(
        "level {level} of the tree should hold the hashes {} to {}, but {found} were found; \
         rebuild the stored hashes from the events",
        range.start, range.end
    )]
    MissingHashes {
        /// The level that was read.
        level: u8,
        /// The hashes that were asked for.
        range: Range<u64>,
        /// The number of hashes that came.
        found: usize,
    },
    /// The question makes no sense for a tree of that size.
    #[error(transparent)]
    Question(#[from] Error),
}
