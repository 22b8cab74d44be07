//! The rows of hashes that are not full tiles yet.

use annals_tlog::{
    BundleCoordinate, CompleteSubtree, Hash, TILE_WIDTH, TileCoordinate, TilePath, TileWidth, encode_tile,
};

use crate::ProofError;
use crate::stored_hashes::{TreeEdge, hashes_at};

/// A file of the layout.
pub(super) struct TileFile {
    pub(super) path: TilePath,
    pub(super) bytes: Vec<u8>,
}

/// The last tile of each level, while it fills: at most 256 hashes each.
pub(super) struct Levels(Vec<Level>);

#[derive(Default)]
struct Level {
    /// The index of the tile in its level.
    tile: u64,
    hashes: Vec<Hash>,
}

impl Levels {
    /// The tiles at the edge of a tree.
    pub(super) fn new(size: u64, edge: TreeEdge) -> Self {
        let levels = edge.into_levels().into_iter().zip(0..);
        Self(
            levels
                .map(|(hashes, level)| Level { tile: hashes_at(level, size) / TILE_WIDTH, hashes })
                .collect(),
        )
    }

    /// Adds a leaf hash; a tile that is full thereby goes to `files`.
    pub(super) fn push_leaf(&mut self, leaf: Hash, files: &mut Vec<TileFile>) -> Result<(), ProofError> {
        self.add(0, leaf, files)
    }

    /// Adds the root of a complete subtree; a tile that is full thereby goes to `files`.
    pub(super) fn push(
        &mut self,
        subtree: CompleteSubtree,
        files: &mut Vec<TileFile>,
    ) -> Result<(), ProofError> {
        self.add(subtree.level, subtree.hash, files)
    }

    fn add(&mut self, level: u8, hash: Hash, files: &mut Vec<TileFile>) -> Result<(), ProofError> {
        let index = usize::from(level);
        if self.0.len() <= index {
            self.0.resize_with(index + 1, Level::default);
        }
        let Some(row) = self.0.get_mut(index) else { return Ok(()) };
        row.hashes.push(hash);
        if row.hashes.len() as u64 == TILE_WIDTH {
            files.push(row.file(level)?);
            row.hashes.clear();
            row.tile += 1;
        }
        Ok(())
    }

    /// The tiles that are not full.
    pub(super) fn partial_tiles(&self) -> Result<Vec<TileFile>, ProofError> {
        let rows = self.0.iter().zip(0..).filter(|(row, _)| !row.hashes.is_empty());
        rows.map(|(row, level)| row.file(level)).collect()
    }
}

impl Level {
    fn file(&self, level: u8) -> Result<TileFile, ProofError> {
        let tile = TileCoordinate::new(level, self.tile, width(self.hashes.len())?)?;
        Ok(TileFile { path: TilePath::Tile(tile), bytes: encode_tile(&self.hashes) })
    }
}

/// The file of the entries of a tile.
pub(super) fn bundle_file(index: u64, entries: usize, bytes: Vec<u8>) -> Result<TileFile, ProofError> {
    let bundle = BundleCoordinate::new(index, width(entries)?)?;
    Ok(TileFile { path: TilePath::Bundle(bundle), bytes })
}

fn width(len: usize) -> Result<TileWidth, ProofError> {
    // A length that does not fit into 16 bits is as wrong as 0.
    Ok(TileWidth::new(u16::try_from(len).unwrap_or(0))?)
}
