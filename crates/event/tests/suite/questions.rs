//! Questions to a document are answered as other people's parser answers them.

use annals_event::{JsonObject, JsonPointer, write_json_string};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use crate::documents::document;

/// Every pointer that leads to a value, and that value.
fn pointers(value: &Value, at: &str, found: &mut Vec<(String, Value)>) {
    found.push((at.to_owned(), value.clone()));
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            pointers(value, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found);
        }),
        Value::Array(elements) => elements.iter().enumerate().for_each(|(index, value)| {
            pointers(value, &format!("{at}/{index}"), found);
        }),
        _ => {}
    }
}

proptest! {
    #[test]
    fn every_value_is_found_by_its_pointer(text in document()) {
        let (object, value): (JsonObject, Value) = (text.parse().unwrap(), serde_json::from_str(&text).unwrap());
        let mut expected = Vec::new();
        pointers(&value, "", &mut expected);
        for (pointer, value) in expected {
            let found = object.at(&pointer.parse().unwrap()).unwrap();
            prop_assert_eq!(serde_json::from_str::<Value>(found).unwrap(), value, "{}", pointer);
            prop_assert_eq!(found.trim(), found);
        }
    }

    #[test]
    fn any_pointer_finds_what_serde_json_finds(text in document(), steps in vec(select(vec!["a", "b", "", "0", "1", "-", "01", "~0", "~1", "+1", "-1"]), 0..4)) {
        let pointer: String = steps.iter().map(|step| format!("/{step}")).collect();
        let (object, value): (JsonObject, Value) = (text.parse().unwrap(), serde_json::from_str(&text).unwrap());
        let found = object.at(&pointer.parse().unwrap()).map(|text| serde_json::from_str::<Value>(text).unwrap());
        prop_assert_eq!(found.as_ref(), value.pointer(&pointer));
    }

    #[test]
    fn string_members_are_those_that_serde_json_finds(text in document(), other in "[a-e]{0,2}") {
        let (object, value): (JsonObject, Value) = (text.parse().unwrap(), serde_json::from_str(&text).unwrap());
        let members = value.as_object().unwrap();
        for name in members.keys().chain([&other]) {
            let found = object.string_member(name);
            prop_assert_eq!(found.as_deref(), members.get(name).and_then(Value::as_str));
        }
    }

    #[test]
    fn a_pointer_comes_back_as_it_was_written(steps in vec(any::<String>(), 0..4)) {
        let text: String = steps.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect();
        let pointer: JsonPointer = text.parse().unwrap();
        prop_assert_eq!(pointer.steps(), steps);
        prop_assert_eq!(pointer.as_str(), text);
    }

    #[test]
    fn strings_are_written_as_serde_json_writes_them(value in any::<String>()) {
        let mut text = String::new();
        write_json_string(&mut text, &value);
        prop_assert_eq!(text, serde_json::to_string(&value).unwrap());
    }
}

#[test]
fn what_is_no_pointer_is_refused() {
    for text in ["a", "a/b", "#/a", "/a~", "/~2", "/a/~b", " /a"] {
        assert!(text.parse::<JsonPointer>().is_err(), "{text:?}");
    }
    assert_eq!("/~01".parse::<JsonPointer>().unwrap().steps(), ["~1"]);
    assert!("".parse::<JsonPointer>().unwrap().steps().is_empty());
}
