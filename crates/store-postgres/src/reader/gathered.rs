//! The look-ups that have events in another order than that of reading: by what a payload contains, and by the order of
//! its values.

use annals_event::JsonObject;
use annals_store::{Comparison, PayloadPredicate, QueryItem};
use serde_json::Value;

use super::filter::{LookUp, Ordered, Way};
use crate::payload_path::{PayloadPaths, is_kept};

/// A demand may be fulfilled by payloads of so many forms at the most.
const FORMS_MAX: usize = 8;

/// Such a look-up.
#[derive(Debug)]
pub(super) struct Gathered {
    pub(super) way: Way,
    /// What the names of its indexes end in, of which not every block has one.
    pub(super) index: String,
}

/// Those that find what fulfils an item, the one first that finds less, mostly.
pub(super) fn gathered(item: &QueryItem, paths: &PayloadPaths) -> impl Iterator<Item = Gathered> {
    by_content(&item.payload).into_iter().chain(by_order(&item.payload, paths))
}

fn by_content(demands: &[PayloadPredicate]) -> Option<Gathered> {
    let forms = demands.iter().find_map(forms)?;
    let way = Way { look_up: LookUp::Content, keys: Some(forms), predicates: 1 };
    Some(Gathered { way, index: "_by_content".to_owned() })
}

fn by_order(demands: &[PayloadPredicate], paths: &PayloadPaths) -> Option<Gathered> {
    let ((path, number), kind, pointer) = demands.iter().find_map(|demand| {
        let is_bound = is_lower(demand.comparison) || is_upper(demand.comparison);
        let kind = order_of(&demand.value).filter(|_| is_bound)?;
        Some((paths.order_at(&demand.pointer)?, kind, &demand.pointer))
    })?;
    let of_this =
        |demand: &&PayloadPredicate| demand.pointer == *pointer && order_of(&demand.value) == Some(kind);
    let end = |is_end: fn(Comparison) -> bool| {
        demands.iter().filter(of_this).find(|demand| is_end(demand.comparison)).map(|demand| &demand.value)
    };
    let ends = [end(is_lower), end(is_upper)];
    let predicates = ends.iter().flatten().count();
    let key = Value::from_iter(ends.map(|end| end.cloned().unwrap_or_default())).to_string();
    let way = Way { look_up: LookUp::Order(path, kind), keys: Some(vec![key]), predicates };
    Some(Gathered { way, index: format!("_by_order_{number}") })
}

fn is_lower(comparison: Comparison) -> bool {
    matches!(comparison, Comparison::Greater | Comparison::GreaterOrEqual)
}

fn is_upper(comparison: Comparison) -> bool {
    matches!(comparison, Comparison::Less | Comparison::LessOrEqual)
}

/// The values among which one has an order, if the database can hold it.
fn order_of(value: &Value) -> Option<Ordered> {
    let order = match value {
        Value::Number(_) => Ordered::Numbers,
        Value::String(_) => Ordered::Texts,
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    is_kept(value).then_some(order)
}

/// Documents of which every payload that fulfils a demand contains one; nothing where the index has no keys for them.
fn forms(demand: &PayloadPredicate) -> Option<Vec<String>> {
    let value = &demand.value;
    let mut forms = vec![value.to_string()];
    match demand.comparison {
        Comparison::Equal => {}
        // An array contains its elements only where it is not inside of something.
        Comparison::Contains if !value.is_array() && !value.is_object() => forms.push(format!("[{value}]")),
        Comparison::Contains => {}
        _ => return None,
    }
    if !has_scalar(value) {
        return None;
    }
    for step in demand.pointer.steps().iter().rev() {
        let name = Value::from(step.as_str());
        // An array contains what one of its elements contains, whichever it is.
        let arrays = forms.iter().filter(|_| is_index(step)).map(|form| format!("[{form}]"));
        forms = forms.iter().map(|form| format!("{{{name}:{form}}}")).chain(arrays).collect();
        if forms.len() > FORMS_MAX {
            return None;
        }
    }
    // A payload is an object, and no other that contains one of these was let in.
    forms.retain(|form| form.starts_with('{'));
    let are_kept = !forms.is_empty() && forms.iter().all(|form| JsonObject::new(form.as_str()).is_ok());
    are_kept.then_some(forms)
}

/// Whether there is anything in a value but empty arrays and objects, for which the index has no keys.
fn has_scalar(value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.iter().any(has_scalar),
        Value::Object(members) => members.values().any(has_scalar),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// Whether a step may lead to an element of an array.
fn is_index(step: &str) -> bool {
    !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms_of(demand: &str) -> Option<Vec<String>> {
        forms(&demand.parse().unwrap())
    }

    #[test]
    fn a_demand_is_fulfilled_by_few_forms() {
        let known: [(&str, &[&str]); 6] = [
            ("/a/b = 1.50", &[r#"{"a":{"b":1.50}}"#]),
            (r#"/a contains {"b":[{}, 1]}"#, &[r#"{"a":{"b":[{},1]}}"#]),
            ("/a contains x", &[r#"{"a":"x"}"#, r#"{"a":["x"]}"#]),
            (r#"/a/0/b = "é""#, &[r#"{"a":{"0":{"b":"é"}}}"#, r#"{"a":[{"b":"é"}]}"#]),
            ("/0/b = 1", &[r#"{"0":{"b":1}}"#]),
            (r#"/"a = null"#, &[r#"{"\"a":null}"#]),
        ];
        for (demand, expected) in known {
            assert_eq!(forms_of(demand).unwrap(), expected, "{demand}");
        }
    }

    #[test]
    fn what_has_no_keys_or_cannot_be_stored_has_no_forms() {
        let long = format!("{} = 1", "/a".repeat(101));
        let none = ["/a != 1", "/a exists", "/a > 1", "/a contains {}", r#"/a = [{"b":[]}]"#, "/0/0/0/0 = 1"];
        let not_kept = ["/a = 1e400", "/a = 1e-20000", r#"/a = "\u0000""#, &long];
        for demand in none.into_iter().chain(not_kept) {
            assert_eq!(forms_of(demand), None, "{demand}");
        }
    }
}
