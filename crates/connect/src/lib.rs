//! Getting events in: decode → map → check → append, and dead letters for what cannot be stored.
//!
//! The pieces, in the order in which a record meets them:
//!
//! 1. [`RecordReader`] takes records out of bytes: lines of JSON or rows of CSV, gzip or not;
//! 2. a [`Mapping`] makes [`MappedEvent`]s of a record: a [`Preset`] or a jq program;
//! 3. every [`Validate`] may refuse an event at the door: a [`SchemaCheck`] holds it against JSON Schemas;
//! 4. [`Import::run`] appends them, counts, and hands a [`DeadLetter`] for each record that cannot be stored to a
//!    [`DeadLetterSink`]: lines of a file, or the log itself ([`LettersInLog`]).
//!
//! What this crate is *not*: it opens no files, reads no command line, prints nothing, and talks to no broker. It
//! keeps no place of its own in a source: ids that follow from the source make every import safe to repeat.

mod dead_letter;
mod dead_letter_sink;
mod error;
#[doc(hidden)]
pub mod fuzzing;
mod import;
mod mapping;
mod record;
mod refusal;
mod schema;
mod source_name;
mod validate;

pub use dead_letter::DeadLetter;
pub use dead_letter_sink::{DeadLetterSink, LettersInLog};
pub use error::ImportError;
pub use import::{Import, ImportReport, Progress};
pub use mapping::{JqMapping, MappedEvent, Mapping, Preset, Provenance, SourceEventId};
pub use record::{DecodeError, Decoded, Format, Record, RecordReader, decompressed};
pub use refusal::Refusal;
pub use schema::{Schema, SchemaCheck, SchemaError, WithoutSchema};
pub use source_name::SourceName;
pub use validate::Validate;
