//! The texts of filters: times as people write them, predicates, and what they say of a payload.

use annals_cli::fuzzing::{description, moments};
use annals_event::JsonObject;
use annals_store::{Comparison, PayloadPredicate};

use crate::choices::split_at_byte;
use crate::json_oracle::Json;

/// A predicate or a time, a line feed, and a payload.
pub(crate) fn check(input: &[u8]) {
    let (filter, payload) = split_at_byte(input, b'\n');
    let (Ok(filter), Ok(payload)) = (std::str::from_utf8(filter), std::str::from_utf8(payload)) else {
        return;
    };
    check_moments(filter);
    let told = description(payload);
    assert!(!told.contains(char::is_control));
    if let Ok(predicate) = filter.parse::<PayloadPredicate>() {
        let again = predicate.to_string().parse::<PayloadPredicate>();
        assert_eq!(again.as_ref(), Ok(&predicate), "it is written as it is read");
        if let Ok(payload) = JsonObject::new(payload) {
            check_predicate(&predicate, &payload);
        }
        let _ = predicate.holds(&JsonObject::from_stored(payload));
    }
}

fn check_moments(text: &str) {
    for zone in ["UTC", "Europe/Berlin"] {
        if let Ok([first, last]) = moments(text, zone) {
            assert!(first <= last);
            assert_eq!(moments(&first.to_string(), zone), Ok([first, first]));
        }
    }
    assert!(moments("2026-11-20", text).is_err() || !text.is_empty());
}

/// The comparisons agree with each other, whatever stands there.
fn check_predicate(predicate: &PayloadPredicate, payload: &JsonObject) {
    let holds = |comparison| PayloadPredicate { comparison, ..predicate.clone() }.holds(payload);
    let exists = holds(Comparison::Exists);
    assert_eq!(exists, payload.at(&predicate.pointer).is_some());
    assert_eq!(holds(Comparison::Equal) || holds(Comparison::NotEqual), exists);
    assert!(!(holds(Comparison::Equal) && holds(Comparison::NotEqual)));
    assert!(!(holds(Comparison::Less) && holds(Comparison::GreaterOrEqual)));
    assert_eq!(
        holds(Comparison::Less) || holds(Comparison::Greater) || is_ordered_equal(&holds),
        holds(Comparison::LessOrEqual) || holds(Comparison::GreaterOrEqual)
    );
    assert!(!holds(Comparison::Equal) || holds(Comparison::Contains), "what is equal is contained");
    let Some(found) = payload.at(&predicate.pointer) else { return };
    let wanted = Json::parse(&predicate.value.to_string()).expect("it is JSON");
    let value = Json::parse(found).expect("it is JSON");
    assert_eq!(holds(Comparison::Equal), value.is_same(&wanted), "{predicate} of {payload}");
    assert_eq!(holds(Comparison::Contains), value.holds(&wanted), "{predicate} of {payload}");
    let itself = format!("{} = {found}", predicate.pointer);
    if let Ok(itself) = itself.parse::<PayloadPredicate>() {
        assert!(itself.holds(payload), "{itself} of {payload}");
    }
}

fn is_ordered_equal(holds: &impl Fn(Comparison) -> bool) -> bool {
    holds(Comparison::LessOrEqual) && holds(Comparison::GreaterOrEqual)
}
