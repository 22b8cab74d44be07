use annals_event::{RecordedEvent, StreamVersion, Timestamp};

/// The moment at which a state is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// Behind the stream's last event.
    Now,
    /// Behind the event of this version; 0 is before the first event.
    Version(StreamVersion),
    /// What had happened by then: all events whose `timestamp` is not later, whenever they were recorded.
    Time(Timestamp),
    /// What was known then: all events whose `recordedAt` is not later.
    Recorded(Timestamp),
}

/// A part of a stream, between two moments, both included; open where there is none.
///
/// A time names the events whose `timestamp` (or `recordedAt`) lies on the right side of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// The first moment; [`Moment::Now`] leaves nothing.
    pub from: Option<Moment>,
    /// The last moment.
    pub to: Option<Moment>,
}

impl Span {
    /// Every event.
    pub const ALL: Self = Self { from: None, to: None };

    /// Whether an event lies in the part.
    pub(crate) fn contains(&self, event: &RecordedEvent) -> bool {
        let is_behind = match self.from {
            None => true,
            Some(Moment::Now) => false,
            Some(Moment::Version(version)) => event.version >= version,
            Some(Moment::Time(time)) => event.timestamp >= time,
            Some(Moment::Recorded(time)) => event.recorded_at >= time,
        };
        let is_before = match self.to {
            None | Some(Moment::Now) => true,
            Some(Moment::Version(version)) => event.version <= version,
            Some(Moment::Time(time)) => event.timestamp <= time,
            Some(Moment::Recorded(time)) => event.recorded_at <= time,
        };
        is_behind && is_before
    }
}
