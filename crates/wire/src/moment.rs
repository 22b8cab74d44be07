//! Times and moments as people give them.

use annals::history::Moment;
use annals::{StreamVersion, Timestamp};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};

/// What moments of a history there are.
const MOMENTS: &str =
    "a moment is a version, such as 3, a time, such as 2026-11-20T10:30:00Z, 2026-11-20 or 24h, or now";

/// Which end of a range a text gives; a bare date means its first or its last moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The first moment of the range.
    First,
    /// The last moment of the range.
    Last,
}

/// What a text is read against.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The moment that it is now.
    pub now: Timestamp,
    /// The zone of dates, and of times without an offset.
    pub zone: TimeZone,
}

/// Which of an event's times counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeKind {
    /// When it happened.
    #[default]
    Happened,
    /// When it was recorded.
    Recorded,
}

impl TimeKind {
    /// The moment of an aggregate's history that is a time of this kind.
    #[must_use]
    pub fn moment(self, time: Timestamp) -> Moment {
        match self {
            Self::Happened => Moment::Time(time),
            Self::Recorded => Moment::Recorded(time),
        }
    }
}

impl Reference {
    /// The moment of an aggregate's history that `text` means: a version, a time, or `now`. `end` says which moment of
    /// a bare date.
    ///
    /// # Errors
    /// What forms there are.
    pub fn moment_of_history(&self, text: &str, end: End, kind: TimeKind) -> Result<Moment, String> {
        if text == "now" {
            return Ok(Moment::Now);
        }
        if let Ok(version) = text.parse() {
            return Ok(Moment::Version(StreamVersion(version)));
        }
        let time = self.moment(text, end).map_err(|_| format!("{text:?} is no moment; {MOMENTS}"))?;
        Ok(kind.moment(time))
    }

    /// The moment that `text` means: RFC 3339, a date, a date and time in the zone, or how long ago (`24h`,
    /// `7d`; units s, m, h, d, w; a day has 24 hours).
    ///
    /// # Errors
    /// What forms there are.
    pub fn moment(&self, text: &str, end: End) -> Result<Timestamp, String> {
        let text = text.trim();
        if let Ok(moment) = text.parse() {
            return Ok(moment);
        }
        let found = match ago(text) {
            Some(span) => self.now.as_jiff().checked_sub(span).ok(),
            None => self.civil(text, end),
        };
        found.and_then(|moment| Timestamp::from_micros(moment.as_microsecond()).ok()).ok_or_else(|| {
            format!("{text:?} is no time; write 2026-11-20T10:30:00Z, a date such as 2026-11-20, or how long ago, as in 24h or 7d")
        })
    }

    fn civil(&self, text: &str, end: End) -> Option<jiff::Timestamp> {
        if let Some(date) = is_bare_date(text).then(|| text.parse::<Date>().ok()).flatten() {
            return match end {
                End::First => Some(date.to_zoned(self.zone.clone()).ok()?.timestamp()),
                End::Last => {
                    let next = date.tomorrow().ok()?.to_zoned(self.zone.clone()).ok()?;
                    next.timestamp().checked_sub(1.microsecond()).ok()
                }
            };
        }
        let time = text.parse::<DateTime>().ok()?;
        Some(time.to_zoned(self.zone.clone()).ok()?.timestamp())
    }
}

fn is_bare_date(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn ago(text: &str) -> Option<Span> {
    let unit = text.chars().next_back()?;
    let count: i64 = text.strip_suffix(unit)?.parse().ok().filter(|count| *count >= 0)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return None,
    };
    Span::new().try_seconds(count.checked_mul(seconds)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, end: End) -> Result<String, String> {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let reference = Reference { now: "2026-11-20T10:30:00Z".parse().unwrap(), zone };
        reference.moment(text, end).map(|moment| moment.to_string())
    }

    #[test]
    fn a_bare_date_is_the_whole_day_in_the_zone_also_when_the_clock_changes() {
        assert_eq!(read("2026-10-25", End::First).unwrap(), "2026-10-24T22:00:00.000000Z");
        assert_eq!(read("2026-10-25", End::Last).unwrap(), "2026-10-25T22:59:59.999999Z");
    }

    #[test]
    fn an_age_counts_back_from_now() {
        assert_eq!(read("24h", End::First).unwrap(), "2026-11-19T10:30:00.000000Z");
        assert_eq!(read("7d", End::Last).unwrap(), "2026-11-13T10:30:00.000000Z");
    }

    #[test]
    fn a_time_with_an_offset_is_that_moment_and_one_without_is_in_the_zone() {
        assert_eq!(read("2026-11-20T10:30:00+05:30", End::Last).unwrap(), "2026-11-20T05:00:00.000000Z");
        assert_eq!(read("2026-11-20T10:30", End::Last).unwrap(), "2026-11-20T09:30:00.000000Z");
    }

    #[test]
    fn refuses_what_is_no_time_and_what_lies_outside_all_years() {
        for text in ["", "yesterday", "7", "-7d", "9999999999999999w", "2026-13-01", "ü", "2026-11-31"] {
            assert!(read(text, End::First).is_err(), "{text}");
        }
    }
}
