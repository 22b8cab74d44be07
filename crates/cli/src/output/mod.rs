//! How answers are printed: rows and documents, in the format asked for.

mod cell;
mod console;
mod document;
mod event;
mod format;
mod past;
mod records;
mod rows;
mod spreadsheet;
mod summary;
mod table;

pub(crate) use cell::{Cell, Heading};
pub(crate) use console::Console;
pub(crate) use document::{Document, print_document};
pub(crate) use event::{EVENT_COLUMNS, EventRow, event_actor};
pub(crate) use format::Format;
pub(crate) use past::{
    ChangeRow, EventPlace, Story, Telling, TimelineRow, clipped, compact, elapsed, indented, write_annotated,
    write_changes, write_changes_json, write_event_refs,
};
pub(crate) use records::{Record, RecordFormat, RecordWriter};
pub(crate) use rows::{Row, RowWriter};
pub(crate) use summary::{description, printable, scalar_members};
