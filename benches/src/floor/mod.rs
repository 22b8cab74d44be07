//! The floors: what a raw client of the same database does without this project.

mod equal;
mod equal_index;
mod group;
mod lean;

use std::sync::Arc;

pub(crate) use equal::Equal;
pub(crate) use group::GroupCommit;
pub(crate) use lean::Lean;

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
