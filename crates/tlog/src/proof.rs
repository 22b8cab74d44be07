//! Inclusion and consistency proofs, and their verification by RFC 9162.

use crate::{Error, Hash, node_hash};

/// A tree's size and root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeHead {
    /// The number of leaves.
    pub size: u64,
    /// The root hash over them.
    pub root: Hash,
}

/// Names a leaf of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeafInTree {
    /// The leaf's index, counted from 0; below the size.
    pub index: u64,
    /// The number of leaves in the tree.
    pub size: u64,
}

/// Names two sizes of one growing tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeGrowth {
    /// The smaller size.
    pub from: u64,
    /// The greater size.
    pub to: u64,
}

/// What an inclusion proof is to prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InclusionClaim {
    /// The index at which the leaf stands, counted from 0.
    pub index: u64,
    /// The leaf's hash.
    pub leaf: Hash,
    /// The tree in which it stands.
    pub tree: TreeHead,
}

/// What a consistency proof is to prove: that the old tree is the beginning of the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsistencyClaim {
    /// The smaller tree.
    pub old: TreeHead,
    /// The greater tree.
    pub new: TreeHead,
}

/// The hashes that lead from a leaf to the root, the leaf's sibling first (RFC 6962 section
/// 2.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InclusionProof {
    /// The hashes.
    pub hashes: Vec<Hash>,
}

/// The hashes that lead from an old root to a new one (RFC 6962 section 2.1.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// The hashes.
    pub hashes: Vec<Hash>,
}

impl InclusionProof {
    /// Verifies by RFC 9162 section 2.1.3.2 that the claimed leaf stands at the claimed index.
    ///
    /// ```
    /// use annals_tlog::{InclusionClaim, InclusionProof, TreeHead, leaf_hash, node_hash};
    ///
    /// let (a, b) = (leaf_hash(b"a"), leaf_hash(b"b"));
    /// let tree = TreeHead { size: 2, root: node_hash(&a, &b) };
    /// let proof = InclusionProof { hashes: vec![a] };
    /// proof.verify(&InclusionClaim { index: 1, leaf: b, tree })?;
    /// assert!(proof.verify(&InclusionClaim { index: 0, leaf: b, tree }).is_err());
    /// # Ok::<(), annals_tlog::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::LeafOutsideTree`], [`Error::ProofLength`] or [`Error::RootMismatch`].
    pub fn verify(&self, claim: &InclusionClaim) -> Result<(), Error> {
        let InclusionClaim { index, leaf, tree } = *claim;
        if index >= tree.size {
            return Err(Error::LeafOutsideTree { index, size: tree.size });
        }
        let mut path = Path { node: index, last: tree.size - 1 };
        let mut root = leaf;
        for sibling in &self.hashes {
            root = match path.side()? {
                Side::Left => node_hash(sibling, &root),
                Side::Right => node_hash(&root, sibling),
            };
            path.ascend();
        }
        path.must_be_at_the_root()?;
        must_match(tree, root)
    }
}

impl ConsistencyProof {
    /// Verifies by RFC 9162 section 2.1.4.2 that the old tree is the beginning of the new one.
    /// The empty tree is the beginning of every tree, and a tree of itself; the proof of either
    /// is empty.
    ///
    /// # Errors
    /// [`Error::SizesReversed`], [`Error::ProofLength`] or [`Error::RootMismatch`].
    pub fn verify(&self, claim: &ConsistencyClaim) -> Result<(), Error> {
        let ConsistencyClaim { old, new } = *claim;
        if old.size > new.size {
            return Err(Error::SizesReversed { from: old.size, to: new.size });
        }
        if old.size == 0 || old.size == new.size {
            return self.verify_trivial(old, new);
        }
        let mut path = Path { node: old.size - 1, last: new.size - 1 };
        path.skip_right_children();
        // Where the old tree is perfect its root is a node of the new tree and stays unnamed.
        let (first, rest) = if old.size.is_power_of_two() {
            (&old.root, self.hashes.as_slice())
        } else {
            self.hashes.split_first().ok_or(Error::ProofLength)?
        };
        let (mut old_root, mut new_root) = (*first, *first);
        for hash in rest {
            match path.side()? {
                Side::Left => {
                    old_root = node_hash(hash, &old_root);
                    new_root = node_hash(hash, &new_root);
                }
                Side::Right => new_root = node_hash(&new_root, hash),
            }
            path.ascend();
        }
        path.must_be_at_the_root()?;
        must_match(old, old_root)?;
        must_match(new, new_root)
    }

    /// The cases that RFC 9162 leaves out: the old tree is empty or is the new tree.
    fn verify_trivial(&self, old: TreeHead, new: TreeHead) -> Result<(), Error> {
        if !self.hashes.is_empty() {
            return Err(Error::ProofLength);
        }
        if old.size == 0 {
            must_match(old, Hash::EMPTY_ROOT)?;
        }
        if old.size == new.size { must_match(new, old.root) } else { Ok(()) }
    }
}

/// On which side of the path the next hash of a proof stands.
enum Side {
    Left,
    Right,
}

/// The way up from a node to the root: the variables fn and sn of RFC 9162.
struct Path {
    /// The index of the node in its row.
    node: u64,
    /// The index of the last node in that row.
    last: u64,
}

impl Path {
    /// The side of the next hash; fails when the root is reached already.
    const fn side(&self) -> Result<Side, Error> {
        if self.last == 0 {
            Err(Error::ProofLength)
        } else if self.node & 1 == 1 || self.node == self.last {
            Ok(Side::Left)
        } else {
            Ok(Side::Right)
        }
    }

    /// Steps to the parent. A last node without a right sibling rises, unhashed, until it has a
    /// left one.
    const fn ascend(&mut self) {
        if self.node == self.last {
            while self.node & 1 == 0 && self.node != 0 {
                self.rise();
            }
        }
        self.rise();
    }

    /// Rises to the greatest subtree that ends with this node.
    const fn skip_right_children(&mut self) {
        while self.node & 1 == 1 {
            self.rise();
        }
    }

    const fn rise(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }

    const fn must_be_at_the_root(&self) -> Result<(), Error> {
        if self.last == 0 { Ok(()) } else { Err(Error::ProofLength) }
    }
}

fn must_match(tree: TreeHead, computed: Hash) -> Result<(), Error> {
    if tree.root == computed {
        Ok(())
    } else {
        Err(Error::RootMismatch { size: tree.size, claimed: tree.root, computed })
    }
}
