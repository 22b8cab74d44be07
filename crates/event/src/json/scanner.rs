use std::borrow::Cow;
use std::collections::HashSet;

use super::problem::{InvalidJson, JsonProblem};
use super::text;

/// Deeper objects and arrays are refused.
pub(super) const DEPTH_MAX: usize = 100;

/// Up to this many names of one object are compared one by one; with more a set is cheaper.
const NAMES_COMPARED_MAX: usize = 24;

/// PostgreSQL's `numeric` keeps at most so many decimal places.
const DECIMAL_PLACES_MAX: i64 = 16_383;

/// A greater exponent makes every number infinite but zero, and PostgreSQL refuses a huge one even there.
const EXPONENT_MAX: i64 = DECIMAL_PLACES_MAX + 308;

/// Walks over a JSON text once and checks it against the profile, without building values.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    /// The names of all open objects, the innermost last: one allocation for the whole text.
    names: Vec<Cow<'a, str>>,
    /// Where the innermost failing value lies; filled outwards while an error unwinds.
    trail: Vec<String>,
}

type Scan<T> = Result<T, JsonProblem>;

/// Checks that `text` is one object of the profile and nothing else.
pub(super) fn check_object(text: &str) -> Result<(), InvalidJson> {
    let mut scanner = Scanner::new(text);
    scanner.whole_object().map_err(|problem| scanner.place(problem))
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0, names: Vec::new(), trail: Vec::new() }
    }

    fn place(mut self, problem: JsonProblem) -> InvalidJson {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        self.trail.reverse();
        InvalidJson {
            problem,
            pointer: self.trail.concat(),
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().unwrap_or_default().chars().count() + 1,
        }
    }

    fn whole_object(&mut self) -> Scan<()> {
        self.skip_space();
        if self.peek() != Some(b'{') {
            return Err(if self.peek().is_none() {
                JsonProblem::Truncated
            } else {
                JsonProblem::NotAnObject
            });
        }
        self.value()?;
        self.skip_space();
        if self.at == self.text.len() { Ok(()) } else { Err(JsonProblem::TrailingText) }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn unexpected(&self) -> JsonProblem {
        match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(found) => JsonProblem::Unexpected(found),
            None => JsonProblem::Truncated,
        }
    }

    pub(super) fn expect(&mut self, byte: u8) -> Scan<()> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    /// Walks over one value of any kind.
    pub(super) fn value(&mut self) -> Scan<()> {
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => self.string().map(drop),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            _ => Err(self.unexpected()),
        }
    }

    fn nested(&mut self, inside: impl FnOnce(&mut Self) -> Scan<()>) -> Scan<()> {
        if self.depth == DEPTH_MAX {
            return Err(JsonProblem::TooDeep(DEPTH_MAX));
        }
        self.depth += 1;
        self.at += 1;
        self.skip_space();
        let result = inside(self);
        self.depth -= 1;
        result
    }

    fn object(&mut self) -> Scan<()> {
        let first = self.names.len();
        let mut many = HashSet::new();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            let name_at = self.at;
            let name = self.string()?;
            if self.is_duplicate(first, &mut many, &name) {
                self.at = name_at;
                return Err(JsonProblem::DuplicateName(name.into_owned()));
            }
            let own = self.names.len();
            self.names.push(name);
            self.skip_space();
            self.expect(b':')?;
            self.skip_space();
            if let Err(problem) = self.value() {
                self.trail.extend(self.names.get(own).map(|name| pointer_step(name)));
                return Err(problem);
            }
            self.skip_space();
            match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    self.skip_space();
                }
                Some(b'}') => {
                    self.at += 1;
                    self.names.truncate(first);
                    return Ok(());
                }
                _ => return Err(self.unexpected()),
            }
        }
    }

    #[expect(clippy::ptr_arg, reason = "a clone of the Cow still borrows the text, one of a &str would not")]
    fn is_duplicate(&self, first: usize, many: &mut HashSet<Cow<'a, str>>, name: &Cow<'a, str>) -> bool {
        let known = self.names.get(first..).unwrap_or_default();
        if known.len() < NAMES_COMPARED_MAX {
            return known.contains(name);
        }
        if many.is_empty() {
            many.extend(known.iter().cloned());
        }
        !many.insert(name.clone())
    }

    fn array(&mut self) -> Scan<()> {
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        for index in 0_usize.. {
            if let Err(problem) = self.value() {
                self.trail.push(format!("/{index}"));
                return Err(problem);
            }
            self.skip_space();
            match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    self.skip_space();
                }
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                _ => return Err(self.unexpected()),
            }
        }
        Ok(())
    }

    fn word(&mut self, word: &str) -> Scan<()> {
        for byte in word.bytes() {
            self.expect(byte)?;
        }
        Ok(())
    }

    /// Walks over a string and gives its value, borrowed where nothing in it is escaped.
    pub(super) fn string(&mut self) -> Scan<Cow<'a, str>> {
        self.expect(b'"')?;
        let start = self.at;
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                None => return Err(JsonProblem::Truncated),
                Some(b'"') => {
                    let value = self.text.get(start..self.at).unwrap_or_default();
                    self.at += 1;
                    return Ok(Cow::Borrowed(value));
                }
                Some(b'\\') => return self.escaped_string(start).map(Cow::Owned),
                Some(0..=0x1f) => return Err(self.control_character()),
                // Noncharacters are U+FDD0–U+FDEF (EF B7 90–AF) and the last two of every plane.
                Some(0xef..) => self.character().map(drop)?,
                Some(_) => self.at += 1,
            }
        }
    }

    fn control_character(&self) -> JsonProblem {
        match self.unexpected() {
            JsonProblem::Unexpected(found) => JsonProblem::ControlCharacter(found),
            other => other,
        }
    }

    /// Walks over one unescaped character.
    fn character(&mut self) -> Scan<char> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let found = rest.chars().next().ok_or(JsonProblem::Truncated)?;
        text::refuse_noncharacter(found)?;
        self.at += found.len_utf8();
        Ok(found)
    }

    fn escaped_string(&mut self, start: usize) -> Scan<String> {
        let mut value = self.text.get(start..self.at).unwrap_or_default().to_owned();
        loop {
            match self.peek() {
                None => return Err(JsonProblem::Truncated),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(value);
                }
                Some(b'\\') => {
                    let (found, length) = text::unescape(self.text.get(self.at..).unwrap_or_default())?;
                    value.push(found);
                    self.at += length;
                }
                Some(0..=0x1f) => return Err(self.control_character()),
                Some(_) => value.push(self.character()?),
            }
        }
    }

    fn digits(&mut self) -> Scan<usize> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        match self.at - start {
            0 if self.peek().is_none() => Err(JsonProblem::Truncated),
            0 => Err(JsonProblem::BadNumber),
            count => Ok(count),
        }
    }

    fn number(&mut self) -> Scan<()> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(JsonProblem::BadNumber);
            }
        } else {
            self.digits()?;
        }
        let mut places = 0;
        if self.peek() == Some(b'.') {
            self.at += 1;
            places = i64::try_from(self.digits()?).unwrap_or(i64::MAX);
        }
        let mut exponent = Some(0);
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            let sign_at = self.at;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
            let digits = self.text.get(sign_at..self.at).unwrap_or_default();
            exponent = digits.parse::<i64>().ok();
        }
        let literal = self.text.get(start..self.at).unwrap_or_default();
        let in_range = (exponent == Some(0) && literal.len() < 300)
            || (exponent.is_some_and(|exponent| {
                exponent <= EXPONENT_MAX && places.saturating_sub(exponent) <= DECIMAL_PLACES_MAX
            }) && literal.parse::<f64>().is_ok_and(f64::is_finite));
        if in_range {
            return Ok(());
        }
        self.at = start;
        Err(JsonProblem::NumberOutOfRange)
    }
}

/// One step of an RFC 6901 pointer.
fn pointer_step(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}
