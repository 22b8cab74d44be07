//! The floors: what a raw client of the same database does without this project.

mod equal;
mod equal_index;
mod equal_reader;
mod group;
mod lean;
mod lean_reader;

use std::sync::Arc;

pub(crate) use equal::{EQUAL_TRUTH_PRAGMAS, Equal};
pub(crate) use equal_index::EQUAL_INDEX_PRAGMAS;
pub(crate) use equal_reader::EqualReader;
pub(crate) use group::GroupCommit;
pub(crate) use lean::{LEAN_PRAGMAS, Lean};
pub(crate) use lean_reader::LeanReader;
use rusqlite::types::ValueRef;
use rusqlite::{Row, Rows};

use crate::error::Result;
use crate::events::EventValues;

/// Events that several threads look at.
pub(crate) type SharedEvents = Arc<[EventValues]>;

/// Whether a floor looks up a stream's last version before it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guard {
    /// It only writes.
    None,
    /// The version before must be the last.
    ExpectedVersion,
}

/// A raw client that writes.
pub(crate) trait Floor: Send {
    /// Writes the events with these numbers in one durable transaction.
    fn write(&mut self, events: &[usize], guard: Guard) -> Result<()>;

    /// Waits until everything is indexed.
    fn finish(&mut self) -> Result<()>;
}

/// Reads every column of each row that is wanted, and counts these rows.
fn step_through(rows: &mut Rows<'_>, wanted: impl Fn(&Row<'_>) -> bool) -> Result<u64> {
    let (mut count, mut bytes) = (0, 0);
    while let Some(row) = rows.next()? {
        if !wanted(row) {
            continue;
        }
        for column in 0..row.as_ref().column_count() {
            bytes += match row.get_ref(column)? {
                ValueRef::Text(value) | ValueRef::Blob(value) => value.len(),
                ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => 8,
            };
        }
        count += 1;
    }
    // Nothing may be left out because nobody looks at it.
    std::hint::black_box(bytes);
    Ok(count)
}
