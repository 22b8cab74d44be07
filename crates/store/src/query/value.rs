//! JSON values compared as `jsonb` compares them: numbers by exact value, members in any order.

use std::cmp::Ordering;
use std::collections::HashSet;

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
        (Value::Array(left), Value::Array(right)) => contains_elements(left, right),
        _ => equal(left, right),
    }
}

fn contains_elements(left: &[Value], right: &[Value]) -> bool {
    let one_by_one = |right: &Value| left.iter().any(|left| contains_nested(left, right));
    if right.len() < SCALARS_LOOKED_UP_MIN {
        return right.iter().all(one_by_one);
    }
    let scalars: HashSet<Scalar<'_>> = left.iter().filter_map(Scalar::of).collect();
    right.iter().all(|right| match Scalar::of(right) {
        Some(scalar) => scalars.contains(&scalar),
        None => one_by_one(right),
    })
}

/// So many elements are worth a set of what they are looked for in.
const SCALARS_LOOKED_UP_MIN: usize = 8;

/// What is neither array nor object, so that the same values are equal and have one hash.
#[derive(PartialEq, Eq, Hash)]
enum Scalar<'a> {
    Null,
    Bool(bool),
    /// `None` for all whose exponent is out of any range.
    Number(Option<Decimal>),
    String(&'a str),
}

impl<'a> Scalar<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        match value {
            Value::Null => Some(Self::Null),
            Value::Bool(value) => Some(Self::Bool(*value)),
            Value::Number(number) => Some(Self::Number(decimal(number))),
            Value::String(text) => Some(Self::String(text)),
            Value::Array(_) | Value::Object(_) => None,
        }
    }
}
