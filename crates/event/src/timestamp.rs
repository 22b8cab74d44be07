use std::borrow::Cow;
use std::fmt;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::fmt::StdFmtWrite;
use jiff::fmt::temporal::{DateTimeParser, DateTimePrinter, PiecesOffset};

use crate::InvalidEvent;

/// 0001-01-01T00:00:00Z in microseconds.
const MIN_MICROS: i64 = -62_135_596_800_000_000;

/// 9999-12-31T23:59:59.999999Z in microseconds.
const MAX_MICROS: i64 = 253_402_300_799_999_999;

static PARSER: DateTimeParser = DateTimeParser::new();
static PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(6));

/// A moment in UTC, in microseconds; finer digits are cut.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self(0);

    /// The moment `micros` microseconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`InvalidEvent::Timestamp`] outside the years 0001 to 9999.
    pub fn from_micros(micros: i64) -> Result<Self, InvalidEvent> {
        if (MIN_MICROS..=MAX_MICROS).contains(&micros) {
            return Ok(Self(micros));
        }
        let reason = "it lies outside the years 0001 to 9999".into();
        Err(InvalidEvent::Timestamp { value: format!("{micros} µs"), reason })
    }

    /// Microseconds since 1970-01-01T00:00:00Z, negative before it.
    #[must_use]
    pub fn as_micros(self) -> i64 {
        self.0
    }

    /// The same moment as `jiff` knows it, for calendars and time zones; the last 26 hours of the year 9999 lie
    /// beyond what it knows and become its last moment.
    #[must_use]
    pub fn as_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::MAX)
    }

    /// The date and time of day in UTC.
    fn civil(self) -> Option<DateTime> {
        DateTime::constant(1970, 1, 1, 0, 0, 0, 0).checked_add(SignedDuration::from_micros(self.0)).ok()
    }
}

/// Reads RFC 3339 into microseconds. Unlike `jiff::Timestamp` it knows the last 26 hours of the year 9999.
fn parse_micros(text: &str) -> Result<i64, String> {
    let pieces = PARSER.parse_pieces(text).map_err(|error| error.to_string())?;
    let seconds = match pieces.offset() {
        Some(PiecesOffset::Zulu) => 0,
        Some(PiecesOffset::Numeric(numeric)) => numeric.offset().seconds(),
        _ => return Err("it has no offset from UTC; add Z or, for instance, +02:00".into()),
    };
    let time = pieces.time().ok_or("it has no time of day")?;
    let since_epoch =
        pieces.date().to_datetime(time).duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0));
    let nanos = since_epoch.as_nanos() - i128::from(seconds) * 1_000_000_000;
    i64::try_from(nanos.div_euclid(1_000)).map_err(|_| "it is out of range".into())
}

/// RFC 3339 has no limit on fraction digits, `jiff` has nine: the rest is cut before it reads.
fn cut_fraction(text: &str) -> Cow<'_, str> {
    let Some(point) = text.find(['.', ',']) else { return Cow::Borrowed(text) };
    let (before, fraction) = text.split_at(point + 1);
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    if digits <= 9 {
        return Cow::Borrowed(text);
    }
    let (kept, rest) = (fraction.get(..9), fraction.get(digits..));
    Cow::Owned(format!("{before}{}{}", kept.unwrap_or_default(), rest.unwrap_or_default()))
}

impl fmt::Display for Timestamp {
    /// RFC 3339 with six fraction digits and `Z`: `2026-11-20T10:30:00.004211Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(moment) => PRINTER.print_timestamp(&moment, StdFmtWrite(f)).map_err(|_| fmt::Error),
            Err(_) => {
                let moment = self.civil().ok_or(fmt::Error)?;
                PRINTER.print_datetime(&moment, StdFmtWrite(&mut *f)).map_err(|_| fmt::Error)?;
                f.write_str("Z")
            }
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for Timestamp {
    type Err = InvalidEvent;

    /// Reads RFC 3339; an offset (or `Z`) is needed.
    fn from_str(value: &str) -> Result<Self, InvalidEvent> {
        let micros = parse_micros(&cut_fraction(value));
        let invalid = |reason| InvalidEvent::Timestamp { value: value.to_owned(), reason };
        Self::from_micros(micros.map_err(invalid)?).map_err(|error| match error {
            InvalidEvent::Timestamp { reason, .. } => invalid(reason),
            other => other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finer_digits_are_cut_also_before_1970() {
        let later: Timestamp = "2026-11-20T10:30:00.1234569Z".parse().unwrap();
        assert_eq!(later.to_string(), "2026-11-20T10:30:00.123456Z");
        let earlier: Timestamp = "1969-12-31T23:59:59.99999999999999Z".parse().unwrap();
        assert_eq!(earlier.to_string(), "1969-12-31T23:59:59.999999Z");
    }

    #[test]
    fn an_offset_is_needed_and_turned_into_utc() {
        assert!("2026-11-20T10:30:00".parse::<Timestamp>().is_err());
        assert!("2026-11-20".parse::<Timestamp>().is_err());
        let moment: Timestamp = "2011-10-01T00:38:44.546+02:00".parse().unwrap();
        assert_eq!(moment.to_string(), "2011-09-30T22:38:44.546000Z");
    }

    #[test]
    fn the_last_moment_of_the_year_9999_is_a_time() {
        let last: Timestamp = "9999-12-31T23:59:59.999999Z".parse().unwrap();
        assert_eq!(last.to_string(), "9999-12-31T23:59:59.999999Z");
        assert!("9999-12-31T23:59:59.999999-00:01".parse::<Timestamp>().is_err());
    }

    #[test]
    fn times_outside_four_digit_years_are_refused() {
        assert!("-000001-01-01T00:00:00Z".parse::<Timestamp>().is_err());
        assert!(Timestamp::from_micros(MIN_MICROS - 1).is_err());
        assert_eq!(Timestamp::from_micros(MIN_MICROS).unwrap().to_string(), "0001-01-01T00:00:00.000000Z");
    }
}
