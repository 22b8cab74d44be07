//! The JSON door: what is accepted is JSON in the profile, and its bytes are kept.

use annals_event::{Context, Decimal, JsonObject, JsonPointer, Tags, write_json_string};

use crate::json_oracle::{Json, is_object_of_the_profile};

pub(crate) fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    check_door(text);
    check_unchecked(text);
    check_string(text);
    check_numbers(text);
}

fn check_door(text: &str) {
    match JsonObject::new(text) {
        Ok(object) => {
            assert_eq!(object.as_str(), text, "the bytes are kept");
            assert!(is_object_of_the_profile(text), "it is in the profile");
            let parsed = serde_json::from_str::<&serde_json::value::RawValue>(text);
            assert!(parsed.is_ok_and(|raw| raw.get() == text.trim_ascii()), "every parser reads it");
            check_members(&object);
        }
        Err(refused) => {
            assert!(!is_object_of_the_profile(text), "refused although it is in the profile: {refused}");
            assert!(refused.line >= 1 && refused.column >= 1);
            assert!(refused.pointer.parse::<JsonPointer>().is_ok(), "the place is a pointer");
        }
    }
}

/// Every member is found by its pointer.
fn check_members(object: &JsonObject) {
    let Some(Json::Object(members)) = Json::parse(object.as_str()) else { panic!("it is an object") };
    for (name, value) in members.iter().take(8) {
        let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        let pointer: JsonPointer = pointer.parse().expect("escaped as RFC 6901 says");
        assert_eq!(pointer.steps(), [name.as_str()]);
        let found = object.at(&pointer).expect("the member is there");
        assert_eq!(Json::parse(found).as_ref(), Some(value));
        let string = object.string_member(name).map(|text| Json::String(text.into_owned()));
        assert_eq!(string, matches!(value, Json::String(_)).then(|| value.clone()));
    }
}

/// Whatever a store holds can be looked into.
fn check_unchecked(text: &str) {
    let stored = JsonObject::from_stored(text);
    for pointer in ["", "/a", "/0", "/a/0/b"] {
        let found = stored.at(&pointer.parse().expect("a pointer"));
        assert!(found.is_none_or(|found| text.contains(found)));
    }
    let _ = stored.string_member("a");
    if let Some(tags) = Tags::from_stored(text) {
        assert_eq!(Tags::from_stored(&tags.to_string()), Some(tags));
    }
}

/// A string that is written is read back.
fn check_string(text: &str) {
    let mut written = String::new();
    write_json_string(&mut written, text);
    assert_eq!(Json::parse(&written), Some(Json::String(text.to_owned())));
    let builder = annals_event::ContextBuilder { source: Some(text.to_owned()), ..Default::default() };
    if let Ok(context) = builder.build() {
        assert_eq!(context.as_object().string_member("source").as_deref(), Some(text));
        assert_eq!(Context::from_object(context.as_object().clone()), context);
    }
}

/// Exact numbers are in the order of the doubles that are nearest to them.
fn check_numbers(text: &str) {
    let numbers: Vec<(Decimal, f64)> = text
        .split([' ', ',', '[', ']', '{', '}', ':'])
        .filter_map(|literal| Some((Decimal::parse(literal)?, literal.parse().ok()?)))
        .take(8)
        .collect();
    for (left, left_double) in &numbers {
        for (right, right_double) in &numbers {
            if left_double < right_double {
                assert!(left < right, "{left:?} and {right:?}");
            }
            assert_eq!(left == right, left.cmp(right).is_eq());
        }
    }
}
