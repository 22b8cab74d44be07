//! A small log with its keys, a checkpoint, and receipts.

use annals_tlog::{
    CosigningKey, LeafInTree, LogCheckpoint, Receipt, SignedCheckpoint, SigningKey, inclusion_proof,
};

use crate::stored_tree::StoredTree;

pub(crate) const ORIGIN: &str = "example.com/log42";
pub(crate) const SIZE: u64 = 300;

pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(ORIGIN.parse().unwrap(), &[seed; 32])
}

pub(crate) fn witness(name: &str, seed: u8) -> CosigningKey {
    CosigningKey::from_seed(name.parse().unwrap(), &[seed; 32])
}

pub(crate) fn log_checkpoint(tree: &StoredTree) -> LogCheckpoint {
    let (size, root) = (tree.frontier.size(), tree.frontier.root());
    LogCheckpoint { origin: ORIGIN.parse().unwrap(), size, root, extensions: Vec::new() }
}

pub(crate) fn signed_checkpoint() -> SignedCheckpoint {
    SignedCheckpoint::sign(&log_checkpoint(&StoredTree::of_size(SIZE)), &key(1)).unwrap()
}

pub(crate) fn receipt(index: u64) -> Receipt {
    let tree = StoredTree::of_size(SIZE);
    let proof = inclusion_proof(LeafInTree { index, size: SIZE }, &tree).unwrap();
    Receipt { extra: Some(b"position".to_vec()), index, proof, checkpoint: signed_checkpoint() }
}
