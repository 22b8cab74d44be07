use annals_event::{Position, RecordedEvent};

/// In which order events are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// From the oldest to the newest.
    #[default]
    Forwards,
    /// From the newest to the oldest.
    Backwards,
}

/// Which part of a query's answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// The order.
    pub direction: Direction,
    /// Where to go on: forwards only greater positions, backwards only lesser ones.
    pub after: Option<Position>,
    /// Only positions below this size of the log, so that all pages show the same log.
    pub size: Option<u64>,
    /// At most so many events, at least one.
    pub events_max: usize,
    /// After so many bytes of payload and metadata no further event is added.
    pub bytes_max: usize,
}

/// A part of a query's answer, read in one short transaction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The events that match, in the order asked for.
    pub events: Vec<RecordedEvent>,
    /// Where to go on: every match up to here was given, by this page or those before.
    /// `None` when nothing further can match. A page may be empty and yet have a place to go on from.
    pub resume: Option<Position>,
    /// The size of the log that the page saw: what was asked for, or less where the log holds less.
    pub size: u64,
}

impl Default for PageRequest {
    /// The first 1,000 events, at most 4 MiB.
    fn default() -> Self {
        Self {
            direction: Direction::Forwards,
            after: None,
            size: None,
            events_max: 1_000,
            bytes_max: 4 << 20,
        }
    }
}
