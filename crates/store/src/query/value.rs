//! JSON values compared as `jsonb` compares them: numbers by exact value, members in any order.

use std::cmp::Ordering;

use annals_event::Decimal;
use serde_json::{Number, Value};

fn decimal(number: &Number) -> Option<Decimal> {
    Decimal::parse(&number.to_string())
}

/// Whether two values are the same.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => decimal(left) == decimal(right),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| equal(left, right)))
        }
        _ => left == right,
    }
}

/// The order of two numbers or of two strings.
pub(super) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(decimal(left)?.cmp(&decimal(right)?)),
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// Whether `left @> right`. At the top an array also contains a scalar that is one of its elements.
/// Source: PostgreSQL's documentation, section "jsonb Containment and Existence".
pub(super) fn contains(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(elements), scalar) if !scalar.is_array() && !scalar.is_object() => {
            elements.iter().any(|element| equal(element, scalar))
        }
        _ => contains_nested(left, right),
    }
}

fn contains_nested(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            right.iter().all(|(name, right)| left.get(name).is_some_and(|left| contains_nested(left, right)))
        }
        (Value::Array(left), Value::Array(right)) => {
            right.iter().all(|right| left.iter().any(|left| contains_nested(left, right)))
        }
        _ => equal(left, right),
    }
}
