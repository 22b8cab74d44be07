//! The Merkle tree and its formats: everything that makes a log provable.
//!
//! RFC 6962 hashing, proofs by RFC 9162, and the C2SP formats byte for byte, so that independent
//! tools can check a log of Annals. From the event to the proof:
//!
//! 1. [`Commitments`] hide an event's fields, and [`EntryDraft`] makes its leaf entry of them.
//! 2. [`Frontier`] grows the tree by the leaf's hash.
//! 3. [`SignedCheckpoint`] states the tree's size and root under a [`Signer`]'s key.
//! 4. [`inclusion_proof`] and [`consistency_proof`] read the stored hashes through a
//!    [`HashReader`]; [`TilePath`], [`encode_tile`] and [`encode_bundle`] publish them.
//! 5. [`Receipt`] holds all that one entry's proof needs, and verifies offline.
//!
//! This crate is *not* a log: it does no I/O, reads no clock, draws no randomness and knows no
//! store. Whoever keeps hashes gives them through [`HashReader`]; whoever holds a key signs, and
//! answers for never signing a head that does not extend the last one. Everything that parses what
//! others send returns an [`Error`] and never panics.
//!
//! ```
//! use annals_tlog::{
//!     Frontier, InclusionProof, LogCheckpoint, Origin, Receipt, SignedCheckpoint, Signer, SigningKey,
//!     leaf_hash,
//! };
//!
//! let mut tree = Frontier::new();
//! tree.push(leaf_hash(b"first"), |_| ());
//! tree.push(leaf_hash(b"second"), |_| ());
//!
//! let origin: Origin = "example.com/log42".parse()?;
//! let key = SigningKey::from_seed(origin.clone().into(), &[7; 32]);
//! let head = LogCheckpoint { origin, size: tree.size(), root: tree.root(), extensions: Vec::new() };
//! let checkpoint = SignedCheckpoint::sign(&head, &key)?;
//!
//! let proof = InclusionProof { hashes: vec![leaf_hash(b"first")] };
//! let receipt = Receipt { extra: None, index: 1, proof, checkpoint }.to_string();
//!
//! let received = Receipt::parse(receipt.as_bytes())?;
//! assert_eq!(received.verify(b"second", [key.verifier_key()])?.size, 2);
//! assert!(received.verify(b"altered", [key.verifier_key()]).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
mod sha256;
mod subtree;
mod tile;

pub use bundle::{ENTRY_LEN_MAX, encode_bundle, parse_bundle};
pub use checkpoint::{LogCheckpoint, SignedCheckpoint};
pub use commitment::{Commitments, CommittedTexts, commit, derive_salt};
pub use cosignature::{CosignerKey, CosigningKey};
pub use entry::{EntryDraft, EntryFields, EntryText, recompute_entry, recompute_leaf_hash};
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
