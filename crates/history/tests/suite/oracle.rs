//! What a history must answer, computed in the plainest way: every state is folded anew from the first event, values
//! are compared as wholes.

use annals_event::json_value;
use serde_json::Value;

/// An event, as far as states depend on it.
#[derive(Debug, Clone)]
pub(crate) struct Happened {
    pub(crate) payload: String,
    /// The minute at which it happened.
    pub(crate) at: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Folding {
    Merge,
    Replace,
}

/// The state behind the events that are chosen, given with their versions.
pub(crate) fn state(events: &[Happened], folding: Folding, chosen: impl Fn(u64, &Happened) -> bool) -> Value {
    let mut state = Value::Object(serde_json::Map::new());
    for (event, _) in events.iter().zip(1..).filter(|(event, version)| chosen(*version, event)) {
        let payload = json_value(&event.payload).unwrap();
        match folding {
            Folding::Merge => merge(&mut state, payload),
            Folding::Replace => state = payload,
        }
    }
    state
}

/// The pseudocode of RFC 7396 section 2.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    for (name, value) in patch {
        if value.is_null() {
            target.as_object_mut().unwrap().remove(&name);
        } else {
            merge(target.as_object_mut().unwrap().entry(name).or_insert(Value::Null), value);
        }
    }
}

/// The leaves of a state by their pointers, each with the pointer of the value that must have changed if the leaf did.
pub(crate) fn leaves(value: &Value, folding: Folding) -> Vec<(String, Value, String)> {
    fn walk(value: &Value, pointer: &str, folding: Folding, leaves: &mut Vec<(String, Value, String)>) {
        match value {
            Value::Object(members) if !members.is_empty() => {
                for (name, value) in members {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    walk(value, &format!("{pointer}/{name}"), folding, leaves);
                }
            }
            Value::Array(elements) if !elements.is_empty() => {
                for (index, value) in elements.iter().enumerate() {
                    let leaf = format!("{pointer}/{index}");
                    let changed = if folding == Folding::Merge { pointer.to_owned() } else { leaf.clone() };
                    leaves.push((leaf, value.clone(), changed));
                }
            }
            leaf => leaves.push((pointer.to_owned(), leaf.clone(), pointer.to_owned())),
        }
    }
    let mut all = Vec::new();
    walk(value, "", folding, &mut all);
    all
}

/// For every leaf of the state behind the last event, the version that last changed it.
pub(crate) fn blame(events: &[Happened], folding: Folding) -> Vec<(String, Value, u64)> {
    let states: Vec<_> =
        (0..=events.len() as u64).map(|last| state(events, folding, |version, _| version <= last)).collect();
    let last_change = |pointer: &str| {
        let changed =
            |version: &usize| found(&states[version - 1], pointer) != found(&states[*version], pointer);
        // A payload that changes nothing leaves `{}` to the first event.
        (1..states.len()).rev().find(changed).unwrap_or(1) as u64
    };
    let leaves = leaves(states.last().unwrap(), folding);
    leaves.into_iter().map(|(pointer, value, changed)| (pointer, value, last_change(&changed))).collect()
}

/// The value at a pointer, and for each value on the way whether it is an array: in an array that becomes an object,
/// whatever has the same pointer is something else.
fn found<'a>(state: &'a Value, pointer: &str) -> Option<(&'a Value, Vec<bool>)> {
    let ways = pointer.match_indices('/').map(|(end, _)| &pointer[..end]);
    let arrays = ways.map(|way| state.pointer(way).is_some_and(Value::is_array)).collect();
    state.pointer(pointer).map(|value| (value, arrays))
}

/// Carries out a change as JSON Patch (RFC 6902) would.
pub(crate) fn apply(state: &mut Value, pointer: &str, new: Option<Value>) {
    let Some((parent, step)) = pointer.rsplit_once('/') else {
        *state = new.unwrap();
        return;
    };
    let name = step.replace("~1", "/").replace("~0", "~");
    match state.pointer_mut(parent).unwrap() {
        Value::Object(members) => match new {
            Some(value) => drop(members.insert(name, value)),
            None => drop(members.remove(&name).unwrap()),
        },
        Value::Array(elements) => match (name.parse::<usize>().unwrap(), new) {
            (index, Some(value)) if index == elements.len() => elements.push(value),
            (index, Some(value)) => elements[index] = value,
            (index, None) => drop(elements.remove(index)),
        },
        other => panic!("{pointer} leads into {other}"),
    }
}
