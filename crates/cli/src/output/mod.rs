//! How answers are printed: rows and documents, in the format asked for.

mod cell;
mod console;
mod document;
mod event;
mod format;
mod past;
mod rows;
mod summary;
mod table;

pub(crate) use cell::{Cell, Heading};
pub(crate) use console::Console;
pub(crate) use document::{Document, print_document};
pub(crate) use format::{Format, record_format};
pub(crate) use past::{
    EventPlace, Story, Telling, clipped, elapsed, indented, write_annotated, write_changes,
};
pub(crate) use rows::{Row, RowWriter};
