//! Names, ids and times: what is read is written the same, and read again to the same.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use annals_event::{
    ActorId, AggregateId, AggregateType, CursorName, EventId, EventType, JsonPointer, LogName, StreamName,
    Tag, Timestamp,
};
use annals_store::Comparison;
use annals_tlog::{KeyName, Origin};

pub(crate) fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    is_written_as_read::<ActorId>(text);
    is_written_as_read::<AggregateId>(text);
    is_written_as_read::<AggregateType>(text);
    is_written_as_read::<CursorName>(text);
    is_written_as_read::<EventType>(text);
    is_written_as_read::<JsonPointer>(text);
    is_written_as_read::<KeyName>(text);
    is_written_as_read::<LogName>(text);
    is_written_as_read::<Origin>(text);
    is_written_as_read::<StreamName>(text);
    is_written_as_read::<Tag>(text);
    is_read_again::<Comparison>(text);
    is_read_again::<EventId>(text);
    is_read_again::<Timestamp>(text);
    check_time(text);
}

fn is_written_as_read<T: FromStr + Display + PartialEq + Debug>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        assert_eq!(read.to_string(), text);
    }
    is_read_again::<T>(text);
}

/// The written form is a normal form.
fn is_read_again<T: FromStr + Display + PartialEq + Debug>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        let written = read.to_string();
        let again =
            written.parse::<T>().unwrap_or_else(|_| panic!("{written:?} is written and cannot be read"));
        assert_eq!(again, read);
    }
}

/// `jiff` knows the same moments, but for those at the end of the year 9999.
fn check_time(text: &str) {
    let (Ok(time), Ok(moment)) = (text.parse::<Timestamp>(), text.parse::<jiff::Timestamp>()) else { return };
    let micros = moment.as_nanosecond().div_euclid(1_000);
    assert_eq!(i128::from(time.as_micros()), micros);
}
