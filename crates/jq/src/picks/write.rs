use jaq_json::Val;

use super::{Path, Pick};
use crate::json_in::{Member, MemberValue, parse_members};
use crate::json_out::JsonWriter;

/// Of a record with more members it is not looked up here whether a name stands twice.
const NAMES_COMPARED_MAX: usize = 64;

impl Pick {
    /// Writes what the program gives for a record; `None` when the interpreter has to say, whatever was written.
    pub(crate) fn write<'a>(
        &self,
        record: &[u8],
        variable: impl Fn(usize) -> Option<&'a Val>,
        writer: &mut JsonWriter<'_>,
    ) -> Option<()> {
        let members = parse_members(record)?;
        Picker { members: &members, variable, writer }.pick(self)
    }

    /// Whether a variable is picked.
    pub(crate) fn has_variables(&self) -> bool {
        match self {
            Self::Variable(_) => true,
            Self::Joined { parts, .. } => parts.iter().any(Self::has_variables),
            Self::Either(first, second) => first.has_variables() || second.has_variables(),
            Self::Object(members) => members.iter().any(|(_, value)| value.has_variables()),
            Self::Record { .. } | Self::Path(_) | Self::Text(_) | Self::Digits(_) => false,
        }
    }
}

/// What was found in a record or a variable.
#[derive(Clone, Copy)]
enum Found<'r> {
    Text(&'r str),
    Value(&'r Val),
    /// There is nothing, which is null.
    Nothing,
}

impl Found<'_> {
    fn is_true(self) -> bool {
        !matches!(self, Found::Nothing | Found::Value(Val::Null | Val::Bool(false)))
    }
}

/// Picks from one record.
struct Picker<'p, 'r, 'w, V> {
    members: &'p [Member<'r>],
    variable: V,
    writer: &'p mut JsonWriter<'w>,
}

impl<'p, 'a: 'p, V: Fn(usize) -> Option<&'a Val>> Picker<'p, '_, '_, V> {
    fn pick(&mut self, pick: &'p Pick) -> Option<()> {
        match pick {
            Pick::Record { without } => self.record(without),
            Pick::Path(_) | Pick::Variable(_) | Pick::Text(_) => {
                let found = self.find(pick)?;
                self.found(found)
            }
            Pick::Digits(digits) => self.writer.raw(digits.as_bytes()).ok(),
            Pick::Joined { parts, separator } => self.joined(parts, separator),
            Pick::Either(first, second) => match self.find(first)? {
                found if found.is_true() => self.found(found),
                _ => self.pick(second),
            },
            Pick::Object(members) => self.object(members),
        }
    }

    /// What is picked, where it need not be put together.
    fn find(&self, pick: &'p Pick) -> Option<Found<'p>> {
        match pick {
            Pick::Path(path) => self.at(path),
            Pick::Variable(index) => (self.variable)(*index).map(Found::Value),
            Pick::Text(text) => Some(Found::Text(text)),
            Pick::Either(first, second) => match self.find(first)? {
                found if found.is_true() => Some(found),
                _ => self.find(second),
            },
            _ => None,
        }
    }

    /// What a path leads to; of members with the same name the last one counts.
    fn at(&self, path: &Path) -> Option<Found<'p>> {
        let Some(member) = self.members.iter().rev().find(|member| member.name == path.first) else {
            return Some(Found::Nothing);
        };
        let mut value = match &member.value {
            MemberValue::Text(text) if path.rest.is_empty() => return Some(Found::Text(text)),
            MemberValue::Text(_) => return None,
            MemberValue::Other(value) => value,
        };
        for name in &path.rest {
            value = match value {
                Val::Null => return Some(Found::Nothing),
                Val::Obj(members) => match members.get(name) {
                    Some(value) => value,
                    None => return Some(Found::Nothing),
                },
                _ => return None,
            };
        }
        Some(Found::Value(value))
    }

    fn found(&mut self, found: Found<'_>) -> Option<()> {
        match found {
            Found::Text(text) => self.writer.text(text).ok(),
            Found::Value(value) => self.writer.value(value).ok(),
            Found::Nothing => self.writer.value(&Val::Null).ok(),
        }
    }

    fn joined(&mut self, parts: &'p [Pick], separator: &str) -> Option<()> {
        self.writer.raw(b"\"").ok()?;
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.writer.characters(separator).ok()?;
            }
            let text = match self.find(part)? {
                Found::Text(text) => text,
                Found::Value(Val::TStr(text)) => std::str::from_utf8(text).ok()?,
                Found::Value(_) | Found::Nothing => return None,
            };
            self.writer.characters(text).ok()?;
        }
        self.writer.raw(b"\"").ok()
    }

    fn object(&mut self, members: &'p [(String, Pick)]) -> Option<()> {
        let mut before: &[u8] = b"{";
        for (name, pick) in members {
            self.writer.raw(before).ok()?;
            self.writer.text(name).ok()?;
            self.writer.raw(b":").ok()?;
            self.pick(pick)?;
            before = b",";
        }
        self.writer.raw(if members.is_empty() { b"{}" } else { b"}" }).ok()
    }

    fn record(&mut self, without: &[String]) -> Option<()> {
        if self.members.len() > NAMES_COMPARED_MAX || has_twins(self.members) {
            return None;
        }
        let kept = |member: &&Member<'_>| !without.iter().any(|name| *name == member.name);
        self.writer.raw(b"{").ok()?;
        for (index, member) in self.members.iter().filter(kept).enumerate() {
            if index > 0 {
                self.writer.raw(b",").ok()?;
            }
            self.writer.text(&member.name).ok()?;
            self.writer.raw(b":").ok()?;
            self.found(match &member.value {
                MemberValue::Text(text) => Found::Text(text),
                MemberValue::Other(value) => Found::Value(value),
            })?;
        }
        self.writer.raw(b"}").ok()
    }
}

/// Whether two members have the same name.
fn has_twins(members: &[Member<'_>]) -> bool {
    let is_known = |(index, member): (usize, &Member<'_>)| {
        members.iter().take(index).any(|earlier| earlier.name == member.name)
    };
    members.iter().enumerate().any(is_known)
}
