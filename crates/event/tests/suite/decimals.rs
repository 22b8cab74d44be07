//! Numbers by their exact value, against whole numbers of any length.

use std::cmp::Ordering;
use std::hash::{BuildHasher, RandomState};

use annals_event::Decimal;
use proptest::prelude::*;

/// What is multiplied out, so that every number of these tests becomes whole: more than its decimal places.
const SCALE: i64 = 200;

/// The number times 10^SCALE: its sign and its digits without leading zeros.
fn whole(literal: &str) -> (bool, String) {
    let (negative, rest) = (literal.starts_with('-'), literal.trim_start_matches('-'));
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let zeros = SCALE + exponent.parse::<i64>().unwrap() - after.len() as i64;
    let digits = format!("{before}{after}{}", "0".repeat(zeros.try_into().unwrap()));
    let digits = digits.trim_start_matches('0').to_owned();
    (negative && !digits.is_empty(), digits)
}

fn order(left: &str, right: &str) -> Ordering {
    let magnitude = |left: &str, right: &str| left.len().cmp(&right.len()).then_with(|| left.cmp(right));
    let ((left_negative, left), (right_negative, right)) = (whole(left), whole(right));
    match (left_negative, right_negative) {
        (false, false) => magnitude(&left, &right),
        (true, true) => magnitude(&right, &left),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    }
}

/// Literals of few digits, so that equal values in different spellings are frequent.
fn literal() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?[0-2]{1,3}(\\.[0-2]{1,3})?([eE][+-]?[0-3])?",
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?",
    ]
}

/// The same value in another spelling: without a point, with more zeros and so a lesser exponent.
fn respelled(literal: &str, zeros: i64) -> String {
    let (mantissa, exponent) = literal.split_once(['e', 'E']).unwrap_or((literal, "0"));
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.parse::<i64>().unwrap() - after.len() as i64 - zeros;
    format!("{before}{after}{}e{exponent}", "0".repeat(zeros as usize))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_order_is_that_of_whole_numbers(left in literal(), right in literal()) {
        let (ours, theirs) = (Decimal::parse(&left).unwrap(), Decimal::parse(&right).unwrap());
        prop_assert_eq!(ours.cmp(&theirs), order(&left, &right));
        prop_assert_eq!(theirs.cmp(&ours), order(&right, &left));
        prop_assert_eq!(ours == theirs, order(&left, &right).is_eq());
    }

    #[test]
    fn another_spelling_is_equal_and_has_the_same_hash(literal in literal(), zeros in 0..5_i64) {
        let other = respelled(&literal, zeros);
        prop_assert!(order(&literal, &other).is_eq(), "{} is not {}", literal, other);
        let (one, two) = (Decimal::parse(&literal).unwrap(), Decimal::parse(&other).unwrap());
        let hasher = RandomState::new();
        prop_assert_eq!(hasher.hash_one(&one), hasher.hash_one(&two));
        prop_assert_eq!(one, two);
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = Decimal::parse(&text);
    }
}

#[test]
fn what_is_no_number_is_refused() {
    for text in ["", "-", "a", "1a", ".5", "e5", "1e", "1e5.5", "--1", "1 ", "١", "1e99999999999999999999"] {
        assert_eq!(Decimal::parse(text), None, "{text:?}");
    }
}

#[test]
fn extreme_exponents_keep_their_order() {
    let ascending = [
        "-1e9223372036854775806",
        "-1",
        "-1e-9223372036854775807",
        "0",
        "1e-9223372036854775807",
        "1",
        "1e9223372036854775806",
    ];
    for (left, right) in ascending.iter().zip(&ascending[1..]) {
        assert!(Decimal::parse(left) < Decimal::parse(right), "{left} < {right}");
    }
    assert_eq!(Decimal::parse("-0e7"), Decimal::parse("0"));
}
