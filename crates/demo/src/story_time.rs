use annals_event::Timestamp;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A time in the story: milliseconds since the midnight with which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StoryTime(u64);

/// A span of the story's time, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span(u64);

impl StoryTime {
    /// A time of day, on a day that counts from 0.
    pub(crate) const fn on_day(day: u64, hour: u64, minute: u64) -> Self {
        Self(day * DAY + hour * HOUR + minute * MINUTE)
    }

    pub(crate) const fn day(self) -> u64 {
        self.0 / DAY
    }

    pub(crate) const fn hour(self) -> u64 {
        self.0 % DAY / HOUR
    }

    pub(crate) const fn later(self, by: Span) -> Self {
        Self(self.0 + by.0)
    }

    /// The next time that it is this hour and minute.
    pub(crate) const fn next_at(self, hour: u64, minute: u64) -> Self {
        let today = Self::on_day(self.day(), hour, minute);
        if today.0 > self.0 { today } else { Self(today.0 + DAY) }
    }

    /// How long it is until a later time; none until an earlier one.
    pub(crate) const fn until(self, later: Self) -> Span {
        Span(later.0.saturating_sub(self.0))
    }

    /// The moment in a story that begins at `start`.
    pub(crate) fn since(self, start: Timestamp) -> Timestamp {
        let micros = i64::try_from(self.0.saturating_mul(1_000)).unwrap_or(i64::MAX);
        // Nobody listens until the year 10000, where the story would stand still.
        Timestamp::from_micros(start.as_micros().saturating_add(micros)).unwrap_or(start)
    }
}

impl Span {
    pub(crate) const fn milliseconds(milliseconds: u64) -> Self {
        Self(milliseconds)
    }

    pub(crate) const fn seconds(seconds: u64) -> Self {
        Self(seconds * SECOND)
    }

    pub(crate) const fn minutes(minutes: u64) -> Self {
        Self(minutes * MINUTE)
    }

    pub(crate) const fn hours(hours: u64) -> Self {
        Self(hours * HOUR)
    }

    pub(crate) const fn as_milliseconds(self) -> u64 {
        self.0
    }

    /// So long before a moment.
    pub(crate) fn before(self, moment: Timestamp) -> Timestamp {
        let micros = i64::try_from(self.0.saturating_mul(1_000)).unwrap_or(i64::MAX);
        Timestamp::from_micros(moment.as_micros().saturating_sub(micros)).unwrap_or(moment)
    }
}
