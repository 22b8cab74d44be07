use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use annals_event::{JsonObject, JsonPointer, json_value};
use serde_json::Value;

use super::value;

/// A statement about one value of the payload.
///
/// Every comparison but [`Comparison::Exists`] needs the value to be there. Order is defined between two
/// numbers (by exact value) and between two strings (by code point); between others `<` and its kin are false.
#[derive(Debug, Clone, PartialEq)]
pub struct PayloadPredicate {
    /// Where the value lies.
    pub pointer: JsonPointer,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what; nothing for [`Comparison::Exists`].
    pub value: Value,
}

/// How a value of the payload is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`: the same JSON value; numbers by exact value, members in any order.
    Equal,
    /// `≠`, `!=`: there and not the same JSON value.
    NotEqual,
    /// `<`.
    Less,
    /// `≤`, `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `≥`, `>=`.
    GreaterOrEqual,
    /// `exists`: there, even if null.
    Exists,
    /// `contains`: as PostgreSQL's `@>` between `jsonb` values.
    Contains,
}

impl PayloadPredicate {
    /// Whether the statement is true of `payload`.
    #[must_use]
    pub fn holds(&self, payload: &JsonObject) -> bool {
        let Some(text) = payload.at(&self.pointer) else { return false };
        if self.comparison == Comparison::Exists {
            return true;
        }
        let Some(found) = json_value(text) else { return false };
        let order = || value::compare(&found, &self.value);
        match self.comparison {
            Comparison::Exists => true,
            Comparison::Equal => value::equal(&found, &self.value),
            Comparison::NotEqual => !value::equal(&found, &self.value),
            Comparison::Less => order().is_some_and(Ordering::is_lt),
            Comparison::LessOrEqual => order().is_some_and(Ordering::is_le),
            Comparison::Greater => order().is_some_and(Ordering::is_gt),
            Comparison::GreaterOrEqual => order().is_some_and(Ordering::is_ge),
            Comparison::Contains => value::contains(&found, &self.value),
        }
    }
}

impl FromStr for Comparison {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "=" | "==" => Self::Equal,
            "≠" | "!=" => Self::NotEqual,
            "<" => Self::Less,
            "≤" | "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            "≥" | ">=" => Self::GreaterOrEqual,
            "exists" => Self::Exists,
            "contains" => Self::Contains,
            other => {
                return Err(format!("{other:?} is no comparison; use = != < <= > >= exists or contains"));
            }
        })
    }
}

impl FromStr for PayloadPredicate {
    type Err = String;

    /// Reads `POINTER OP VALUE`, as in `/total > 100`. VALUE is JSON; what is not JSON is a string.
    fn from_str(text: &str) -> Result<Self, String> {
        let (pointer, rest) = first_word(text.trim());
        let (comparison, value) = first_word(rest);
        let pointer = pointer.parse().map_err(|e: annals_event::InvalidEvent| e.to_string())?;
        if comparison.is_empty() {
            return Err(format!("{text:?} lacks a comparison; write POINTER OP VALUE"));
        }
        let comparison = comparison.parse()?;
        let value = match (comparison, value) {
            (Comparison::Exists, "") => Value::Null,
            (Comparison::Exists, _) => return Err("'exists' takes no value".to_owned()),
            (_, "") => return Err(format!("{text:?} lacks a value; write POINTER OP VALUE")),
            (_, value) => json_value(value).unwrap_or_else(|| Value::String(value.to_owned())),
        };
        Ok(Self { pointer, comparison, value })
    }
}

/// The text up to the first space, and what follows the spaces behind it.
fn first_word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Exists => "exists",
            Self::Contains => "contains",
        })
    }
}

impl fmt::Display for PayloadPredicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.comparison {
            Comparison::Exists => write!(f, "{} exists", self.pointer),
            comparison => write!(f, "{} {comparison} {}", self.pointer, self.value),
        }
    }
}
