//! Making proofs from stored hashes.

use crate::range_root::RangeRoots;
use crate::{ConsistencyProof, Error, HashReader, InclusionProof, LeafInTree, TreeError, TreeGrowth};

/// Proves that a leaf stands at its index in the tree of a size: `PATH(m, D[n])` of RFC 6962
/// section 2.1.1. Reads at most two tiles of each stored level.
///
/// # Errors
/// [`Error::LeafOutsideTree`] if the index is not below the size; whatever the reader fails with.
pub fn inclusion_proof<R: HashReader>(
    place: LeafInTree,
    reader: &R,
) -> Result<InclusionProof, TreeError<R::Error>> {
    let LeafInTree { index, size } = place;
    if index >= size {
        return Err(Error::LeafOutsideTree { index, size }.into());
    }
    let mut roots = RangeRoots::new(size, reader);
    let mut hashes = Vec::new();
    let (mut start, mut end) = (0, size);
    while end - start > 1 {
        let middle = start + left_size(end - start);
        if index < middle {
            hashes.push(roots.root(middle..end)?);
            end = middle;
        } else {
            hashes.push(roots.root(start..middle)?);
            start = middle;
        }
    }
    hashes.reverse();
    Ok(InclusionProof { hashes })
}

/// Proves that the tree of one size is the beginning of the tree of a greater one: `PROOF(m, D[n])`
/// of RFC 6962 section 2.1.2. Reads at most two tiles of each stored level. The proof is empty
/// where the smaller tree is empty or the sizes are equal.
///
/// # Errors
/// [`Error::SizesReversed`] if `from` is greater than `to`; whatever the reader fails with.
pub fn consistency_proof<R: HashReader>(
    growth: TreeGrowth,
    reader: &R,
) -> Result<ConsistencyProof, TreeError<R::Error>> {
    let TreeGrowth { from, to } = growth;
    if from > to {
        return Err(Error::SizesReversed { from, to }.into());
    }
    if from == 0 {
        return Ok(ConsistencyProof { hashes: Vec::new() });
    }
    let mut roots = RangeRoots::new(to, reader);
    let mut hashes = Vec::new();
    let (mut start, mut end) = (0, to);
    while from < end {
        let middle = start + left_size(end - start);
        if from <= middle {
            hashes.push(roots.root(middle..end)?);
            end = middle;
        } else {
            hashes.push(roots.root(start..middle)?);
            start = middle;
        }
    }
    // The verifier knows the old root, so this subtree is named only if it is not the whole tree.
    if start > 0 {
        hashes.push(roots.root(start..end)?);
    }
    hashes.reverse();
    Ok(ConsistencyProof { hashes })
}

/// The greatest power of two below the number of leaves: the size of the left subtree (RFC 6962
/// section 2.1). The number is at least 2.
const fn left_size(leaves: u64) -> u64 {
    1 << (leaves - 1).ilog2()
}
