//! Proves a log and checks it, over the traits of `annals-store`.
//!
//! Who holds the log's key signs its checkpoints here ([`CheckpointSigner`]), and never two that contradict
//! each other: what was signed last lies in a file outside the store. Receipts are made and checked, a whole
//! log is verified from its rows, and a log is published as files that any C2SP client reads.
//!
//! The hashing and the formats are those of `annals-tlog`; this crate brings them together with a store and
//! with files. There is no SQL here, no network and no output for people; it never changes an event, and it
//! repairs nothing.
//!
//! ```
//! use std::sync::Arc;
//!
//! use annals_event::{EventType, JsonObject, NewEvent, StreamName};
//! use annals_proof::{
//!     CheckpointSigner, KeyStore, SigningState, VerifyOptions, check_receipt, prove_event, verify,
//! };
//! use annals_store::{Append, EventStore, MemoryStore};
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! # let folder = tempfile::tempdir()?;
//! # let (keys, states) = (folder.path().join("keys"), folder.path().join("states"));
//! let store = Arc::new(MemoryStore::new());
//! let order = StreamName::new("Order", "order_456")?;
//! let placed = NewEvent::new(order, EventType::new("OrderPlaced")?, JsonObject::new(r#"{"total":99.99}"#)?);
//! let event_id = store.append(Append::event(placed)).await?.events[0].event_id;
//!
//! // Who writes the log signs it.
//! let key = KeyStore::in_folder(keys).load_or_create(store.origin())?;
//! let state = SigningState::in_folder(&states, store.origin());
//! let signer = CheckpointSigner::new(store.clone(), key, state)?;
//! let proof = prove_event(&*store, Some(&signer), event_id).await?;
//!
//! // Who has the two files and the log's key needs no log to check the event.
//! let (receipt, event_file) = (proof.receipt.to_string(), proof.disclosure.to_string());
//! let vkey = signer.verifier_key().clone();
//! let checked = check_receipt(receipt.as_bytes(), event_file.as_bytes(), &[vkey])?;
//! assert_eq!(checked.event.event_id, event_id);
//!
//! // Who has the log checks all of it.
//! assert!(verify(&*store, VerifyOptions::default()).await?.ok);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod durable_file;
mod error;
mod extension;
mod file_name;
mod key_file;
mod log_stream;
mod predecessor;
mod receipt;
mod rotation;
mod signer;
mod signing_state;
mod signing_task;
mod stored_hashes;
mod tiles;
mod verify;

pub use error::ProofError;
pub use extension::check_signing_state;
pub use key_file::{KeyStore, install_successor, read_key_file, read_or_create_key_file, successor_path};
pub use predecessor::Predecessor;
pub use receipt::{CheckedReceipt, EventDisclosure, EventProof, check_receipt, prove_event};
pub use rotation::{KeyHistory, KeyPeriod, KeyRotation};
pub use signer::CheckpointSigner;
pub use signing_state::SigningState;
pub use signing_task::{SigningStatus, SigningTask};
pub use tiles::{TilesWritten, read_tile, write_tiles};
pub use verify::{PublishedLog, Verification, VerifyOptions, VerifyProgress, verify, verify_published};
