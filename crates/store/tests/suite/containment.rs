//! `contains` is PostgreSQL's `@>` between `jsonb` values.

use annals_event::JsonObject;
use annals_store::{Comparison, PayloadPredicate};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Whether `left @> right`.
fn contains(left: &Value, right: &Value) -> bool {
    let payload = JsonObject::new(json!({ "v": left }).to_string()).unwrap();
    let pointer = "/v".parse().unwrap();
    PayloadPredicate { pointer, comparison: Comparison::Contains, value: right.clone() }.holds(&payload)
}

#[test]
fn as_postgresql_documents_it() {
    // PostgreSQL documentation, section 8.14.3 "jsonb Containment and Existence".
    assert!(contains(&json!("foo"), &json!("foo")));
    assert!(contains(&json!([1, 2, 3]), &json!([1, 3])));
    assert!(contains(&json!([1, 2, 3]), &json!([3, 1])));
    assert!(contains(&json!([1, 2, 3]), &json!([1, 2, 2])));
    let product = json!({ "product": "PostgreSQL", "version": 9.4, "jsonb": true });
    assert!(contains(&product, &json!({ "version": 9.4 })));
    assert!(!contains(&json!([1, 2, [1, 3]]), &json!([1, 3])));
    assert!(contains(&json!([1, 2, [1, 3]]), &json!([[1, 3]])));
    assert!(!contains(&json!({ "foo": { "bar": "baz" } }), &json!({ "bar": "baz" })));
    assert!(contains(&json!({ "foo": { "bar": "baz" } }), &json!({ "foo": {} })));
    // The special exception: an array may contain a primitive value, but not the other way round.
    assert!(contains(&json!(["foo", "bar"]), &json!("bar")));
    assert!(!contains(&json!("bar"), &json!(["bar"])));
}

#[test]
fn the_exception_for_primitive_values_holds_at_the_top_only() {
    assert!(!contains(&json!({ "a": ["foo"] }), &json!({ "a": "foo" })));
    assert!(!contains(&json!([["foo"]]), &json!("foo")));
    assert!(!contains(&json!([["foo"]]), &json!(["foo"])));
    assert!(contains(&json!([null, true, 1.50]), &json!(null)));
    assert!(!contains(&json!([{ "a": 1 }]), &json!({ "a": 1 })));
}

#[test]
fn values_of_different_kinds_contain_nothing_of_each_other() {
    let kinds = [json!(null), json!(true), json!(1), json!("1"), json!({}), json!([])];
    for (at, left) in kinds.iter().enumerate() {
        for (other, right) in kinds.iter().enumerate() {
            assert_eq!(contains(left, right), at == other, "{left} @> {right}");
        }
    }
}

/// Any value of few names and numbers.
/// One by one these would be ten thousand million comparisons.
#[test]
fn many_elements_are_looked_up() {
    let many = json!((0..200_000).collect::<Vec<u32>>());
    let wanted: Vec<Value> = (150_000..200_000).map(|number| json!(f64::from(number))).collect();
    assert!(contains(&many, &json!(wanted)));
    assert!(!contains(&many, &json!([wanted, vec![json!("7")]].concat())));
}

fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..4).prop_map(Value::from),
        "[ab]".prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map("[a-d]", inner, 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A part of a value: some members and elements left out, elements in reverse and twice.
fn part(value: &Value, keep: &mut impl Iterator<Item = bool>) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|_| keep.next().unwrap_or(true)).collect::<Vec<_>>();
            Value::Object(kept.into_iter().map(|(name, value)| (name.clone(), part(value, keep))).collect())
        }
        Value::Array(elements) => {
            let kept = elements.iter().filter(|_| keep.next().unwrap_or(true)).collect::<Vec<_>>();
            let parts: Vec<Value> = kept.into_iter().rev().map(|element| part(element, keep)).collect();
            Value::Array([parts.clone(), parts].concat())
        }
        scalar => scalar.clone(),
    }
}

/// The same value with one more member somewhere, which nothing else has.
fn with_more(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members = members.clone();
            members.insert("new".to_owned(), Value::from(1));
            Value::Object(members)
        }
        Value::Array(elements) => Value::Array([elements.clone(), vec![Value::from("new")]].concat()),
        _ => Value::from("new"),
    }
}

proptest! {
    #[test]
    fn every_value_contains_its_parts(value in value(), keep in vec(any::<bool>(), 0..40)) {
        let part = part(&value, &mut keep.into_iter());
        prop_assert!(contains(&value, &part), "{} @> {}", value, part);
        prop_assert!(contains(&value, &value));
    }

    #[test]
    fn no_value_contains_more_than_it_has(value in value()) {
        let more = with_more(&value);
        prop_assert!(!contains(&value, &more), "{} @> {}", value, more);
    }

    #[test]
    fn what_contains_each_other_twice_over_is_transitive(one in value(), two in value(), three in value()) {
        // Below the top, where the exception for primitive values plays no part.
        let [one, two, three] = [one, two, three].map(|value| json!({ "a": value }));
        if contains(&one, &two) && contains(&two, &three) {
            prop_assert!(contains(&one, &three));
        }
    }
}
