//! JSON text to jaq's values, without losing digits.
//!
//! jaq-json has a reader of its own, but it accepts more than JSON (comments, `NaN`, byte strings, other keys than
//! strings) and turns the integer `-0` into `0`. This one accepts RFC 8259 and keeps every number's text: integers
//! as integers of any size, whose decimal text is unique but for `-0`, and everything else as decimal text.

use std::borrow::Cow;

use hifijson::token::{Expect, Lex};
use hifijson::{Error, LexAlloc, SliceLexer};
use jaq_json::{Map, Num, Rc, Val};

/// Parses exactly one JSON value, or says what is wrong at which byte.
pub(crate) fn parse_json(text: &[u8]) -> Result<Val, String> {
    let mut lexer = SliceLexer::new(text);
    lexer.exactly_one(Lex::ws_peek, parse).map_err(|error| {
        let offset = text.len() - lexer.as_slice().len();
        format!("not JSON at byte {offset}: {error}")
    })
}

/// A member of an object that is read one level deep.
pub(crate) struct Member<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) value: MemberValue<'a>,
}

/// The value of such a member.
pub(crate) enum MemberValue<'a> {
    /// A string, borrowed where nothing in it is escaped.
    Text(Cow<'a, str>),
    /// Anything else.
    Other(Val),
}

/// So many members have room before the list of them grows.
const MEMBERS_EXPECTED: usize = 16;

/// The members of a text that is exactly one JSON object, in their order, none left out; `None` for any other text.
pub(crate) fn parse_members(text: &[u8]) -> Option<Vec<Member<'_>>> {
    let mut lexer = SliceLexer::new(text);
    let mut members = Vec::with_capacity(MEMBERS_EXPECTED);
    if lexer.ws_peek() != Some(b'{') {
        return None;
    }
    parse_members_into(&mut lexer, |name, next, lexer| {
        let value = match next {
            b'"' => MemberValue::Text(parse_string(lexer)?),
            _ => MemberValue::Other(parse(next, lexer)?),
        };
        members.push(Member { name, value });
        Ok(())
    })
    .ok()?;
    lexer.ws_peek().is_none().then_some(members)
}

/// Gives each member's name and the first byte of its value to `take`, which reads the value.
pub(crate) fn parse_members_into<'a>(
    lexer: &mut SliceLexer<'a>,
    mut take: impl FnMut(Cow<'a, str>, u8, &mut SliceLexer<'a>) -> Result<(), Error>,
) -> Result<(), Error> {
    lexer.discarded().seq(b'}', Lex::ws_peek, |next, lexer| {
        if next != b'"' {
            return Err(Expect::String.into());
        }
        let name = parse_string(lexer)?;
        lexer.expect(Lex::ws_peek, b':').ok_or(Expect::Colon)?;
        let next = lexer.ws_peek().ok_or(Expect::Value)?;
        take(name, next, lexer)
    })
}

/// Parses the value that begins with the byte `next`.
pub(crate) fn parse(next: u8, lexer: &mut SliceLexer<'_>) -> Result<Val, Error> {
    Ok(match next {
        b'"' => Val::utf8_str(parse_string(lexer)?.into_owned().into_bytes()),
        b'-' | b'0'..=b'9' => Val::Num(parse_number(lexer)?),
        b'[' => Val::Arr(Rc::new(parse_array(lexer)?)),
        b'{' => Val::obj(parse_object(lexer)?),
        _ => match lexer.null_or_bool().ok_or(Expect::Value)? {
            None => Val::Null,
            Some(boolean) => Val::Bool(boolean),
        },
    })
}

fn parse_array(lexer: &mut SliceLexer<'_>) -> Result<Vec<Val>, Error> {
    let mut items = Vec::new();
    lexer.discarded().seq(b']', Lex::ws_peek, |next, lexer| {
        items.push(parse(next, lexer)?);
        Ok::<_, Error>(())
    })?;
    Ok(items)
}

fn parse_object(lexer: &mut SliceLexer<'_>) -> Result<Map, Error> {
    let mut members = Map::default();
    parse_members_into(lexer, |name, next, lexer| {
        let name = Val::utf8_str(name.into_owned().into_bytes());
        members.insert(name, parse(next, lexer)?);
        Ok(())
    })?;
    Ok(members)
}

fn parse_string<'a>(lexer: &mut SliceLexer<'a>) -> Result<Cow<'a, str>, Error> {
    use hifijson::str::LexAlloc as _;
    lexer.discarded().str_string().map_err(Error::Str)
}

fn parse_number<L: LexAlloc>(lexer: &mut L) -> Result<Num, Error> {
    let (digits, parts) = lexer.num_string().validated()?;
    let digits: &str = digits.as_ref();
    let integer = (parts.is_int() && digits != "-0").then(|| Num::from_str_radix(digits, 10)).flatten();
    Ok(integer.unwrap_or_else(|| Num::Dec(Rc::new(digits.to_owned()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_only_a_superset_of_json_allows() {
        for text in
            ["", "NaN", "Infinity", "b\"x\"", "{1:2}", "# c\n1", "+1", "01", "1.", "1 2", "{\"a\":1,}", "[1"]
        {
            assert!(parse_json(text.as_bytes()).is_err(), "{text}");
        }
        assert!(parse_json(b"\"\xff\"").is_err());
    }

    #[test]
    fn says_at_which_byte_the_text_stops_being_json() {
        let message = parse_json(b"[1, ?]").unwrap_err();
        assert!(message.starts_with("not JSON at byte "), "{message}");
    }
}
