//! The tree and its proofs against RFC 6962 written down naively, and against other people's code.

use annals_tlog::{
    ConsistencyClaim, Error, Frontier, Hash, HashReader, InclusionClaim, InclusionProof, LeafInTree,
    TreeError, TreeGrowth, TreeHead, consistency_proof, inclusion_proof, root_at,
};
use proptest::prelude::*;

use crate::naive::{naive_path, naive_root, naive_subproof};
use crate::stored_tree::{self, StoredTree};

fn head(tree: &StoredTree, size: u64) -> TreeHead {
    TreeHead { size, root: root_at(size, tree).unwrap() }
}

#[test]
fn every_root_and_proof_of_a_small_tree_equals_the_naive_one() {
    let tree = StoredTree::of_size(40);
    for size in 1..=40_u64 {
        let leaves = &tree.levels[0][..size as usize];
        assert_eq!(root_at(size, &tree).unwrap(), naive_root(leaves), "root of {size}");
        for index in 0..size {
            let proof = inclusion_proof(LeafInTree { index, size }, &tree).unwrap();
            assert_eq!(proof.hashes, naive_path(index as usize, leaves), "leaf {index} of {size}");
        }
        for from in 1..=size {
            let proof = consistency_proof(TreeGrowth { from, to: size }, &tree).unwrap();
            assert_eq!(proof.hashes, naive_subproof(from as usize, leaves, true), "{from} to {size}");
        }
    }
}

#[test]
fn every_proof_of_a_small_tree_verifies_and_none_verifies_another_claim() {
    let tree = StoredTree::of_size(20);
    for size in 1..=20_u64 {
        for index in 0..size {
            let proof = inclusion_proof(LeafInTree { index, size }, &tree).unwrap();
            for claimed in 0..=size {
                let leaf = tree.levels[0][index as usize];
                let claim = InclusionClaim { index: claimed, leaf, tree: head(&tree, size) };
                assert_eq!(proof.verify(&claim).is_ok(), claimed == index, "{index} as {claimed} of {size}");
            }
        }
        for from in 0..=size {
            let proof = consistency_proof(TreeGrowth { from, to: size }, &tree).unwrap();
            let (old, new) = (head(&tree, from), head(&tree, size));
            proof.verify(&ConsistencyClaim { old, new }).unwrap();
            let forged = TreeHead { root: Hash::from_bytes([7; 32]), ..old };
            assert!(proof.verify(&ConsistencyClaim { old: forged, new }).is_err(), "{from} to {size}");
            let forged = TreeHead { root: Hash::from_bytes([7; 32]), ..new };
            let is_trivial = from == 0;
            assert_eq!(proof.verify(&ConsistencyClaim { old, new: forged }).is_ok(), is_trivial);
        }
    }
}

#[test]
fn proofs_in_a_tree_of_three_levels_read_two_tiles_of_each() {
    let size = 70_000;
    let tree = StoredTree::of_size(size);
    assert_eq!(tree.levels.iter().map(Vec::len).collect::<Vec<_>>(), [70_000, 273, 1, 0, 0, 0, 0, 0]);
    assert_eq!(root_at(size, &tree).unwrap(), tree.frontier.root());
    assert!(tree.reads.take().len() <= 3);
    let naive = naive_root(&tree.levels[0]);
    assert_eq!(tree.frontier.root(), naive);
    for index in [0, 255, 256, 65_535, 65_536, 69_887, 69_999] {
        let proof = inclusion_proof(LeafInTree { index, size }, &tree).unwrap();
        assert_eq!(proof.hashes, naive_path(index as usize, &tree.levels[0]));
        let reads = tree.reads.take();
        assert!(reads.len() <= 6, "{reads:?}");
    }
}

#[test]
fn a_store_that_lost_hashes_is_noticed() {
    struct Forgetful(StoredTree);
    impl HashReader for Forgetful {
        type Error = std::convert::Infallible;
        fn hashes(&self, level: u8, range: std::ops::Range<u64>) -> Result<Vec<Hash>, Self::Error> {
            let mut hashes = self.0.hashes(level, range)?;
            hashes.pop();
            Ok(hashes)
        }
    }
    let forgetful = Forgetful(StoredTree::of_size(10));
    let result = root_at(10, &forgetful);
    assert_eq!(result, Err(TreeError::MissingHashes { level: 0, range: 0..10, found: 9 }));
}

#[test]
fn questions_that_make_no_sense_are_refused() {
    let tree = StoredTree::of_size(3);
    let outside = inclusion_proof(LeafInTree { index: 3, size: 3 }, &tree);
    assert_eq!(outside, Err(TreeError::Question(Error::LeafOutsideTree { index: 3, size: 3 })));
    let reversed = consistency_proof(TreeGrowth { from: 3, to: 2 }, &tree);
    assert_eq!(reversed, Err(TreeError::Question(Error::SizesReversed { from: 3, to: 2 })));
}

#[test]
fn a_proof_of_another_length_is_refused_for_every_size() {
    for size in [1, 2, 3, 255, 256, u64::MAX - 1, u64::MAX] {
        let tree = TreeHead { size, root: Hash::EMPTY_ROOT };
        let proof = InclusionProof { hashes: vec![Hash::EMPTY_ROOT; 65] };
        let claim = InclusionClaim { index: size / 2, leaf: Hash::EMPTY_ROOT, tree };
        assert_eq!(proof.verify(&claim), Err(Error::ProofLength));
    }
}

