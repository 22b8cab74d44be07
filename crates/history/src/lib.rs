//! The state of aggregates at any moment, what changed it, and who set each part of it.
//!
//! Every answer follows from the events of one stream, folded in the order of their versions by the stream's
//! [`Reducer`]. What helps to be fast (snapshots, a cache) changes no answer and may be lost at any time.
//!
//! What this crate is *not*: it knows no store but by the traits of `annals-store`, reads no configuration, prints
//! nothing, and never appends an event. Time comes from the events, not from a clock.

mod ahead;
mod cache;
mod change;
mod error;
mod event_ref;
mod fingerprint;
mod fold;
#[doc(hidden)]
pub mod fuzzing;
mod history;
mod jq;
mod merge;
mod moment;
mod pace;
mod path;
mod provenance;
mod rules;
mod snapshot;
mod snapshotter;
mod state_at;
mod stream;
mod value;

pub use cache::CacheStatistics;
pub use change::{Change, changes};
pub use error::{HistoryError, ProgramFailure};
pub use event_ref::EventRef;
pub use history::{
    Blame, BlamedLeaf, Diff, History, Replay, SnapshotRun, Snapshots, States, Step, Timeline, TimelineEntry,
    Undo, Undone,
};
pub use jq::{JqOptions, JqReducer, Upcaster};
pub use moment::{Moment, Span};
pub use pace::{Pace, Rest};
pub use path::{Path, PathStep};
pub use rules::{Reducer, Rules};
pub use snapshot::SnapshotSummary;
pub use snapshotter::Snapshotter;
pub use state_at::{Late, Source, StateAt};
pub use value::{InvalidValue, Members, Number, Value};
