use annals_event::JsonPointer;
use annals_store::{Placement, PreparedAppend};

use crate::tail::Segment;

/// An append on its way to the writer, with what the index has to know of it: both are made in the caller's
/// task, so that little is left to do on the writer's turn.
pub(crate) struct Incoming {
    pub(super) append: PreparedAppend,
    /// Empty once the events are written: then it is part of the turn.
    indexed: Segment,
}

impl Incoming {
    pub(crate) fn new(append: PreparedAppend, payload_paths: &[JsonPointer]) -> Self {
        let indexed = Segment::of_append(&append, payload_paths);
        Self { append, indexed }
    }

    /// What the index has to know, now that the events have their places.
    pub(super) fn place(&mut self, placements: &[Placement]) -> Segment {
        let mut indexed = std::mem::take(&mut self.indexed);
        let first = placements.first().map_or(0, |placement| placement.position.0);
        indexed.place(first, placements.iter().map(|placement| placement.version));
        indexed
    }

    /// Makes the append ready for another turn, after one that failed.
    pub(super) fn renew(&mut self, payload_paths: &[JsonPointer]) {
        self.indexed = Segment::of_append(&self.append, payload_paths);
    }
}
