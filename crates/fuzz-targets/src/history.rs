//! The past: values are read back as they are written, and a merge patch does what RFC 7396 says.

use std::collections::BTreeMap;

use annals_event::{JsonObject, StreamName};
use annals_history::fuzzing::{merge_patch, state_of_snapshot};
use annals_history::{Change, PathStep, Value, changes};

use crate::json_oracle::Json;

/// Deeper values are refused.
const DEPTH_MAX: usize = 128;

/// JSON texts, parted by NUL bytes: each a value, and each a patch for what the ones before it made.
pub(crate) fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let (mut state, mut expected) = (Value::empty_object(), Json::Object(BTreeMap::new()));
    for text in text.split('\0').take(16) {
        check_value(text);
        check_snapshot(text);
        (state, expected) = check_patch(state, expected, text);
    }
}

/// Whatever is JSON and not too deep is a value, and is read back from what it is written as.
fn check_value(text: &str) {
    let json = Json::parse(text);
    match Value::parse(text) {
        Ok(value) => {
            let written = value.to_string();
            assert_eq!(Json::parse(&written), json, "the same to another parser");
            assert_eq!(Value::parse(&written).as_ref(), Ok(&value), "{written} is read back");
            assert_eq!(Value::parse(&written).map(|again| again.to_string()), Ok(written));
            assert!(changes(&value, &value).is_empty(), "a value is itself");
        }
        Err(refused) => {
            assert!(
                json.is_none_or(|json| depth(&json) > DEPTH_MAX),
                "refused although it is JSON: {refused}"
            );
            assert!(refused.offset <= text.len());
        }
    }
}

fn depth(json: &Json) -> usize {
    match json {
        Json::Array(elements) => 1 + elements.iter().map(depth).max().unwrap_or_default(),
        Json::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

/// What is no snapshot is none, and nothing worse. The text is also taken for the state in one.
fn check_snapshot(text: &str) {
    let stream: StreamName = "A/1".parse().expect("a name");
    let event = r#""position":1,"eventId":"0192f0c1-7b3e-7c4a-9d52-000000000001","eventType":"T","timestamp":"2026-01-01T00:00:00Z","recordedAt":"2026-01-01T00:00:00Z","takenAt":"2026-01-01T00:00:00Z""#;
    if let Some(state) = state_of_snapshot(stream.clone(), text) {
        assert!(state.as_object().is_some(), "a state is an object");
    }
    let kept = state_of_snapshot(stream, &format!("{{{event},\"state\":{text}}}"));
    if let (Some(state), Ok(value)) = (&kept, Value::parse(text)) {
        assert_eq!(*state, value, "a state is kept as it is");
    }
}

/// Merges a patch into a state; both as they are then, here and in the oracle.
fn check_patch(before: Value, expected: Json, patch: &str) -> (Value, Json) {
    let mut state = before.clone();
    let recorded = merge_patch(&mut state, patch);
    // Of other texts, which are no payloads, it is only asked that they do no harm.
    let (Ok(_), Some(json)) = (JsonObject::new(patch), Json::parse(patch)) else { return (before, expected) };
    let recorded = recorded.expect("a payload is JSON");
    let expected = merged(expected, &json);
    let printed = Json::parse(&state.to_string()).expect("a state is JSON");
    assert!(printed.is_same(&expected), "{before} with {patch} gives {state}");
    assert_eq!(sorted(&recorded), sorted(&changes(&before, &state)), "the changes are all, and no others");
    let mut again = state.clone();
    assert_eq!(merge_patch(&mut again, patch), Ok(Vec::new()), "a second time it changes nothing");
    assert_eq!(again, state);
    let led = recorded.iter().fold(before, led);
    assert_eq!(led, state, "the changes lead there");
    (state, expected)
}

fn sorted(changes: &[Change]) -> Vec<&Change> {
    let mut sorted: Vec<&Change> = changes.iter().collect();
    sorted.sort_by_key(|change| &change.path);
    sorted
}

/// A state behind a change.
fn led(mut state: Value, change: &Change) -> Value {
    let Some((last, steps)) = change.path.steps().split_last() else {
        return change.new.clone().expect("a state is always there");
    };
    let mut place = &mut state;
    for step in steps {
        place = match (place, step) {
            (Value::Object(members), PathStep::Member(name)) => members.get_mut(name).expect("a member"),
            (Value::Array(elements), PathStep::Element(index)) => &mut elements[*index],
            (other, step) => panic!("{step:?} leads into {other}"),
        };
    }
    let (was, new) = match (place, last) {
        (Value::Object(members), PathStep::Member(name)) => match &change.new {
            Some(value) => (members.insert(name, value.clone()), change.new.as_ref()),
            None => (members.remove(name), None),
        },
        (Value::Array(elements), PathStep::Element(index)) => match &change.new {
            Some(value) if *index == elements.len() => {
                elements.push(value.clone());
                (None, change.new.as_ref())
            }
            Some(value) => {
                (Some(std::mem::replace(&mut elements[*index], value.clone())), change.new.as_ref())
            }
            None => (elements.pop(), None),
        },
        (other, step) => panic!("{step:?} leads into {other}"),
    };
    assert_eq!(was, change.old, "what was there before");
    assert!(was.as_ref() != new, "something changed");
    state
}

/// The pseudocode of RFC 7396, section 2.
fn merged(target: Json, patch: &Json) -> Json {
    let Json::Object(patch) = patch else { return patch.clone() };
    let mut members = if let Json::Object(members) = target { members } else { BTreeMap::new() };
    for (name, value) in patch {
        let before = members.remove(name);
        if *value != Json::Null {
            members.insert(name.clone(), merged(before.unwrap_or(Json::Null), value));
        }
    }
    Json::Object(members)
}
