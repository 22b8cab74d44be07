//! An audit-grade event store: what an application depends on.
//!
//! This crate is a facade. It names the vocabulary and the traits in one place and opens stores; there is
//! no logic of events, queries or proofs here, and no command line.

mod location;
mod log;
mod options;

pub use annals_event::{
    ActorId, AggregateId, AggregateType, Commitment, Committed, CommittedField, Context, ContextBuilder,
    CursorName, Decimal, EventId, EventType, InvalidEvent, InvalidJson, JsonForm, JsonObject, JsonPointer,
    JsonProblem, Limits, LogName, NewEvent, Opening, Position, RecordedEvent, SchemaVersion, Secret,
    StreamName, StreamVersion, Tag, Tags, Timestamp, write_json_string,
};
pub use annals_proof::{
    CheckedReceipt, CheckpointSigner, EventDisclosure, EventProof, ProofError, SigningStatus, SigningTask,
    Verification, VerifyOptions, VerifyProgress, check_receipt, prove_event, verify,
};
pub use annals_store::{
    Append, AppendCondition, Appended, CheckpointStore, Clock, Comparison, Counts, CursorAdvance,
    CursorStore, CursorValue, DeadLetter, DeadLetterId, DeadLetterState, DeadLetterStore, Delivery,
    Direction, EventReader, EventStore, ExpectedVersion, Head, IdConflict, Inspection, MemoryStore,
    NewDeadLetter, Page, PageRequest, PayloadPredicate, Placement, Problem, ProofStore, Query, QueryItem,
    Randomness, ReadOptions, SnapshotStore, Statistics, Store, StoreError, StreamCatalog, StreamFilter,
    StreamSummary, Subscription, SystemClock, SystemRandomness, TimeRange,
};
pub use annals_tlog::{Hash, LogCheckpoint, Note, Origin, Receipt, SignedCheckpoint, Signer, VerifierKey};

pub use location::{InvalidLocation, Location};
pub use log::{Log, LogError, Signing, open_for_reading, open_for_writing, repair};
pub use options::{KeyLocation, StateLocation, WritingOptions};
