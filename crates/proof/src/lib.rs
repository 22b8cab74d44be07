//! Proves a log and checks it, over the traits of `annals-store`.
//!
//! Who holds the log's key signs its checkpoints here ([`CheckpointSigner`]), and never two that contradict
//! each other: what was signed last lies in a file outside the store. Receipts are made and checked, a whole
//! log is verified from its rows, and a log is published as files that any C2SP client reads.
//!
//! The hashing and the formats are those of `annals-tlog`; this crate brings them together with a store and
//! with files. There is no SQL here, no network and no output for people; it never changes an event, and it
//! repairs nothing.

mod durable_file;
mod error;
mod file_name;
mod key_file;
mod receipt;
mod signer;
mod signing_state;
mod signing_task;
mod stored_hashes;
mod tiles;
mod verify;

pub use error::ProofError;
pub use key_file::{KeyStore, read_key_file};
pub use receipt::{CheckedReceipt, EventDisclosure, EventProof, check_receipt, prove_event};
pub use signer::CheckpointSigner;
pub use signing_state::SigningState;
pub use signing_task::{SigningStatus, SigningTask};
pub use tiles::{TilesWritten, write_tiles};
pub use verify::{Verification, VerifyOptions, VerifyProgress, verify};
