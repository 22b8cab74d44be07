use hifijson::SliceLexer;
use hifijson::token::Lex;
use hifijson::value::{Value as Parsed, parse_bounded};
use serde_json::Value;

/// Deeper texts have no value; nothing is deeper that was checked by [`JsonObject::new`](super::JsonObject::new).
const DEPTH_MAX: usize = 128;

/// The value of a JSON text, with the digits of its numbers; `None` when the text is not exactly one value, or is
/// more than 128 deep.
///
/// `serde_json`'s own parser takes an object whose first member has the name under which it hides the digits of
/// numbers for a number, so that a producer could show a reader something else than what is recorded.
///
/// ```
/// let value = annals_event::json_value(r#"{"$serde_json::private::Number":"5"}"#);
/// assert!(value.is_some_and(|value| value.is_object()));
/// ```
#[must_use]
pub fn json_value(text: &str) -> Option<Value> {
    let mut lexer = SliceLexer::new(text.as_bytes());
    let first = lexer.ws_peek()?;
    let parsed = parse_bounded(DEPTH_MAX, first, &mut lexer).ok()?;
    if lexer.ws_peek().is_some() { None } else { into_value(parsed) }
}

fn into_value<N: AsRef<str>, S: AsRef<str>>(parsed: Parsed<N, S>) -> Option<Value> {
    Some(match parsed {
        Parsed::Null => Value::Null,
        Parsed::Bool(value) => Value::Bool(value),
        Parsed::Number((digits, _)) => Value::Number(digits.as_ref().parse().ok()?),
        Parsed::String(text) => Value::String(text.as_ref().to_owned()),
        Parsed::Array(elements) => Value::Array(elements.into_iter().map(into_value).collect::<Option<_>>()?),
        Parsed::Object(members) => {
            let member =
                |(name, value): (S, Parsed<N, S>)| Some((name.as_ref().to_owned(), into_value(value)?));
            Value::Object(members.into_iter().map(member).collect::<Option<_>>()?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_escapes_are_kept() {
        let text = r#"{"n":[1.10,-0,123456789012345678901234567890.5],"s":"\u00e4\n","t":true,"z":null}"#;
        let value = json_value(text).unwrap();
        assert_eq!(value["n"].to_string(), "[1.10,-0,123456789012345678901234567890.5]");
        assert_eq!(value["s"], "ä\n");
        assert!(value["t"] == true && value["z"].is_null());
    }

    #[test]
    fn an_object_stays_one_whatever_its_members_are_called() {
        for name in ["$serde_json::private::Number", "$serde_json::private::RawValue"] {
            let text = format!(r#"{{"x":{{"{name}":"5"}}}}"#);
            let value = json_value(&text).unwrap();
            assert!(value["x"].is_object(), "{name}");
        }
    }

    #[test]
    fn what_is_not_one_value_has_none() {
        for text in ["", " ", "{", "nul", &"[".repeat(100_000), "{\"a\":1e}", "1 2"] {
            assert_eq!(json_value(text), None, "{text:.9}");
        }
    }
}
