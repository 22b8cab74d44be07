//! The Merkle tree and its formats: everything that makes a log provable.
//!
//! RFC 6962 hashing, proofs by RFC 9162, and the C2SP formats byte for byte, so that independent
//! tools can check a log of Annals.
//!
//! This crate is *not* a log: it does no I/O, reads no clock, draws no randomness and knows no
//! store. Whoever keeps hashes gives them through [`HashReader`]; whoever holds a key signs.
//! Everything that parses what others send returns an [`Error`] and never panics.

mod bundle;
mod checkpoint;
mod commitment;
mod cosignature;
mod decimal;
mod entry;
mod error;
mod frontier;
mod hash;
mod key_name;
mod note;
mod proof;
mod prove;
mod range_root;
mod receipt;
mod recorded_at;
mod subtree;
mod tile;

pub use bundle::{ENTRY_LEN_MAX, encode_bundle, parse_bundle};
pub use checkpoint::{LogCheckpoint, SignedCheckpoint};
pub use commitment::{Commitments, CommittedTexts, commit, derive_salt};
pub use cosignature::{CosignerKey, CosigningKey};
pub use entry::{EntryDraft, EntryFields, recompute_entry, recompute_leaf_hash};
pub use error::Error;
pub use frontier::{Frontier, TREE_SIZE_MAX};
pub use hash::{Hash, leaf_hash, node_hash};
pub use key_name::{KeyName, ORIGIN_LEN_MAX, Origin};
pub use note::{
    KeyId, NOTE_LEN_MAX, NOTE_SIGNATURES_MAX, Note, NoteSignature, Signer, SignerError, SigningKey,
    VerifierKey,
};
pub use proof::{
    ConsistencyClaim, ConsistencyProof, InclusionClaim, InclusionProof, LeafInTree, TreeGrowth, TreeHead,
};
pub use prove::{consistency_proof, inclusion_proof};
pub use range_root::root_at;
pub use receipt::{RECEIPT_LEN_MAX, Receipt};
pub use recorded_at::RecordedAtText;
pub use subtree::{CompleteSubtree, HashReader, TILE_WIDTH, TreeError};
pub use tile::{BundleCoordinate, TileCoordinate, TilePath, TileWidth, encode_tile, parse_tile};
