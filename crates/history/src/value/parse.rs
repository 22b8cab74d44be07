use std::borrow::Cow;

use hifijson::num::LexWrite as _;
use hifijson::token::{Expect, Lex};
use hifijson::{Error, SliceLexer};

use super::{Members, Number, Value};

/// Deeper values are refused: stored payloads are at most 100 deep, and the stack must not depend on what is stored.
pub(crate) const DEPTH_MAX: usize = 128;

/// A text is not one JSON value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not JSON at byte {offset}: {reason}")]
pub struct InvalidValue {
    /// Where reading stopped.
    pub offset: usize,
    /// What is wrong there.
    pub reason: String,
}

/// Why reading stopped.
pub(crate) enum Stop {
    Json(Error),
    TooDeep,
}

impl From<Expect> for Stop {
    fn from(expected: Expect) -> Self {
        Self::Json(expected.into())
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Json(error)
    }
}

impl Value {
    /// Reads a JSON text.
    ///
    /// ```
    /// let value = annals_history::Value::parse(r#"{"total": 1.10, "id": "o-1"}"#)?;
    /// assert_eq!(value.to_string(), r#"{"total":1.10,"id":"o-1"}"#);
    /// # Ok::<(), annals_history::InvalidValue>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidValue`] when `text` is anything but one value, or is more than 128 deep.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        read_text(text, |next, lexer| read_value(next, lexer, DEPTH_MAX))
    }
}

/// Reads a text that is exactly one value, with `read`, which gets the value's first byte.
pub(crate) fn read_text<'a, T>(
    text: &'a str,
    read: impl FnOnce(u8, &mut SliceLexer<'a>) -> Result<T, Stop>,
) -> Result<T, InvalidValue> {
    let mut lexer = SliceLexer::new(text.as_bytes());
    lexer.exactly_one(Lex::ws_peek, read).map_err(|stop| InvalidValue {
        offset: text.len() - lexer.as_slice().len(),
        reason: match stop {
            Stop::Json(error) => error.to_string(),
            Stop::TooDeep => format!("it is more than {DEPTH_MAX} deep"),
        },
    })
}

/// Reads the value that begins with the byte `next`, which is at most `depth` deep.
pub(crate) fn read_value(next: u8, lexer: &mut SliceLexer<'_>, depth: usize) -> Result<Value, Stop> {
    Ok(match next {
        b'"' => Value::String(read_string(lexer)?.into()),
        b'-' | b'0'..=b'9' => {
            let (digits, _) = lexer.num_string().validated().map_err(Error::from)?;
            Value::Number(Number::from_literal(digits))
        }
        b'[' => {
            let depth = depth.checked_sub(1).ok_or(Stop::TooDeep)?;
            let mut elements = Vec::new();
            lexer.discarded().seq(b']', Lex::ws_peek, |next, lexer| {
                elements.push(read_value(next, lexer, depth)?);
                Ok::<_, Stop>(())
            })?;
            Value::Array(elements)
        }
        b'{' => {
            let mut members = Members::default();
            for_each_member(lexer, depth, |name, next, lexer, depth| {
                members.insert(&name, read_value(next, lexer, depth)?);
                Ok(())
            })?;
            Value::Object(members)
        }
        _ => match lexer.null_or_bool().ok_or(Expect::Value)? {
            None => Value::Null,
            Some(boolean) => Value::Bool(boolean),
        },
    })
}

/// Reads the object that begins here: `each` gets a name, the first byte of its value, and how deep that may be, and
/// reads the value.
pub(crate) fn for_each_member<'a>(
    lexer: &mut SliceLexer<'a>,
    depth: usize,
    mut each: impl FnMut(Cow<'a, str>, u8, &mut SliceLexer<'a>, usize) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let depth = depth.checked_sub(1).ok_or(Stop::TooDeep)?;
    lexer.discarded().seq(b'}', Lex::ws_peek, |next, lexer| {
        if next != b'"' {
            return Err(Expect::String.into());
        }
        let name = read_string(lexer)?;
        lexer.expect(Lex::ws_peek, b':').ok_or(Expect::Colon)?;
        let next = lexer.ws_peek().ok_or(Expect::Value)?;
        each(name, next, lexer, depth)
    })
}

fn read_string<'a>(lexer: &mut SliceLexer<'a>) -> Result<Cow<'a, str>, Error> {
    use hifijson::str::LexAlloc as _;
    lexer.discarded().str_string().map_err(Error::Str)
}
