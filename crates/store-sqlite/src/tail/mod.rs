//! What is committed but not indexed yet, in memory: every answer and every check includes it.

mod indexed_event;
mod lookup;
mod segment;
mod shared;

pub(crate) use indexed_event::IndexedEvent;
pub(crate) use segment::{Entry, Segment, ZONE_LEN};
pub(crate) use shared::{Tail, TailView};
