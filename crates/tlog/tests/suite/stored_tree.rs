//! A tree kept in memory level by level, as a store keeps it.

use std::cell::RefCell;
use std::convert::Infallible;
use std::ops::Range;

use annals_tlog::{Frontier, Hash, HashReader, TILE_WIDTH, leaf_hash};

/// The stored hashes of a tree, and the reads that were made of them.
pub(crate) struct StoredTree {
    pub(crate) frontier: Frontier,
    pub(crate) levels: Vec<Vec<Hash>>,
    pub(crate) reads: RefCell<Vec<(u8, Range<u64>)>>,
}

impl StoredTree {
    /// The tree over the entries "0", "1", "2" and so on.
    pub(crate) fn of_size(size: u64) -> Self {
        let mut frontier = Frontier::new();
        let mut levels = vec![Vec::new(); 8];
        for index in 0..size {
            let leaf = leaf_hash(&entry(index));
            levels[0].push(leaf);
            frontier.push(leaf, |subtree| {
                let level = &mut levels[usize::from(subtree.level)];
                assert_eq!(subtree.index, level.len() as u64);
                level.push(subtree.hash);
            });
        }
        Self { frontier, levels, reads: RefCell::default() }
    }
}

impl HashReader for StoredTree {
    type Error = Infallible;

    fn hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, Infallible> {
        assert!(range.start < range.end, "an empty read");
        assert_eq!(range.start / TILE_WIDTH, (range.end - 1) / TILE_WIDTH, "a read across tiles");
        self.reads.borrow_mut().push((level, range.clone()));
        let level = &self.levels[usize::from(level)];
        Ok(level[range.start as usize..range.end as usize].to_vec())
    }
}

/// The entry that stands at an index of a [`StoredTree`].
pub(crate) fn entry(index: u64) -> Vec<u8> {
    index.to_string().into_bytes()
}
