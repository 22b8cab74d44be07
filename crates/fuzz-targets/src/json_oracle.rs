//! What JSON means, by somebody else's parser: the oracle for all that reads or writes JSON here.

use std::collections::{BTreeMap, BTreeSet};

use annals_event::Decimal;
use hifijson::SliceLexer;
use hifijson::token::Lex;
use hifijson::value::{Value, parse_bounded};

/// Deeper texts are not parsed; more than any limit of the crates.
const DEPTH_MAX: usize = 256;

/// A JSON value with the digits of its numbers; members have no order, and the last of a name counts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(String),
    String(String),
    Array(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

impl Json {
    /// The value that a whole text is, if it is JSON.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(parse(text)?.0)
    }

    /// Whether both are the same value, numbers by what they count and not by how they are written.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => Decimal::parse(one) == Decimal::parse(other),
            (Self::Array(one), Self::Array(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.is_same(other))
            }
            (Self::Object(one), Self::Object(other)) => {
                let is_same = |(one, other): ((&String, &Self), (&String, &Self))| {
                    one.0 == other.0 && one.1.is_same(other.1)
                };
                one.len() == other.len() && one.iter().zip(other).all(is_same)
            }
            (one, other) => one == other,
        }
    }

    /// Whether PostgreSQL's `@>` holds below the outermost value.
    pub(crate) fn holds_nested(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Object(one), Self::Object(other)) => {
                let held = |(name, other)| one.get(name).is_some_and(|one: &Self| one.holds_nested(other));
                other.iter().all(held)
            }
            (Self::Array(one), Self::Array(other)) => {
                other.iter().all(|other| one.iter().any(|one| one.holds_nested(other)))
            }
            (one, other) => one.is_same(other),
        }
    }

    /// Whether PostgreSQL's `@>` holds: an array also holds a scalar that is one of its elements.
    pub(crate) fn holds(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Array(elements), Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_)) => {
                elements.iter().any(|element| element.is_same(other))
            }
            (one, other) => one.holds_nested(other),
        }
    }
}

/// Whether a text is an object in the profile that `JsonObject` promises, decided without its scanner.
pub(crate) fn is_object_of_the_profile(text: &str) -> bool {
    parse(text).is_some_and(|(value, facts)| {
        matches!(value, Json::Object(_)) && facts.depth <= 100 && !facts.leaves_the_profile
    })
}

/// What the profile asks, beyond the value.
#[derive(Default)]
struct Facts {
    depth: usize,
    leaves_the_profile: bool,
}

fn parse(text: &str) -> Option<(Json, Facts)> {
    let mut lexer = SliceLexer::new(text.as_bytes());
    let first = lexer.ws_peek()?;
    let value = parse_bounded(DEPTH_MAX, first, &mut lexer).ok()?;
    if lexer.ws_peek().is_some() {
        return None;
    }
    let mut facts = Facts::default();
    let value = facts.look_at(value, 0)?;
    Some((value, facts))
}

impl Facts {
    fn look_at<N: AsRef<str>, S: AsRef<str>>(&mut self, value: Value<N, S>, depth: usize) -> Option<Json> {
        self.depth = self.depth.max(depth);
        Some(match value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(value),
            Value::Number((digits, _)) => {
                self.leaves_the_profile |= !is_number_of_the_profile(digits.as_ref());
                Json::Number(digits.as_ref().to_owned())
            }
            Value::String(text) => Json::String(self.string(text)),
            Value::Array(elements) => {
                self.depth = self.depth.max(depth + 1);
                let elements = elements.into_iter().map(|element| self.look_at(element, depth + 1));
                Json::Array(elements.collect::<Option<_>>()?)
            }
            Value::Object(members) => {
                self.depth = self.depth.max(depth + 1);
                let mut names = BTreeSet::new();
                let mut object = BTreeMap::new();
                for (name, value) in members {
                    let name = self.string(name);
                    self.leaves_the_profile |= !names.insert(name.clone());
                    object.insert(name, self.look_at(value, depth + 1)?);
                }
                Json::Object(object)
            }
        })
    }

    /// RFC 7493 section 2.1 and NUL.
    fn string(&mut self, text: impl AsRef<str>) -> String {
        let text = text.as_ref();
        let is_foreign = |c: char| c == '\0' || matches!(c as u32 & 0xffff, 0xfffe | 0xffff) || is_process(c);
        self.leaves_the_profile |= text.contains(is_foreign);
        text.to_owned()
    }
}

/// The noncharacters that Unicode leaves to processes.
fn is_process(c: char) -> bool {
    ('\u{fdd0}'..='\u{fdef}').contains(&c)
}

/// Finite as a double, and with as many decimal places as PostgreSQL keeps.
fn is_number_of_the_profile(digits: &str) -> bool {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let Ok(exponent) = exponent.parse::<i64>() else { return false };
    let places = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len() as i64);
    let is_finite = digits.parse::<f64>().is_ok_and(f64::is_finite);
    is_finite && exponent <= 16_691 && i128::from(places) - i128::from(exponent) <= 16_383
}
