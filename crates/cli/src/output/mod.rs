//! How answers are printed: rows and documents, in the format asked for.

mod cell;
mod console;
mod document;
mod event;
mod format;
mod records;
mod rows;
mod spreadsheet;
mod summary;
mod table;

pub(crate) use cell::{Cell, Heading};
pub(crate) use console::Console;
pub(crate) use document::{Document, print_document};
pub(crate) use event::{EVENT_COLUMNS, EventRow};
pub(crate) use format::Format;
pub(crate) use records::{Record, RecordFormat, RecordWriter};
pub(crate) use rows::{Row, RowWriter};
pub(crate) use summary::{description, printable};
