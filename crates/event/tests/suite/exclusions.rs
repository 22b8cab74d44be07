//! What leaves the profile is refused with the right problem at the right place.

use annals_event::{InvalidJson, JsonObject, JsonProblem};
use proptest::prelude::*;

use crate::documents::{document, string};

/// Checks problem, pointer, line and column.
fn assert_refused(text: &str, problem: JsonProblem, pointer: &str, (line, column): (usize, usize)) {
    let expected = InvalidJson { problem, pointer: pointer.to_owned(), line, column };
    assert_eq!(JsonObject::new(text).unwrap_err(), expected, "{text:?}");
}

fn duplicate(name: &str) -> JsonProblem {
    JsonProblem::DuplicateName(name.to_owned())
}

#[test]
fn a_name_that_stands_twice_is_refused_however_it_is_spelled() {
    assert_refused(r#"{"a":1,"a":2}"#, duplicate("a"), "", (1, 8));
    assert_refused(r#"{"a":1,"b":2,"\u0061":3}"#, duplicate("a"), "", (1, 14));
    assert_refused(r#"{"\u00e4":1,"ä":2}"#, duplicate("ä"), "", (1, 13));
    assert_refused(r#"{"":1,"":2}"#, duplicate(""), "", (1, 7));
    assert_refused(r#"{"x":[{},{"b":{},"b":1}]}"#, duplicate("b"), "/x/1", (1, 18));
    assert_refused("{\n\"a/b\":{\"~\":{\"c\":1,\n  \"c\":2}}}", duplicate("c"), "/a~1b/~0", (3, 3));
}

#[test]
fn the_same_name_in_different_objects_is_allowed() {
    assert!(JsonObject::new(r#"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}],"c":{"a":1}}"#).is_ok());
    // "ä" in one and in two code points are different names.
    assert!(JsonObject::new("{\"ä\":1,\"a\u{308}\":2}").is_ok());
}

#[test]
fn a_name_that_stands_twice_among_many_is_refused_wherever_the_first_stands() {
    for count in [10_usize, 23, 24, 25, 26, 200] {
        let members: Vec<String> = (0..count).map(|n| format!(r#""n{n}":{{"n0":1}}"#)).collect();
        assert!(JsonObject::new(format!("{{{}}}", members.join(","))).is_ok());
        for first in [0, count / 2, count - 1] {
            let text = format!(r#"{{{},"n{first}":2}}"#, members.join(","));
            assert_eq!(JsonObject::new(text).unwrap_err().problem, duplicate(&format!("n{first}")));
        }
    }
}

#[test]
fn nul_is_refused_in_values_and_names() {
    assert_refused(r#"{"a":"x\u0000"}"#, JsonProblem::Nul, "/a", (1, 8));
    assert_refused(r#"{"a":{"\u0000":1}}"#, JsonProblem::Nul, "/a", (1, 8));
    assert_refused("{\"a\":\"\0\"}", JsonProblem::ControlCharacter('\0'), "/a", (1, 7));
}

#[test]
fn half_of_a_surrogate_pair_is_refused() {
    for text in
        [r"\ud800", r"\udc00", r"\ud800\u0041", r"\ud800x", r"\uD83D\uD83D", r"\udfff\ud800", r"\ud800\n"]
    {
        assert_refused(&format!(r#"{{"a":"{text}"}}"#), JsonProblem::LoneSurrogate, "/a", (1, 7));
    }
    assert!(JsonObject::new(r#"{"a":"\ud83d\ude00\uD83D\uDE00"}"#).is_ok());
}

#[test]
fn noncharacters_are_refused_plain_and_escaped() {
    for code in [0xfdd0_u32, 0xfdef, 0xfffe, 0xffff, 0x1_fffe, 0x1_ffff, 0x10_fffe, 0x10_ffff] {
        let character = char::from_u32(code).unwrap();
        assert_refused(&format!("{{\"a\":\"x{character}\"}}"), JsonProblem::Noncharacter(code), "/a", (1, 8));
        let mut units = [0; 2];
        let escaped: String =
            character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect();
        assert_refused(&format!(r#"{{"a":"{escaped}"}}"#), JsonProblem::Noncharacter(code), "/a", (1, 7));
        assert_refused(&format!(r#"{{"a":"\n{character}"}}"#), JsonProblem::Noncharacter(code), "/a", (1, 9));
    }
    assert!(JsonObject::new("{\"a\":\"\u{fdcf}\u{fdf0}\u{fffd}\u{1_fffd}\u{10_fffd}\"}").is_ok());
}

#[test]
fn numbers_beyond_a_double_are_refused() {
    let long = "9".repeat(400);
    for number in [
        "1e400",
        "-1e400",
        "1E+309",
        "1.8e308",
        "1e99999999999999999999",
        "1e-16384",
        "0.1e-16383",
        "0e99999999999999999999",
        "1e-99999999999999999999",
        "0e9223372036854775807",
        &long,
    ] {
        assert_refused(&format!(r#"{{"a":[0,{number}]}}"#), JsonProblem::NumberOutOfRange, "/a/1", (1, 9));
    }
    let precise = format!("0.{}", "1".repeat(16_383));
    for number in ["1.7976931348623157e308", "1e-400", "0e9999", "-0.0", &precise, &"9".repeat(308)] {
        assert!(JsonObject::new(format!(r#"{{"a":{number}}}"#)).is_ok(), "{number}");
    }
}

#[test]
fn what_is_no_number_of_json_is_refused() {
    for (number, column) in
        [("01", 7), ("-01", 8), ("1.", 8), ("1.e5", 8), ("1e", 8), ("1e+", 9), ("-", 7), ("-a", 7)]
    {
        assert_refused(&format!(r#"{{"a":{number}}}"#), JsonProblem::BadNumber, "/a", (1, column));
    }
    for (number, found) in [(".5", '.'), ("+1", '+'), ("NaN", 'N'), ("Infinity", 'I')] {
        assert_refused(&format!(r#"{{"a":{number}}}"#), JsonProblem::Unexpected(found), "/a", (1, 6));
    }
    assert_refused(r#"{"a":0x10}"#, JsonProblem::Unexpected('x'), "", (1, 7));
}

#[test]
fn control_characters_must_be_escaped() {
    for code in 0_u8..0x20 {
        let character = char::from(code);
        assert_refused(
            &format!("{{\"a\":\"ä{character}\"}}"),
            JsonProblem::ControlCharacter(character),
            "/a",
            (1, 8),
        );
    }
    assert!(JsonObject::new("{\"a\":\"\u{7f}\u{80}\u{2028}\"}").is_ok());
}

#[test]
fn only_an_object_and_nothing_behind_it_is_accepted() {
    for text in ["[]", "\"a\"", "1", "null", "x", "\u{feff}{}", "// {}"] {
        assert_refused(text, JsonProblem::NotAnObject, "", (1, 1));
    }
    assert_refused("{} x", JsonProblem::TrailingText, "", (1, 4));
    assert_refused("{}{}", JsonProblem::TrailingText, "", (1, 3));
    assert_refused("{}\n\n ,", JsonProblem::TrailingText, "", (3, 2));
    assert_refused("", JsonProblem::Truncated, "", (1, 1));
    assert_refused(" \n ", JsonProblem::Truncated, "", (2, 2));
}

#[test]
fn what_other_languages_allow_is_refused() {
    for (text, found, pointer, column) in [
        ("{a:1}", 'a', "", 2),
        ("{'a':1}", '\'', "", 2),
        (r#"{"a":1,}"#, '}', "", 8),
        (r#"{"a" 1}"#, '1', "", 6),
        (r#"{"a":[1,]}"#, ']', "/a/1", 9),
        (r#"{"a":tru}"#, '}', "/a", 9),
        (r#"{"a":undefined}"#, 'u', "/a", 6),
        (r#"{"a":1 /* x */}"#, '/', "", 8),
        ("{\u{a0}}", '\u{a0}', "", 2),
    ] {
        assert_refused(text, JsonProblem::Unexpected(found), pointer, (1, column));
    }
    for escape in [r"\x41", r"\'", r"\u12g4", r"\U0041", r"\0"] {
        assert_refused(&format!(r#"{{"a":"{escape}"}}"#), JsonProblem::BadEscape, "/a", (1, 7));
    }
}

#[test]
fn a_text_that_ends_too_early_is_refused_at_its_end() {
    let text = "{\n \"a\" : [ 1.5e3 , \"x\\n\\u0041\" , { \"b\" : true } ] }";
    for (at, _) in text.char_indices() {
        let error = JsonObject::new(&text[..at]).unwrap_err();
        assert_eq!(error.problem, JsonProblem::Truncated, "{:?}", &text[..at]);
    }
}

#[test]
fn the_message_says_what_and_where() {
    let error = JsonObject::new("{\"a\":\n [1, {\"b\" : 1e999}]}").unwrap_err();
    let expected = "the number is out of range; it must be finite as a double, with at most 16,383 decimal places \
                    (line 2, column 13, at /a/1/b)";
    assert_eq!(error.to_string(), expected);
}

proptest! {
    /// Whatever stands before it, a name that is repeated in an inner object is found, at its place.
    #[test]
    fn a_repeated_name_is_found_in_any_surroundings(before in document(), name in string(), lines in 0..3_usize) {
        let space = "\n".repeat(lines);
        let literal = &name.literal;
        let text = format!(r#"{{"before":{before},"list":[0,{{{literal}:1,{space}{literal}:2}}]}}"#);
        let error = JsonObject::new(text.as_str()).unwrap_err();
        prop_assert_eq!(error.problem, JsonProblem::DuplicateName(name.value));
        prop_assert_eq!(error.pointer, "/list/1");
        prop_assert_eq!(error.line, text.matches('\n').count() + 1);
    }
}
