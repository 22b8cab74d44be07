//! The I-JSON door: what is valid comes through unchanged, nothing panics, and the plain grammar is that of
//! other people's parser.

use annals_event::{JsonObject, JsonProblem};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use crate::documents::document;

/// Whether the profile, and not the grammar, is what a text leaves.
fn is_exclusion(problem: &JsonProblem) -> bool {
    matches!(
        problem,
        JsonProblem::DuplicateName(_)
            | JsonProblem::Nul
            | JsonProblem::LoneSurrogate
            | JsonProblem::Noncharacter(_)
            | JsonProblem::NumberOutOfRange
            | JsonProblem::TooDeep(_)
    )
}

/// Compares with `serde_json`, which knows the grammar but not the profile.
fn assert_agrees(text: &str) {
    let theirs = serde_json::from_str::<Value>(text).is_ok_and(|value| value.is_object());
    match JsonObject::new(text) {
        Ok(_) => assert!(theirs, "only we accept {text:?}"),
        Err(error) => assert!(!theirs || is_exclusion(&error.problem), "only we refuse {text:?}: {error}"),
    }
}

/// Pieces of JSON, among them pieces that are almost JSON.
fn soup() -> impl Strategy<Value = String> {
    let pieces = vec![
        "{", "}", "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"a\":", "\"b\":", "1", "-", "0", "1.5",
        "e3", ".", "true", "fals", "null", " ", "\n", "\"", "\\", "\\u0041", "\\ud800", "\\n", "\u{b}", "'",
        "//", "NaN", "+", "ä", "\u{feff}", "\u{a0}", "\u{2028}", "\u{7f}", "\t",
    ];
    prop::collection::vec(select(pieces), 0..14).prop_map(|pieces| pieces.concat())
}

/// A valid document with one character removed, replaced or added.
fn almost_valid() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        select("{}[]:,\"\\ \n0123456789-+.eEtrufalsn/'".chars().collect::<Vec<_>>()),
        any::<char>(),
    ];
    (document(), any::<prop::sample::Index>(), character, 0..3).prop_map(|(text, at, character, change)| {
        let mut characters: Vec<char> = text.chars().collect();
        let at = at.index(characters.len());
        match change {
            0 => drop(characters.remove(at)),
            1 => characters[at] = character,
            _ => characters.insert(at, character),
        }
        characters.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn valid_documents_come_through_byte_for_byte(text in document()) {
        let object = JsonObject::new(text.as_str());
        prop_assert_eq!(object.map(|object| object.as_str().to_owned()), Ok(text));
    }

    #[test]
    fn valid_documents_are_valid_for_others(text in document()) {
        prop_assert!(serde_json::from_str::<Value>(&text).is_ok());
    }

    #[test]
    fn the_grammar_is_that_of_serde_json_for_pieces_of_json(text in soup()) {
        assert_agrees(&text);
        assert_agrees(&format!("{{\"a\":{text}}}"));
        assert_agrees(&format!("{{\"a\":[{text}]}}"));
    }

    #[test]
    fn the_grammar_is_that_of_serde_json_for_what_is_almost_valid(text in almost_valid()) {
        assert_agrees(&text);
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = JsonObject::new(text.as_str());
        let _ = JsonObject::new(format!("{{\"{text}\":\"{text}\"}}"));
        let _ = JsonObject::new(format!("{{\"a\":{text}"));
    }

    #[test]
    fn no_stored_text_makes_a_question_panic(text in prop_oneof![any::<String>(), almost_valid()]) {
        let altered = JsonObject::from_stored(text);
        let _ = altered.string_member("a");
        for pointer in ["", "/a", "/0", "/a/0/b"] {
            let _ = altered.at(&pointer.parse().unwrap());
        }
    }

    #[test]
    fn a_document_that_is_cut_off_anywhere_is_refused(text in document()) {
        let whole = text.trim_end();
        for (at, _) in whole.char_indices() {
            let error = JsonObject::new(&whole[..at]).unwrap_err();
            // Behind the first half of a surrogate pair, the second is what is missing.
            let expected = matches!(error.problem, JsonProblem::Truncated | JsonProblem::LoneSurrogate);
            prop_assert!(expected, "{:?}: {error}", &whole[..at]);
        }
    }

    #[test]
    fn anything_behind_a_document_is_refused(text in document(), more in "[^ \t\r\n][ -~]{0,5}") {
        let error = JsonObject::new(format!("{text}{more}")).unwrap_err();
        prop_assert_eq!(error.problem, JsonProblem::TrailingText);
    }
}

#[test]
fn a_hundred_levels_are_allowed_and_one_more_is_not() {
    let objects = |depth: usize| format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    let arrays = |depth: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(depth - 1), "]".repeat(depth - 1));
    for depth in [2, 50, 99, 100] {
        assert!(JsonObject::new(objects(depth)).is_ok(), "{depth} objects");
        assert!(JsonObject::new(arrays(depth)).is_ok(), "{depth} levels of arrays");
    }
    for text in [objects(101), arrays(101), objects(100_000), arrays(100_000)] {
        let error = JsonObject::new(text).unwrap_err();
        assert_eq!(error.problem, JsonProblem::TooDeep(100));
    }
}

#[test]
fn siblings_do_not_add_to_the_depth() {
    let wide = format!(r#"{{"a":[{}]}}"#, vec!["[{}]"; 1_000].join(","));
    assert!(JsonObject::new(wide).is_ok());
}
