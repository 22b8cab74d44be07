use std::fmt;

use annals_event::{EventId, NewEvent, Position, StreamName, StreamVersion, Timestamp};

use crate::cursor::CursorAdvance;
use crate::query::Query;

/// One atomic unit: its events are recorded all or none, in the order given, with positions that follow
/// each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Append {
    /// The events in order, of one or more streams.
    pub events: Vec<NewEvent>,
    /// What must be true of streams beforehand, at most once per stream; others may be at any version.
    pub expected: Vec<(StreamName, ExpectedVersion)>,
    /// What must be true of the whole log beforehand.
    pub condition: Option<AppendCondition>,
    /// Cursors that move together with the events.
    pub cursors: Vec<CursorAdvance>,
    /// On whose behalf it is made.
    pub authority: Authority,
}

/// On whose behalf an append is made, and so in which streams it may record.
///
/// What a log says about itself decides which key speaks for it, and for which log it goes on. So whoever sends
/// events is a producer, and nothing that is read from outside ever makes it something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Authority {
    /// A producer's: every stream but the [`log_stream`](crate::log_stream).
    #[default]
    Producer,
    /// The log's own, for a rotation of its key and for its predecessor: that stream too.
    Log,
}

/// Precondition of an append on one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExpectedVersion {
    /// The stream may be at any version, or not exist.
    #[default]
    Any,
    /// The stream has no events.
    NoStream,
    /// The stream has events.
    StreamExists,
    /// The stream's last event has this version.
    Exactly(StreamVersion),
}

/// Precondition over a query (a dynamic consistency boundary).
#[derive(Debug, Clone, PartialEq)]
pub struct AppendCondition {
    /// The append fails if any event matches.
    pub fail_if_events_match: Query,
    /// Only events behind this position count; all when there is none.
    pub after: Option<Position>,
}

/// The answer to an append that is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// Where each event stands, in the order of the append.
    pub events: Vec<Placement>,
    /// Whether the append was a repeat, so that the places are those of the first time.
    pub repeated: bool,
}

/// Where an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// Its identity.
    pub event_id: EventId,
    /// Its place in the order of all events.
    pub position: Position,
    /// Its place in its stream.
    pub version: StreamVersion,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

impl Append {
    /// An append of one event, on a stream at any version.
    #[must_use]
    pub fn event(event: NewEvent) -> Self {
        Self { events: vec![event], ..Self::default() }
    }

    /// The same append with a precondition on `stream`.
    #[must_use]
    pub fn expecting(mut self, stream: StreamName, expected: ExpectedVersion) -> Self {
        self.expected.push((stream, expected));
        self
    }
}

impl From<NewEvent> for Append {
    fn from(event: NewEvent) -> Self {
        Self::event(event)
    }
}

impl ExpectedVersion {
    /// Whether a stream whose last event has version `actual` (none: no events) fulfils the precondition.
    #[must_use]
    pub fn holds(self, actual: Option<StreamVersion>) -> bool {
        match self {
            Self::Any => true,
            Self::NoStream => actual.is_none(),
            Self::StreamExists => actual.is_some(),
            Self::Exactly(version) => actual == Some(version),
        }
    }
}

impl fmt::Display for ExpectedVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::NoStream => f.write_str("none"),
            Self::StreamExists => f.write_str("exists"),
            Self::Exactly(version) => version.fmt(f),
        }
    }
}
