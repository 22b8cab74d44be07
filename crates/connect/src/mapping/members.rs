use std::borrow::Cow;
use std::fmt;

use annals_event::{
    ActorId, InvalidEvent, JsonObject, SchemaVersion, Tag, Tags, Timestamp, write_json_string,
};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::mapped_event::SourceEventId;
use crate::refusal::Refusal;

/// The members of a record's object that nobody has taken yet, in the order of the record, with the very bytes of
/// their values.
pub(super) struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

/// The name of a member, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// So many members an event has mostly.
const MEMBERS_USUAL: usize = 12;

/// A member that was taken: its name, for messages, and its value, which is not null.
#[derive(Clone, Copy)]
pub(super) struct Member<'a> {
    pub(super) name: &'static str,
    pub(super) json: &'a str,
}

impl<'a> Members<'a> {
    /// The members of the object `json`.
    pub(super) fn of(json: &'a str) -> Result<Self, Refusal> {
        serde_json::from_str(json).map_err(|error| {
            // The message's own line is always 1 and would be taken for the source's.
            let text = error.to_string();
            let what = text.split(" at line ").next().unwrap_or_default();
            Refusal::NotAnObject { reason: format!("{what} (column {})", error.column()) }
        })
    }

    /// The same without the members that are an empty string, which is how a row of CSV says nothing.
    pub(super) fn without_empty(mut self) -> Self {
        self.0.retain(|(_, value)| value.get() != "\"\"");
        self
    }

    /// Takes the member that has one of `names`, of which the first is the form's own; `None` for null, too.
    pub(super) fn take(&mut self, names: &[&'static str]) -> Result<Option<Member<'a>>, Refusal> {
        let mut found = None;
        for &name in names {
            while let Some(index) = self.0.iter().position(|(known, _)| known == name) {
                let (_, value) = self.0.remove(index);
                if found.is_some() {
                    return Err(Refusal::MemberTwice { member: name.to_owned() });
                }
                found = Some(Member { name, json: value.get() });
            }
        }
        Ok(found.filter(|member| member.json != "null"))
    }

    /// Takes a member that must be there.
    pub(super) fn need(
        &mut self,
        names: &[&'static str],
        expected: &'static str,
    ) -> Result<Member<'a>, Refusal> {
        let missing = || missing(names.first().copied().unwrap_or_default(), expected);
        self.take(names)?.ok_or_else(missing)
    }

    /// The one member of an object that has no other.
    pub(super) fn only(&self) -> Option<(&str, &'a str)> {
        match self.0.as_slice() {
            [(name, value)] => Some((name.as_ref(), value.get())),
            _ => None,
        }
    }

    /// An object of what nobody took, so that a form without metadata loses nothing.
    pub(super) fn into_object(self) -> Result<JsonObject, Refusal> {
        let mut text = String::from("{");
        for (name, value) in self.0 {
            if text.len() > 1 {
                text.push(',');
            }
            write_json_string(&mut text, &name);
            text.push(':');
            text.push_str(value.get());
        }
        text.push('}');
        json_object("metadata", text.into())
    }

    /// Refuses whatever nobody took.
    pub(super) fn finish(self, allowed: &[&[&str]]) -> Result<(), Refusal> {
        match self.0.into_iter().next() {
            None => Ok(()),
            Some((member, _)) => {
                let (member, allowed) = (member.into_owned(), allowed.concat().join(", "));
                Err(Refusal::UnknownMember { member, allowed })
            }
        }
    }
}

/// What a missing member is refused with.
pub(super) fn missing(member: &str, expected: &'static str) -> Refusal {
    Refusal::MissingMember { member: member.to_owned(), expected }
}

impl<'a> Member<'a> {
    fn wrong(&self, expected: &'static str) -> Refusal {
        let found = match self.json.as_bytes().first() {
            Some(b'"') => "a string",
            Some(b'{') => "an object",
            Some(b'[') => "an array",
            Some(b't' | b'f') => "a boolean",
            _ => "a number",
        };
        Refusal::WrongType { member: self.name.to_owned(), found, expected }
    }

    /// What is wrong with the member's value.
    pub(super) fn invalid(&self, source: InvalidEvent) -> Refusal {
        Refusal::InvalidMember { member: self.name.to_owned(), source }
    }

    fn is_string(&self) -> bool {
        self.json.starts_with('"')
    }

    /// The member as a string.
    pub(super) fn text(&self) -> Result<Cow<'a, str>, Refusal> {
        let text = Some(self.json).filter(|_| self.is_string());
        text.and_then(string).ok_or_else(|| self.wrong("a string"))
    }

    /// The member as an id: a string, or a number by its digits.
    pub(super) fn id(&self) -> Result<Cow<'a, str>, Refusal> {
        match self.json.as_bytes().first() {
            Some(b'-' | b'0'..=b'9') => Ok(Cow::Borrowed(self.json)),
            _ => self.text(),
        }
    }

