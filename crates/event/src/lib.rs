//! The vocabulary of Annals: what an event is before and after it is recorded.
//!
//! Every identifier and number has a type of its own, every text that a producer wrote is kept
//! byte for byte, and whatever cannot be stored alike on every database is refused here, with its
//! place. There is no SQL, no HTTP, no async, no clock, no randomness and no hashing in this crate.

mod commitment;
mod context;
mod error;
mod event_id;
mod json;
mod limits;
mod name;
mod new_event;
mod number;
mod recorded_event;
mod stream_name;
mod tags;
mod timestamp;

pub use commitment::{Commitment, Committed, CommittedField, Opening, Salt, Secret};
pub use context::{Context, ContextBuilder};
pub use error::InvalidEvent;
pub use event_id::EventId;
pub use json::{Decimal, InvalidJson, JsonObject, JsonPointer, JsonProblem, json_value, write_json_string};
pub use limits::Limits;
pub use name::{ActorId, AggregateId, AggregateType, CursorName, EventType, LogName, Tag};
pub use new_event::NewEvent;
pub use number::{Position, SchemaVersion, StreamVersion};
pub use recorded_event::{JsonForm, RecordedEvent};
pub use stream_name::StreamName;
pub use tags::Tags;
pub use timestamp::Timestamp;
