//! Roots of ranges of leaves, put together from stored hashes with as few reads as possible.

use std::ops::Range;

use crate::subtree::HEIGHTS_PER_LEVEL;
use crate::{Hash, HashReader, TILE_WIDTH, TreeError, node_hash};

/// The root of the first `size` leaves: one read for each stored level.
///
/// # Errors
/// Whatever the reader fails with, and [`TreeError::MissingHashes`] if it gives fewer hashes than
/// it was asked for.
pub fn root_at<R: HashReader>(size: u64, reader: &R) -> Result<Hash, TreeError<R::Error>> {
    RangeRoots::new(size, reader).root(0..size)
}

/// The peaks of the first `size` leaves, the largest first.
pub(crate) fn peaks<R: HashReader>(size: u64, reader: &R) -> Result<Vec<Hash>, TreeError<R::Error>> {
    let mut roots = RangeRoots::new(size, reader);
    perfect_subtrees(0..size).map(|subtree| roots.perfect(subtree)).collect()
}

/// Computes the roots of ranges of one tree, and remembers the tiles that it has read.
pub(crate) struct RangeRoots<'r, R> {
    size: u64,
    reader: &'r R,
    tiles: Vec<ReadTile>,
}

/// A tile that was read: level, place in the level, hashes.
struct ReadTile {
    level: u8,
    index: u64,
    hashes: Vec<Hash>,
}

/// A subtree of 2^height leaves, the `index`-th of its height.
#[derive(Clone, Copy)]
struct PerfectSubtree {
    height: u8,
    index: u64,
}

impl<'r, R: HashReader> RangeRoots<'r, R> {
    pub(crate) const fn new(size: u64, reader: &'r R) -> Self {
        Self { size, reader, tiles: Vec::new() }
    }

    /// `MTH(D[start:end])` of RFC 6962 section 2.1, for a range that occurs as a subtree of the
    /// tree, whether perfect or ragged at its right end.
    pub(crate) fn root(&mut self, range: Range<u64>) -> Result<Hash, TreeError<R::Error>> {
        let mut roots = Vec::new();
        for subtree in perfect_subtrees(range) {
            roots.push(self.perfect(subtree)?);
        }
        let smallest_first = roots.into_iter().rev();
        let root = smallest_first.reduce(|right, left| node_hash(&left, &right));
        Ok(root.unwrap_or(Hash::EMPTY_ROOT))
    }

    /// The root of a perfect subtree: at most 128 stored hashes of one tile, hashed together.
    fn perfect(&mut self, subtree: PerfectSubtree) -> Result<Hash, TreeError<R::Error>> {
        let level = subtree.height / HEIGHTS_PER_LEVEL;
        let width = 1_u64 << (subtree.height % HEIGHTS_PER_LEVEL);
        let start = subtree.index * width;
        let tile_index = start / TILE_WIDTH;
        let tile = self.tile(level, tile_index)?;
        let offset = (start % TILE_WIDTH) as usize;
        let wanted = tile.get(offset..offset + width as usize);
        let wanted = wanted.ok_or_else(|| TreeError::MissingHashes {
            level,
            range: start..start + width,
            found: tile.len().saturating_sub(offset),
        })?;
        Ok(perfect_root(wanted))
    }

    /// The tile's hashes as far as the tree of this size has them.
    fn tile(&mut self, level: u8, index: u64) -> Result<&[Hash], TreeError<R::Error>> {
        let known = self.tiles.iter().position(|tile| tile.level == level && tile.index == index);
        let place = match known {
            Some(place) => place,
            None => {
                let hashes = self.read_tile(level, index)?;
                self.tiles.push(ReadTile { level, index, hashes });
                self.tiles.len() - 1
            }
        };
        Ok(self.tiles.get(place).map_or(&[], |tile| &tile.hashes))
    }

    fn read_tile(&self, level: u8, index: u64) -> Result<Vec<Hash>, TreeError<R::Error>> {
        let stored = self.size >> (HEIGHTS_PER_LEVEL * level);
        let start = index * TILE_WIDTH;
        let range = start..stored.min(start.saturating_add(TILE_WIDTH));
        let hashes = self.reader.hashes(level, range.clone()).map_err(TreeError::Read)?;
        if hashes.len() as u64 != range.end.saturating_sub(range.start) {
            return Err(TreeError::MissingHashes { level, range, found: hashes.len() });
        }
        Ok(hashes)
    }
}

/// The perfect subtrees of which a subtree of the tree consists, the largest first.
fn perfect_subtrees(range: Range<u64>) -> impl Iterator<Item = PerfectSubtree> {
    let mut start = range.start;
    std::iter::from_fn(move || {
        let left = range.end.checked_sub(start).filter(|left| *left > 0)?;
        let height = left.ilog2();
        let index = start >> height;
        start += 1 << height;
        Some(PerfectSubtree { height: height as u8, index })
    })
}

/// The root over 2^n hashes of one height.
fn perfect_root(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        let (pairs, _) = row.as_chunks::<2>();
        row = pairs.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    row.first().copied().unwrap_or(Hash::EMPTY_ROOT)
}
