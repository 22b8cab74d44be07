//! A tree kept in memory level by level, as a store keeps it, and RFC 6962 written down naively.

use std::cell::RefCell;
use std::convert::Infallible;
use std::ops::Range;

use annals_tlog::{Frontier, Hash, HashReader, TILE_WIDTH, leaf_hash, node_hash};

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

/// MTH(D[n]) of RFC 6962 section 2.1, word for word.
pub(crate) fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::EMPTY_ROOT,
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

/// PATH(m, D[n]) of RFC 6962 section 2.1.1, word for word.
pub(crate) fn naive_path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut path, sibling) = if index < k {
        (naive_path(index, left), naive_root(right))
    } else {
        (naive_path(index - k, right), naive_root(left))
    };
    path.push(sibling);
    path
}

/// SUBPROOF(m, D[n], b) of RFC 6962 section 2.1.2, word for word.
pub(crate) fn naive_subproof(from: usize, leaves: &[Hash], root_is_known: bool) -> Vec<Hash> {
    if from == leaves.len() {
        return if root_is_known { Vec::new() } else { vec![naive_root(leaves)] };
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut proof, sibling) = if from <= k {
        (naive_subproof(from, left, root_is_known), naive_root(right))
    } else {
        (naive_subproof(from - k, right, false), naive_root(left))
    };
    proof.push(sibling);
    proof
}

fn split(leaves: usize) -> usize {
    leaves.next_power_of_two() / 2
}
