use annals::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde::Deserialize;
use utoipa::ToSchema;

const MINUTE_MICROS: i64 = 60_000_000;
const HOUR_MICROS: i64 = 60 * MINUTE_MICROS;

/// More buckets than this are too many for a picture.
const BUCKETS_MAX: i64 = 200;

/// How long a bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(rename_all = "lowercase")]
pub(crate) enum Interval {
    /// Sixty seconds.
    Minute,
    /// Sixty minutes, beginning as those of UTC do.
    Hour,
    /// A day of the calendar.
    Day,
    /// A week of the calendar, from Monday.
    Week,
    /// A month of the calendar.
    Month,
}

impl Interval {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The shortest interval of which there are not too many between the first and the last of these times.
    pub(super) fn fitting<'a>(mut times: impl DoubleEndedIterator<Item = &'a Timestamp>) -> Self {
        let first = times.next();
        let (Some(first), Some(last)) = (first, times.next_back().or(first)) else { return Self::Hour };
        let span = last.as_micros() - first.as_micros();
        let fits = |micros: i64| span / micros < BUCKETS_MAX;
        match () {
            () if fits(MINUTE_MICROS) => Self::Minute,
            () if fits(HOUR_MICROS) => Self::Hour,
            () if fits(24 * HOUR_MICROS) => Self::Day,
            () if fits(7 * 24 * HOUR_MICROS) => Self::Week,
            () => Self::Month,
        }
    }

    /// When the bucket begins in which `time` lies.
    pub(super) fn start_of(self, time: Timestamp, zone: &TimeZone) -> Timestamp {
        let floor = |micros: i64| {
            Timestamp::from_micros(time.as_micros().div_euclid(micros) * micros).unwrap_or(time)
        };
        let date = || time.as_jiff().to_zoned(zone.clone()).date();
        match self {
            Self::Minute => floor(MINUTE_MICROS),
            Self::Hour => floor(HOUR_MICROS),
            Self::Day => begin(date(), zone).unwrap_or(time),
            Self::Week => {
                let since_monday = date().weekday().since(Weekday::Monday);
                let monday = date().checked_sub(jiff::Span::new().days(since_monday));
                monday.ok().and_then(|monday| begin(monday, zone)).unwrap_or(time)
            }
            Self::Month => begin(date().first_of_month(), zone).unwrap_or(time),
        }
    }
}

/// The first moment of a date.
fn begin(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    let first = date.to_zoned(zone.clone()).ok()?.timestamp();
    Timestamp::from_micros(first.as_microsecond()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn days_weeks_and_months_are_those_of_the_zone() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let start = |interval: Interval| interval.start_of(time("2026-10-25T23:30:00Z"), &berlin).to_string();
        assert_eq!(start(Interval::Minute), "2026-10-25T23:30:00.000000Z");
        assert_eq!(start(Interval::Hour), "2026-10-25T23:00:00.000000Z");
        assert_eq!(start(Interval::Day), "2026-10-25T23:00:00.000000Z");
        assert_eq!(start(Interval::Week), "2026-10-25T23:00:00.000000Z");
        assert_eq!(start(Interval::Month), "2026-09-30T22:00:00.000000Z");
    }

    #[test]
    fn times_before_1970_lie_in_the_bucket_that_begins_before_them() {
        let before = Interval::Hour.start_of(time("1969-12-31T23:59:59.5Z"), &TimeZone::UTC);
        assert_eq!(before.to_string(), "1969-12-31T23:00:00.000000Z");
    }

    #[test]
    fn there_are_never_too_many_buckets() {
        let fitting = |last: &str| Interval::fitting([time("2026-01-01T00:00:00Z"), time(last)].iter());
        assert_eq!(fitting("2026-01-01T02:00:00Z"), Interval::Minute);
        assert_eq!(fitting("2026-01-05T00:00:00Z"), Interval::Hour);
        assert_eq!(fitting("2026-06-05T00:00:00Z"), Interval::Day);
        assert_eq!(fitting("2028-06-05T00:00:00Z"), Interval::Week);
        assert_eq!(fitting("2046-06-05T00:00:00Z"), Interval::Month);
    }
}
