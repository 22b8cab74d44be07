//! Statements about the payload: their order, their text.

use annals_event::{JsonObject, json_value};
use annals_store::{Comparison, PayloadPredicate};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

const COMPARISONS: [Comparison; 8] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::LessOrEqual,
    Comparison::Greater,
    Comparison::GreaterOrEqual,
    Comparison::Exists,
    Comparison::Contains,
];

/// Whether the payload's `/v`, written as the literal, stands in this relation to the value.
fn holds(literal: &str, comparison: Comparison, value: &str) -> bool {
    let payload = JsonObject::new(format!(r#"{{"v":{literal}}}"#)).unwrap();
    let value = json_value(value).unwrap();
    PayloadPredicate { pointer: "/v".parse().unwrap(), comparison, value }.holds(&payload)
}

fn orders(literal: &str, value: &str) -> [bool; 6] {
    [0, 1, 2, 3, 4, 5].map(|at| holds(literal, COMPARISONS[at], value))
}

/// What the six comparisons say when the value is less, equal or greater.
const LESS: [bool; 6] = [false, true, true, true, false, false];
const EQUAL: [bool; 6] = [true, false, false, true, false, true];
const GREATER: [bool; 6] = [false, true, false, false, true, true];
/// What they say of two different values without an order.
const UNORDERED: [bool; 6] = [false, true, false, false, false, false];

#[test]
fn numbers_compare_by_exact_value() {
    assert_eq!(orders("1.10", "1.1"), EQUAL);
    assert_eq!(orders("11e-1", "1.1"), EQUAL);
    assert_eq!(orders("-0.0", "0"), EQUAL);
    assert_eq!(orders("9007199254740993", "9007199254740992"), GREATER);
    assert_eq!(orders("0.1", "0.1000000000000000000001"), LESS);
    assert_eq!(orders("-5", "-4.9"), LESS);
}

#[test]
fn strings_compare_by_code_point() {
    assert_eq!(orders(r#""a""#, r#""\u0061""#), EQUAL);
    assert_eq!(orders(r#""Z""#, r#""a""#), LESS);
    assert_eq!(orders(r#""a""#, r#""""#), GREATER);
    assert_eq!(orders(r#""\uff5e""#, r#""😀""#), LESS);
}

#[test]
fn other_values_are_equal_or_not_and_have_no_order() {
    for (literal, value) in
        [("1", r#""1""#), ("true", "false"), ("null", "0"), ("[1]", "[2]"), ("{}", "[]"), ("true", "1")]
    {
        assert_eq!(orders(literal, value), UNORDERED, "{literal} and {value}");
    }
    for value in ["true", "null", "[1,{}]", r#"{"a":[]}"#] {
        let only_equal = [true, false, false, false, false, false];
        assert_eq!(orders(value, value), only_equal, "{value}");
    }
}

/// The names under which `serde_json` hides the digits of numbers and the texts of values.
#[test]
fn an_object_is_no_number_whatever_its_members_are_called() {
    for name in ["$serde_json::private::Number", "$serde_json::private::RawValue"] {
        let object = format!(r#"{{"{name}":"5"}}"#);
        assert!(!holds(&object, Comparison::Equal, "5"));
        assert!(!holds(&object, Comparison::GreaterOrEqual, "5"));
        assert!(holds(&object, Comparison::Equal, &object));
        assert!(holds(&object, Comparison::NotEqual, "5"));
    }
}

#[test]
fn nothing_but_exists_holds_of_null_and_nothing_at_all_of_what_is_absent() {
    assert!(holds("null", Comparison::Exists, "null"));
    let payload = JsonObject::empty();
    for comparison in COMPARISONS {
        let predicate = PayloadPredicate { pointer: "/v".parse().unwrap(), comparison, value: Value::Null };
        assert!(!predicate.holds(&payload), "{comparison}");
    }
}

#[test]
fn a_statement_is_read_from_its_text() {
    let read = |text: &str| text.parse::<PayloadPredicate>();
    for (text, comparison, value) in [
        ("/a = 1", Comparison::Equal, "1"),
        ("/a == 1.50", Comparison::Equal, "1.50"),
        ("/a ≠ x y ", Comparison::NotEqual, "\"x y\""),
        ("  /a   !=\t\"x\"", Comparison::NotEqual, "\"x\""),
        ("/a <= [1, 2]", Comparison::LessOrEqual, "[1,2]"),
        ("/a ≥ null", Comparison::GreaterOrEqual, "null"),
        ("/a exists", Comparison::Exists, "null"),
        ("/a contains {\"b\": 1}", Comparison::Contains, "{\"b\":1}"),
    ] {
        let predicate = read(text).unwrap();
        assert_eq!(predicate.pointer.as_str(), "/a", "{text:?}");
        assert_eq!(
            (predicate.comparison, predicate.value.to_string()),
            (comparison, value.to_owned()),
            "{text:?}"
        );
    }
    for text in ["", "/a", "/a =", "/a exists 1", "a = 1", "/a ~ 1", "/~2 = 1", "= 1"] {
        assert!(read(text).is_err(), "{text:?}");
    }
}

proptest! {
    #[test]
    fn a_statement_comes_back_from_its_text(
        pointer in "(/[a-z~ä\"]{0,3}){0,3}",
        comparison in select(&COMPARISONS[..]),
        value in prop_oneof![any::<i64>().prop_map(Value::from), any::<String>().prop_map(Value::from), Just(Value::Null)],
    ) {
        let Ok(pointer) = pointer.parse() else { return Ok(()) };
        let value = if comparison == Comparison::Exists { Value::Null } else { value };
        let predicate = PayloadPredicate { pointer, comparison, value };
        prop_assume!(!predicate.pointer.as_str().is_empty());
        prop_assert_eq!(predicate.to_string().parse::<PayloadPredicate>(), Ok(predicate));
    }

    #[test]
    fn of_two_numbers_one_is_less_or_they_are_equal(one in "-?[0-3]{1}(\\.[0-3]{1,2})?", two in "-?[0-3]{1}(\\.[0-3]{1,2})?") {
        let hundredths = |text: &str| (text.parse::<f64>().unwrap() * 100.0).round() as i64;
        let expected = match hundredths(&one).cmp(&hundredths(&two)) {
            std::cmp::Ordering::Less => LESS,
            std::cmp::Ordering::Equal => EQUAL,
            std::cmp::Ordering::Greater => GREATER,
        };
        prop_assert_eq!(orders(&one, &two), expected, "{} and {}", one, two);
    }
}
