//! What every log can do: append, be read in one order, be followed, be proven.
//!
//! The traits are small and each does one job; a backend implements all of them and passes the one
//! suite in `annals-store-conformance`. [`MemoryStore`] is the reference model: plain, linear, and the
//! oracle of the property tests. There is no SQL, no file and no network here, and nothing in these
//! traits locks, publishes or deletes.

mod append;
mod carry;
mod catalog;
mod checkpoint_store;
mod clock;
mod cursor;
mod dead_letter;
mod error;
mod event_store;
mod inspection;
mod log_stream;
mod memory;
mod newest;
mod page;
mod prepare;
mod proof_store;
mod query;
mod reading;
mod snapshot;
mod subscription;

pub use append::{Append, AppendCondition, Appended, Authority, ExpectedVersion, Placement};
pub use carry::{CarryStore, prepare_carried};
pub use catalog::{Counts, SnapshotCounts, Statistics, StreamCatalog, StreamFilter, StreamSummary};
pub use checkpoint_store::CheckpointStore;
pub use clock::{Clock, Randomness, SystemClock, SystemRandomness};
pub use cursor::{CursorAdvance, CursorStore, CursorValue};
pub use dead_letter::{DeadLetter, DeadLetterId, DeadLetterState, DeadLetterStore, NewDeadLetter};
pub use error::{IdConflict, StoreError};
pub use event_store::{EventStore, Head, Store};
pub use inspection::{Findings, Inspection, Inspector, Problem};
pub use log_stream::log_stream;
pub use memory::MemoryStore;
pub use newest::NewestEvents;
pub use page::{Direction, Page, PageRequest};
pub use prepare::{CarriedPlace, PreparedAppend, PreparedEvent, Preparer};
pub use proof_store::{LeafPlace, ProofStore, ProvableEvent, StoredRow};
pub use query::{Comparison, PayloadPredicate, Query, QueryItem, TimeRange};
pub use reading::{EventReader, ReadOptions};
pub use snapshot::{Snapshot, SnapshotKey, SnapshotStore};
pub use subscription::{Delivery, Subscription};
