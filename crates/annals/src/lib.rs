//! An audit-grade event store: what an application depends on.
//!
//! This crate is a facade. It names the vocabulary and the traits in one place and opens stores; there is
//! no logic of events, queries or proofs here, and no command line.
//!
//! ```
//! use annals::{Append, EventReader, EventType, JsonObject, NewEvent, Query, ReadOptions, StreamName, VerifyOptions};
//!
//! # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let options = annals::WritingOptions {
//! #     key: annals::KeyLocation::Folder(folder.path().join("keys")),
//! #     signing_state: annals::StateLocation::Folder(folder.path().join("state")),
//! #     ..Default::default()
//! # };
//! # let location = annals::Location::sqlite(folder.path().join("annals.db"));
//! // let (location, options) = ("sqlite:annals.db".parse()?, annals::WritingOptions::default());
//! let log = annals::open_for_writing(&location, &annals::LogName::main(), options).await?;
//!
//! let order = StreamName::new("Order", "order_456")?;
//! let placed = NewEvent::new(order.clone(), EventType::new("OrderPlaced")?, JsonObject::new(r#"{"total":99.90}"#)?);
//! let appended = log.events().append(Append::event(placed)).await?;
//! assert!(!appended.repeated);
//!
//! let mut reader = EventReader::new(log.events(), Query::stream(order), ReadOptions::default());
//! while let Some(page) = reader.next_page().await? {
//!     assert_eq!(page[0].payload.value().unwrap().as_str(), r#"{"total":99.90}"#);
//! }
//! drop(reader);
//!
//! assert!(annals::verify(&**log.store(), VerifyOptions::default()).await?.ok);
//! let signed = log.close().await?.expect("what holds events is signed");
//! assert_eq!(signed.unverified().size, 1);
//! # Ok(()) }
//! ```

mod backing;
mod backup;
mod copying;
mod keys;
mod location;
mod log;
mod options;
mod recovery;
mod snapshots;

pub use annals_event::{
    ActorId, AggregateId, AggregateType, Commitment, Committed, CommittedField, Context, ContextBuilder,
    CursorName, Decimal, EventId, EventType, InvalidEvent, InvalidJson, JsonForm, JsonObject, JsonPointer,
    JsonProblem, Limits, LogName, NewEvent, Opening, Position, RecordedEvent, SchemaVersion, Secret,
    StreamName, StreamVersion, Tag, Tags, Timestamp, write_json_string,
};
pub use annals_history as history;
pub use annals_jq as jq;
pub use annals_proof::{
    CheckedReceipt, CheckpointSigner, EventDisclosure, EventProof, KeyHistory, KeyPeriod, KeyRotation,
    Predecessor, ProofError, SigningStatus, SigningTask, TilesWritten, Verification, VerifyOptions,
    VerifyProgress, check_receipt, prove_event, read_tile, verify, verify_published, write_tiles,
};
pub use annals_store::{
    Append, AppendCondition, Appended, CheckpointStore, Clock, Comparison, Counts, CursorAdvance,
    CursorStore, CursorValue, DeadLetter, DeadLetterId, DeadLetterState, DeadLetterStore, Delivery,
    Direction, EventReader, EventStore, ExpectedVersion, Head, IdConflict, Inspection, MemoryStore,
    NewDeadLetter, NewestEvents, Page, PageRequest, PayloadPredicate, Placement, Problem, ProofStore, Query,
    QueryItem, Randomness, ReadOptions, Snapshot, SnapshotKey, SnapshotStore, Statistics, Store, StoreError,
    StreamCatalog, StreamFilter, StreamSummary, Subscription, SystemClock, SystemRandomness, TimeRange,
};
pub use annals_store_http::{HttpEventStore, HttpLocation, ServedReceipt, Token};
pub use annals_store_postgres::{ContainsIndex, OlderFormat};
pub use annals_store_sqlite::{Existing, Migration};
pub use annals_tlog::{
    Hash, LogCheckpoint, Note, Origin, Receipt, SignedCheckpoint, Signer, SigningKey, TilePath, TreeHead,
    VerifierKey,
};

pub use backup::{Alterations, Checked, CopyOptions, Migrated, Restored, backup, migrate, restore};
pub use copying::{Copied, CopyPlaces, copy};
pub use keys::{KeyReport, adopt_checkpoint, key_to_vouch, report_key, rotate_key, unsigned_reason};
pub use location::{InvalidLocation, Location};
pub use log::{
    Log, LogError, Signing, grant, open_for_reading, open_for_reading_with, open_for_writing, repair,
};
pub use options::{HistoryOptions, KeyLocation, PostgresSettings, StateLocation, WritingOptions};
pub use recovery::{Recovered, RecoveryPlaces, recover};
