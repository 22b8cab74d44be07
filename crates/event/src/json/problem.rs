use std::fmt;

/// What is wrong with a JSON text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidJson {
    /// What is wrong.
    pub problem: JsonProblem,
    /// JSON pointer (RFC 6901) to the value that holds the problem; empty for the whole text.
    pub pointer: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// The ways in which a text leaves the profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonProblem {
    /// The text ends inside a value.
    #[error("the text ends too early")]
    Truncated,
    /// A character that cannot stand here.
    #[error("unexpected {0:?}")]
    Unexpected(char),
    /// The outermost value is not an object.
    #[error("this must be an object, starting with '{{'")]
    NotAnObject,
    /// Something follows the object.
    #[error("nothing may follow the object")]
    TrailingText,
    /// A name stands twice in one object.
    #[error("the name {0:?} stands twice in one object; databases would keep different ones")]
    DuplicateName(String),
    /// A control character stands unescaped in a string.
    #[error("the control character {0:?} must be escaped")]
    ControlCharacter(char),
    /// A backslash with something else than JSON's escapes.
    #[error("this is not an escape of JSON")]
    BadEscape,
    /// A string holds NUL.
    #[error("a string may not hold NUL (\\u0000); PostgreSQL cannot store it")]
    Nul,
    /// Half of a surrogate pair.
    #[error("a surrogate without its other half is no character")]
    LoneSurrogate,
    /// A code point that is no character and never will be.
    #[error("U+{0:04X} is a noncharacter, which I-JSON (RFC 7493) does not allow")]
    Noncharacter(u32),
    /// Not a number of JSON.
    #[error("this is not a number of JSON")]
    BadNumber,
    /// A number that is infinite as a double, or has more decimal places than PostgreSQL keeps.
    #[error("the number is out of range; it must be finite as a double, with at most 16,383 decimal places")]
    NumberOutOfRange,
    /// Nested too deeply.
    #[error("nested more than {0} deep")]
    TooDeep(usize),
}

impl fmt::Display for InvalidJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (line {}, column {}", self.problem, self.line, self.column)?;
        if !self.pointer.is_empty() {
            write!(f, ", at {}", self.pointer)?;
        }
        f.write_str(")")
    }
}

impl std::error::Error for InvalidJson {}
