use std::borrow::Cow;
use std::fmt;

use jiff::fmt::StdFmtWrite;
use jiff::fmt::temporal::DateTimePrinter;

use crate::InvalidEvent;

/// 0001-01-01T00:00:00Z in microseconds.
const MIN_MICROS: i64 = -62_135_596_800_000_000;

static PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(6));

/// A moment in UTC, in microseconds; finer digits are cut.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self(jiff::Timestamp::UNIX_EPOCH);

    /// The moment `micros` microseconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`InvalidEvent::Timestamp`] outside the years 0001 to 9999.
    pub fn from_micros(micros: i64) -> Result<Self, InvalidEvent> {
        let out_of_range = || InvalidEvent::Timestamp {
            value: format!("{micros} µs"),
            reason: "it lies outside the years 0001 to 9999".into(),
        };
        if micros < MIN_MICROS {
            return Err(out_of_range());
        }
        jiff::Timestamp::from_microsecond(micros).map(Self).map_err(|_| out_of_range())
    }

    /// Microseconds since 1970-01-01T00:00:00Z, negative before it.
    #[must_use]
    pub fn as_micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// The same moment as `jiff` knows it, for calendars and time zones.
    #[must_use]
    pub fn as_jiff(self) -> jiff::Timestamp {
        self.0
    }
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
        PRINTER.print_timestamp(&self.0, StdFmtWrite(f)).map_err(|_| fmt::Error)
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
        let invalid = |reason: String| InvalidEvent::Timestamp { value: value.to_owned(), reason };
        let moment: jiff::Timestamp =
            cut_fraction(value).parse().map_err(|e: jiff::Error| invalid(e.to_string()))?;
        let micros = moment.as_nanosecond().div_euclid(1_000);
        i64::try_from(micros)
            .ok()
            .and_then(|micros| Self::from_micros(micros).ok())
            .ok_or_else(|| invalid("it lies outside the years 0001 to 9999".into()))
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
    fn times_outside_four_digit_years_are_refused() {
        assert!("-000001-01-01T00:00:00Z".parse::<Timestamp>().is_err());
        assert!(Timestamp::from_micros(MIN_MICROS - 1).is_err());
        assert_eq!(Timestamp::from_micros(MIN_MICROS).unwrap().to_string(), "0001-01-01T00:00:00.000000Z");
    }
}
