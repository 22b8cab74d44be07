//! The forms in which events, answers and questions cross the border of Annals, on the command line and over HTTP.
//!
//! What goes out: [`Record`]s, written as JSON, as lines of JSON or as CSV by a [`RecordWriter`]; an event, an
//! aggregate, a state and what changed it are such records, and [`StatsDocument`] and [`SnapshotDocument`] are
//! documents of their own. What comes in: an event in Annals's own form ([`new_event`]), times and moments as people
//! write them ([`Reference`]). What is exported has a signed [`Manifest`], and may have [`Redactions`].
//!
//! What this crate is *not*: it knows neither arguments nor requests, no terminal and no network, and does no I/O but
//! to an [`io::Write`](std::io::Write) that it is given. A payload is never taken apart and put together again: the
//! bytes that a producer wrote are the bytes that cross.

mod aggregate;
mod append;
mod description;
mod error_pages;
mod event;
mod export;
mod filter;
mod moment;
mod past;
mod records;
mod snapshot;
mod spreadsheet;
mod stats;
mod verification;

pub use aggregate::AggregateRow;
pub use append::{AppendedRow, Arrival, ForeignContext, event_in_form, new_event, read_back, write_appended};
pub use description::{Member, description, printable, scalar_members};
pub use error_pages::{ErrorPage, PAGES};
pub use event::{ERASED, EVENT_COLUMNS, EventRow, event_actor};
pub use export::{Digest, ExportRecord, HashingWriter, Manifest, Redaction, Redactions, redaction};
pub use filter::in_words;
pub use moment::{End, Reference, TimeKind};
pub use past::{
    ChangeRow, Explained, LeafRow, StateRow, StepRow, TimelineRow, UndoAnswer, compact, write_changes_json,
    write_event_refs,
};
pub use records::{Record, RecordFormat, RecordWriter};
pub use snapshot::SnapshotDocument;
pub use spreadsheet::safe_cell;
pub use stats::{Distinct, Ranking, SnapshotsDocument, StateCacheDocument, StatsDocument};
pub use verification::{PeriodDocument, PredecessorDocument, ProblemDocument, VerificationDocument};
