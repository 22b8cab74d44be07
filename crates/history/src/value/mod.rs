//! JSON as a tree that can be folded into: numbers keep their digits, objects the order of their members.

mod members;
mod number;
mod parse;
mod write;

use compact_str::CompactString;

use crate::path::{Path, PathStep};
pub use members::Members;
pub use number::Number;
pub use parse::InvalidValue;
pub(crate) use parse::{DEPTH_MAX, Stop, for_each_member, read_text, read_value};

/// A JSON value. Numbers keep their digits, and objects the order in which their members came; neither counts when
/// two values are compared: `1.0` equals `1`.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(CompactString),
    /// An array.
    Array(Vec<Self>),
    /// An object.
    Object(Members),
}

impl Value {
    /// The object without members.
    #[must_use]
    pub fn empty_object() -> Self {
        Self::Object(Members::default())
    }

    /// The text, if it is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The members, if it is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&Members> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The value that `path` leads to.
    #[must_use]
    pub fn at(&self, path: &Path) -> Option<&Self> {
        path.steps().iter().try_fold(self, |value, step| match (value, step) {
            (Self::Object(members), PathStep::Member(name)) => members.get(name),
            (Self::Array(elements), PathStep::Element(index)) => elements.get(*index),
            _ => None,
        })
    }
}
