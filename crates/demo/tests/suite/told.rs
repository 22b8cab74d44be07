//! A story as it was told.

use annals_demo::{Business, Moment};
use annals_event::{NewEvent, Timestamp};
use serde_json::Value;

/// The midnight with which the stories begin.
pub(crate) const START: &str = "2026-10-01T00:00:00Z";

pub(crate) fn start() -> Timestamp {
    START.parse().unwrap()
}

/// So many days, hours and minutes after the beginning.
pub(crate) fn at(day: i64, hour: i64, minute: i64) -> Timestamp {
    let minutes = (day * 24 + hour) * 60 + minute;
    Timestamp::from_micros(start().as_micros() + minutes * 60_000_000).unwrap()
}

/// A business whose first thirty days were told.
pub(crate) fn month(seed: u64) -> (Business, Vec<Moment>) {
    let mut business = Business::new(seed, start());
    let moments = business.past(at(30, 0, 0)).collect();
    (business, moments)
}

/// Goes on for so many acts, one a second.
pub(crate) fn go_on(business: &mut Business, acts: i64) -> Vec<Moment> {
    let second = |n| Timestamp::from_micros(at(30, 9, 0).as_micros() + n * 1_000_000).unwrap();
    (0..acts).map(|n| business.next(second(n))).collect()
}

pub(crate) fn events(moments: &[Moment]) -> impl Iterator<Item = &NewEvent> {
    moments.iter().flat_map(|moment| &moment.append.events)
}

pub(crate) fn payload(event: &NewEvent) -> Value {
    serde_json::from_str(event.payload.as_str()).unwrap()
}

/// An amount in hundredths, or a number as it is.
pub(crate) fn cents(value: &Value) -> i64 {
    let text = value.to_string();
    let (whole, hundredths) = text.split_once('.').unwrap_or((&text, "00"));
    assert_eq!(hundredths.len(), 2, "{text} is no amount");
    format!("{whole}{hundredths}").parse().unwrap()
}

pub(crate) fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no number"))
}
