//! Moments in UTC with microseconds.

use annals_event::Timestamp;
use proptest::prelude::*;

/// 0001-01-01T00:00:00Z and 9999-12-30T22:00:00Z.
const RANGE: std::ops::RangeInclusive<i64> = -62_135_596_800_000_000..=253_402_207_200_000_000;

fn moment() -> impl Strategy<Value = Timestamp> {
    RANGE.prop_map(|micros| Timestamp::from_micros(micros).unwrap())
}

proptest! {
    #[test]
    fn microseconds_come_back(micros in RANGE) {
        prop_assert_eq!(Timestamp::from_micros(micros).unwrap().as_micros(), micros);
    }

    #[test]
    fn text_comes_back_and_has_six_digits_and_z(moment in moment()) {
        let text = moment.to_string();
        prop_assert_eq!(text.parse::<Timestamp>(), Ok(moment));
        prop_assert_eq!((text.len(), &text[19..20], &text[26..]), (27, ".", "Z"));
    }

    #[test]
    fn texts_are_in_the_order_of_moments(one in moment(), two in moment()) {
        prop_assert_eq!(one.cmp(&two), one.to_string().cmp(&two.to_string()));
        prop_assert_eq!(one.cmp(&two), one.as_micros().cmp(&two.as_micros()));
    }

    #[test]
    fn an_offset_moves_the_moment(moment in moment(), minutes in -1_439..=1_439_i64) {
        // The same digits, said to be local: the moment lies so many minutes earlier.
        let (sign, size) = (if minutes < 0 { '-' } else { '+' }, minutes.abs());
        let text = moment.to_string().replace('Z', &format!("{sign}{:02}:{:02}", size / 60, size % 60));
        let expected = Timestamp::from_micros(moment.as_micros() - minutes * 60_000_000);
        match expected {
            Ok(expected) => prop_assert_eq!(text.parse::<Timestamp>(), Ok(expected)),
            Err(_) => prop_assert!(text.parse::<Timestamp>().is_err()),
        }
    }

    #[test]
    fn finer_digits_are_cut_and_missing_ones_are_zero(moment in moment(), digits in "[0-9]{1,30}") {
        let second = moment.as_micros().div_euclid(1_000_000);
        let text = Timestamp::from_micros(second * 1_000_000).unwrap().to_string();
        let text = format!("{}.{digits}Z", &text[..19]);
        let micros: i64 = format!("{digits:0<6}")[..6].parse().unwrap();
        prop_assert_eq!(text.parse::<Timestamp>(), Timestamp::from_micros(second * 1_000_000 + micros).map_err(|_| unreachable!()));
    }

    #[test]
    fn no_text_makes_it_panic(text in prop_oneof![any::<String>(), "[0-9TZ:.+-]{0,40}"]) {
        let _ = text.parse::<Timestamp>();
    }
}

#[test]
fn other_spellings_of_rfc_3339_are_read() {
    let expected: Timestamp = "2026-11-20T10:30:00.5Z".parse().unwrap();
    for text in [
        "2026-11-20t10:30:00.5z",
        "2026-11-20 10:30:00.5Z",
        "2026-11-20T10:30:00.500000+00:00",
        "2026-11-20T09:30:00.5-01:00",
    ] {
        assert_eq!(text.parse(), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_no_moment_is_refused() {
    for text in [
        "",
        "now",
        "2026-11-20",
        "2026-11-20T10:30:00",
        "10:30:00Z",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-11-20T24:00:01Z",
        "2026-11-20T10:60:00Z",
        "1795170600",
        "2026-11-20T10:30:00.Z",
        "2026-11-20T10:30:00Zx",
        "10000-01-01T00:00:00Z",
        "2026-11-20T10:30:00+99:00",
    ] {
        assert!(text.parse::<Timestamp>().is_err(), "{text:?}");
    }
}
