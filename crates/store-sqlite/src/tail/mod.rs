//! What is committed but not indexed yet, in memory: every answer and every check includes it.

mod segment;
mod shared;

pub(crate) use segment::{IndexedEvent, Segment, ZONE_LEN};
pub(crate) use shared::{Tail, TailView};
