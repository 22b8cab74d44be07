use std::sync::Arc;

use annals_event::{StreamName, StreamVersion};

use crate::event_ref::EventRef;
use crate::value::Value;

/// So many events that came late are named.
const LATE_NAMED_MAX: usize = 100;

/// The state of an aggregate at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct StateAt {
    /// The aggregate.
    pub stream: StreamName,
    /// The event behind which it stands: the last one that was folded. `None` before the first event.
    pub last: Option<EventRef>,
    /// The events that came late.
    pub late: Late,
    /// The state, an object.
    pub state: Arc<Value>,
    /// Where the answer comes from.
    pub source: Source,
    /// How many events were read and folded for it.
    pub folded: u64,
}

/// Events that had happened by the moment asked for, and stand in the stream behind one that had not. They are in the
/// state; whoever looked at the stream's order alone would leave them out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Late {
    /// How many there are.
    pub count: u64,
    /// The first ones in version order, at most 100.
    pub events: Vec<EventRef>,
}

/// Where an answer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// All events were folded.
    Replay,
    /// The events behind a snapshot of this version were folded.
    Snapshot(StreamVersion),
    /// The answer was known.
    Cache,
}

impl StateAt {
    /// The version of the last event that was folded; 0 before the first event.
    #[must_use]
    pub fn version(&self) -> StreamVersion {
        self.last.as_ref().map_or(StreamVersion(0), |last| last.version)
    }
}

impl Late {
    pub(crate) fn push(&mut self, event: EventRef) {
        self.count += 1;
        if self.events.len() < LATE_NAMED_MAX {
            self.events.push(event);
        }
    }
}
