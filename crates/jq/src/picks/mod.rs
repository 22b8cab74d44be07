//! Programs that only pick: without the interpreter, and with the same outcome.
//!
//! Most mappings are an object whose members are members of the record, constants, and strings put together of them.
//! The interpreter makes some hundred small allocations for such a record; picking makes a handful. What a program
//! picks is known from its syntax ([`Pick::of`]); a program with anything else in it is the interpreter's.
//!
//! Picking never decides a case of doubt. Where a record is not an object, or a path leads through something that is
//! no object, or a part of a string is no string, [`Pick::write`] gives nothing, and the interpreter runs on the record
//! as if nothing had been tried. So its errors are the interpreter's, and a test holds every outcome against it.

mod syntax;
mod write;

use jaq_json::Val;

/// What a program does with a record, where it only picks. It has always one output.
#[derive(Debug)]
pub(crate) enum Pick {
    /// `.`, or `del(.a, .b)`: the record without these members.
    Record { without: Vec<String> },
    /// `.a`, `.a.b`, `."a b"`.
    Path(Path),
    /// `$line`: the variable at this index.
    Variable(usize),
    /// `"Order"`.
    Text(String),
    /// `42`: a whole number of a few digits, as it is written.
    Digits(String),
    /// `[.a, .b] | join("-")`, or `"\(.a)-\(.b)"`: strings, one behind the other.
    Joined { parts: Vec<Pick>, separator: String },
    /// `.a // "none"`: the second where the first is null or false.
    Either(Box<Pick>, Box<Pick>),
    /// `{a: .b, "c": "d"}`, in which no name stands twice.
    Object(Vec<(String, Pick)>),
}

/// A path by names from a record.
#[derive(Debug)]
pub(crate) struct Path {
    /// The record's member.
    first: String,
    /// The names behind it, as the interpreter's objects know them.
    rest: Vec<Val>,
}

#[cfg(test)]
mod tests;
