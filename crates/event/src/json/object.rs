use std::borrow::Cow;
use std::fmt;

use super::pointer::JsonPointer;
use super::problem::InvalidJson;
use super::scanner::{Scanner, check_object};

/// A JSON object as its producer wrote it: the bytes read back are the bytes written.
///
/// It is in the I-JSON profile (RFC 7493), so that every database reads it alike: no name twice in an
/// object, no NUL, no lone surrogates or noncharacters, numbers finite as a double, at most 100 deep.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct JsonObject(Box<str>);

impl JsonObject {
    /// Checks `text` and keeps it as it is.
    ///
    /// # Errors
    /// [`InvalidJson`] with the place of what leaves the profile.
    ///
    /// ```
    /// use annals_event::JsonObject;
    /// let object = JsonObject::new(r#"{ "total" : 99.90 }"#)?;
    /// assert_eq!(object.as_str(), r#"{ "total" : 99.90 }"#);
    /// assert!(JsonObject::new(r#"{"a":1,"a":2}"#).is_err());
    /// # Ok::<(), annals_event::InvalidJson>(())
    /// ```
    pub fn new(text: impl Into<Box<str>>) -> Result<Self, InvalidJson> {
        let text = text.into();
        check_object(&text)?;
        Ok(Self(text))
    }

    /// The object without members.
    #[must_use]
    pub fn empty() -> Self {
        Self("{}".into())
    }

    /// Takes a text as a store holds it, unchecked, so that altered rows can be read and reported.
    #[must_use]
    pub fn from_stored(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The object's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value of the member `name` if it is a string.
    #[must_use]
    pub fn string_member(&self, name: &str) -> Option<Cow<'_, str>> {
        let value = find_member(self.as_str(), name)?;
        Scanner::new(value).string().ok()
    }

    /// The text of the value that `pointer` leads to.
    #[must_use]
    pub fn at(&self, pointer: &JsonPointer) -> Option<&str> {
        pointer.steps().iter().try_fold(self.as_str().trim_ascii(), |value, step| {
            match value.as_bytes().first() {
                Some(b'{') => find_member(value, step),
                Some(b'[') => find_element(value, step),
                _ => None,
            }
        })
    }
}

/// The text of the value named `wanted` in the object `text`.
fn find_member<'a>(text: &'a str, wanted: &str) -> Option<&'a str> {
    let mut scanner = Scanner::new(text);
    scanner.skip_space();
    scanner.expect(b'{').ok()?;
    loop {
        scanner.skip_space();
        let name = scanner.string().ok()?;
        scanner.skip_space();
        scanner.expect(b':').ok()?;
        scanner.skip_space();
        let value = value_text(text, &mut scanner)?;
        if name == wanted {
            return Some(value);
        }
        scanner.skip_space();
        scanner.expect(b',').ok()?;
    }
}

/// The text of the element whose index, without leading zeros, is `wanted` in the array `text`.
fn find_element<'a>(text: &'a str, wanted: &str) -> Option<&'a str> {
    let index: usize = wanted.parse().ok().filter(|index: &usize| index.to_string() == wanted)?;
    let mut scanner = Scanner::new(text);
    scanner.expect(b'[').ok()?;
    for at in 0.. {
        scanner.skip_space();
        let value = value_text(text, &mut scanner)?;
        if at == index {
            return Some(value);
        }
        scanner.skip_space();
        scanner.expect(b',').ok()?;
    }
    None
}

fn value_text<'a>(text: &'a str, scanner: &mut Scanner<'_>) -> Option<&'a str> {
    let start = scanner.at();
    scanner.value().ok()?;
    text.get(start..scanner.at())
}

impl fmt::Display for JsonObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for JsonObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for JsonObject {
    type Err = InvalidJson;
    fn from_str(text: &str) -> Result<Self, InvalidJson> {
        Self::new(text)
    }
}