    /// The member as the source's id of the event.
    pub(super) fn event_id(&self) -> Result<SourceEventId, Refusal> {
        Ok(SourceEventId::from(&*self.id()?))
    }

    /// The member as one of the names of an event.
    pub(super) fn name<T: std::str::FromStr<Err = InvalidEvent>>(&self) -> Result<T, Refusal> {
        self.id()?.parse().map_err(|error| self.invalid(error))
    }

    /// The member as a time with an offset.
    pub(super) fn time(&self) -> Result<Timestamp, Refusal> {
        if !self.is_string() {
            return Err(self.wrong("a string with a time and its offset, as in \"2026-11-20T10:30:00Z\""));
        }
        self.text()?.parse().map_err(|error| self.invalid(error))
    }

    /// The member as a whole number: a number, or its digits as a string, as in CSV; `1.0` is 1.
    pub(super) fn whole_number(&self) -> Result<u64, Refusal> {
        let digits = self.id().map_err(|_| self.wrong("a whole number"))?;
        let digits = digits.strip_suffix(".0").unwrap_or(&digits);
        digits.parse().map_err(|_| self.wrong("a whole number, not negative"))
    }

    /// The member as the version of a shape.
    pub(super) fn schema_version(&self) -> Result<SchemaVersion, Refusal> {
        SchemaVersion::new(self.whole_number()?).map_err(|error| self.invalid(error))
    }

    /// The member as an object, byte for byte: itself, or what a string holds, as in CSV.
    pub(super) fn object(&self) -> Result<JsonObject, Refusal> {
        match self.json.as_bytes().first() {
            Some(b'{') => json_object(self.name, self.json.into()),
            Some(b'"') => json_object(self.name, self.text()?.into()),
            _ => Err(self.wrong("an object")),
        }
    }

    /// The member as tags: an array of strings, or a string that holds one, as in CSV.
    pub(super) fn tags(&self) -> Result<Tags, Refusal> {
        let wrong = || self.wrong("an array of strings, as in [\"customer:42\"]");
        let text = if self.is_string() { self.text()? } else { Cow::Borrowed(self.json) };
        let tags: Vec<String> = serde_json::from_str(&text).map_err(|_| wrong())?;
        tags.iter().map(|tag| Tag::new(tag).map_err(|error| self.invalid(error))).collect()
    }

    /// The member as who did it; an empty string is nobody.
    pub(super) fn actor(&self) -> Result<Option<ActorId>, Refusal> {
        if self.json == "\"\"" { Ok(None) } else { self.name().map(Some) }
    }
}

/// A text as an object, byte for byte.
pub(super) fn json_object(member: &str, text: Box<str>) -> Result<JsonObject, Refusal> {
    JsonObject::new(text).map_err(|source| Refusal::InvalidText { member: member.to_owned(), source })
}

/// A JSON string's value, borrowed where it has no escapes.
fn string(json: &str) -> Option<Cow<'_, str>> {
    match json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(plain) if !plain.contains('\\') => Some(Cow::Borrowed(plain)),
        _ => serde_json::from_str(json).ok().map(Cow::Owned),
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(MEMBERS_USUAL);
                while let Some((Name(name), value)) = map.next_entry()? {
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}
