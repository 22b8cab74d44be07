//! Proofs: whatever hashes are given, only the true ones lead to the root.

use std::convert::Infallible;
use std::ops::Range;

use annals_tlog::{
    ConsistencyClaim, ConsistencyProof, Frontier, Hash, HashReader, InclusionClaim, InclusionProof,
    LeafInTree, TreeGrowth, TreeHead, consistency_proof, inclusion_proof, leaf_hash,
};

use crate::choices::Choices;

/// Small enough for one tile.
const LEAVES_MAX: u8 = 64;

pub(crate) fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    if choices.coin() {
        return check_any(choices);
    }
    let size = 1 + u64::from(choices.byte() % LEAVES_MAX);
    let leaf = u64::from(choices.byte()) % size;
    check_inclusion(LeafInTree { index: leaf, size }, choices);
    check_consistency(TreeGrowth { from: leaf, to: size }, choices);
}

/// Claims and proofs of any size.
fn check_any(mut choices: Choices<'_>) {
    let (index, from, to) = (choices.number(), choices.number(), choices.number());
    let head = |size| TreeHead { size, root: leaf_hash(b"root") };
    let mut hashes = Vec::new();
    while !choices.is_empty() && hashes.len() < 80 {
        hashes.push(leaf_hash(&[choices.byte()]));
    }
    let proof = InclusionProof { hashes: hashes.clone() };
    let claim = InclusionClaim { index, leaf: leaf_hash(b"leaf"), tree: head(to) };
    assert!(proof.verify(&claim).is_err(), "nobody knows a way to this root");
    let claim = ConsistencyClaim { old: head(from), new: head(to) };
    let verified = ConsistencyProof { hashes }.verify(&claim);
    assert!(verified.is_err() || from == to, "a tree is consistent with itself only");
}

fn check_inclusion(place: LeafInTree, choices: Choices<'_>) {
    let tree = tree(place.size);
    let proof = inclusion_proof(place, &Leaves).expect("the leaf is in the tree");
    let claim = |index| InclusionClaim { index, leaf: leaf(place.index), tree };
    proof.verify(&claim(place.index)).expect("the true proof verifies");
    let altered = InclusionProof { hashes: altered(&proof.hashes, choices) };
    assert_eq!(altered.verify(&claim(place.index)).is_ok(), altered == proof);
    for index in (0..place.size).filter(|index| *index != place.index) {
        assert!(altered.verify(&claim(index)).is_err(), "a leaf has one place");
    }
}

fn check_consistency(growth: TreeGrowth, choices: Choices<'_>) {
    let proof = consistency_proof(growth, &Leaves).expect("the tree grows");
    let claim = ConsistencyClaim { old: tree(growth.from), new: tree(growth.to) };
    proof.verify(&claim).expect("the true proof verifies");
    let altered = ConsistencyProof { hashes: altered(&proof.hashes, choices) };
    assert_eq!(altered.verify(&claim).is_ok(), altered == proof);
    let mut other = claim;
    other.old.root = leaf_hash(b"another");
    assert!(proof.verify(&other).is_err(), "another beginning is not proven");
}

/// Hashes are taken out, put in, exchanged or altered, as the choices say.
fn altered(hashes: &[Hash], mut choices: Choices<'_>) -> Vec<Hash> {
    let mut hashes = hashes.to_vec();
    while !choices.is_empty() && hashes.len() < 80 {
        let (act, at, what) = (choices.byte() % 4, usize::from(choices.byte()), choices.byte());
        match (act, hashes.len()) {
            (0, length) => hashes.insert(at % (length + 1), leaf(what.into())),
            (_, 0) => {}
            (1, length) => drop(hashes.remove(at % length)),
            (2, length) => hashes.swap(at % length, usize::from(what) % length),
            (_, length) => {
                let mut bytes = hashes[at % length].to_bytes();
                bytes[at % Hash::LEN] ^= what;
                hashes[at % length] = Hash::from_bytes(bytes);
            }
        }
    }
    hashes
}

fn leaf(index: u64) -> Hash {
    leaf_hash(&index.to_be_bytes())
}

fn tree(size: u64) -> TreeHead {
    let mut frontier = Frontier::new();
    (0..size).for_each(|index| frontier.push(leaf(index), |_| ()));
    frontier.head()
}

/// A tree of less than one tile, whose leaves are numbered.
struct Leaves;

impl HashReader for Leaves {
    type Error = Infallible;

    fn hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, Infallible> {
        assert_eq!(level, 0, "there are too few leaves for more");
        Ok(range.map(leaf).collect())
    }
}