/// A tree of any size whose leaves are all alike, so that nothing of it need be stored.
struct UniformTree;

impl HashReader for UniformTree {
    type Error = std::convert::Infallible;

    fn hashes(&self, level: u8, range: std::ops::Range<u64>) -> Result<Vec<Hash>, Self::Error> {
        let mut hash = annals_tlog::leaf_hash(b"alike");
        (0..8 * level).for_each(|_| hash = annals_tlog::node_hash(&hash, &hash));
        Ok(vec![hash; (range.end - range.start) as usize])
    }
}

proptest! {
    #[test]
    fn proofs_hold_up_to_the_largest_size(sizes in prop::array::uniform3(prop_oneof![any::<u64>(), (u64::MAX - 300)..=u64::MAX])) {
        let mut sizes = sizes.map(|size| size.max(1));
        sizes.sort_unstable();
        let [index, from, size] = sizes;
        let index = index.min(size - 1);
        let head = |size| TreeHead { size, root: root_at(size, &UniformTree).unwrap() };
        let inclusion = inclusion_proof(LeafInTree { index, size }, &UniformTree).unwrap();
        let leaf = annals_tlog::leaf_hash(b"alike");
        prop_assert_eq!(inclusion.verify(&InclusionClaim { index, leaf, tree: head(size) }), Ok(()));
        let consistency = consistency_proof(TreeGrowth { from, to: size }, &UniformTree).unwrap();
        prop_assert_eq!(consistency.verify(&ConsistencyClaim { old: head(from), new: head(size) }), Ok(()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn other_implementations_agree(size in 1_u64..1_500, a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let tree = StoredTree::of_size(size);
        let index = a.index(size as usize) as u64;
        let from = 1 + b.index(size as usize) as u64;
        let (root, old_root) = (root_at(size, &tree).unwrap(), root_at(from, &tree).unwrap());
        let inclusion = inclusion_proof(LeafInTree { index, size }, &tree).unwrap();
        let consistency = consistency_proof(TreeGrowth { from, to: size }, &tree).unwrap();

        let mut theirs = ct_merkle::mem_backed_tree::MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
        (0..size).for_each(|index| theirs.push(stored_tree::entry(index)));
        let their_root = theirs.root();
        prop_assert_eq!(their_root.as_bytes().as_slice(), root.as_bytes().as_slice());
        let path = theirs.prove_inclusion(index as usize);
        prop_assert_eq!(path.as_bytes(), concatenated(&inclusion.hashes));
        if from < size {
            let their_proof = theirs.prove_consistency((size - from) as usize);
            prop_assert_eq!(their_proof.as_bytes(), concatenated(&consistency.hashes));
        }

        let leaf = tree.levels[0][index as usize];
        let path = inclusion.hashes.iter().copied().map(sigstore).collect::<Vec<_>>();
        sigstore_merkle::verify_inclusion_proof(&sigstore(leaf), index, size, &path, &sigstore(root)).unwrap();
        let proof = consistency.hashes.iter().copied().map(sigstore).collect::<Vec<_>>();
        sigstore_merkle::verify_consistency_proof(from, size, &proof, &sigstore(old_root), &sigstore(root)).unwrap();
    }

    #[test]
    fn a_frontier_goes_on_from_bytes_and_from_stored_hashes(size in 0_u64..1_200, more in 0_u64..300) {
        let grown = StoredTree::of_size(size + more);
        let mut from_bytes = Frontier::from_bytes(&StoredTree::of_size(size).frontier.to_bytes()).unwrap();
        let mut from_hashes = Frontier::read(size, &grown).unwrap();
        prop_assert_eq!(&from_bytes, &from_hashes);
        for leaf in &grown.levels[0][size as usize..] {
            from_bytes.push(*leaf, |_| ());
            from_hashes.push(*leaf, |_| ());
        }
        prop_assert_eq!(&from_bytes, &grown.frontier);
        prop_assert_eq!(&from_hashes, &grown.frontier);
    }

    #[test]
    fn arbitrary_proofs_verify_nothing_and_never_panic(
        hashes in prop::collection::vec(any::<[u8; 32]>(), 0..70),
        sizes in prop::array::uniform2(prop_oneof![0_u64..20, any::<u64>()]),
        root in any::<[u8; 32]>(),
    ) {
        let hashes: Vec<Hash> = hashes.into_iter().map(Hash::from_bytes).collect();
        let root = Hash::from_bytes(root);
        let tree = TreeHead { size: sizes[1], root };
        let claim = InclusionClaim { index: sizes[0], leaf: Hash::EMPTY_ROOT, tree };
        let included = InclusionProof { hashes: hashes.clone() }.verify(&claim);
        prop_assert!(included.is_err());
        let claim = ConsistencyClaim { old: TreeHead { size: sizes[0], root: Hash::EMPTY_ROOT }, new: tree };
        let verified = annals_tlog::ConsistencyProof { hashes: hashes.clone() }.verify(&claim);
        prop_assert_eq!(verified.is_ok(), sizes[0] == 0 && hashes.is_empty());
    }
}

fn concatenated(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.to_bytes()).collect()
}

/// A hash in the other crate's type, whose name that crate does not export.
fn sigstore<T: From<[u8; 32]>>(hash: Hash) -> T {
    T::from(hash.to_bytes())
}
