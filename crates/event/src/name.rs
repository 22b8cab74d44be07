use std::fmt;

use compact_str::CompactString;

use crate::InvalidEvent;

/// No name is longer, whatever the configured limits: entries of the Merkle log have 16-bit lengths.
const NAME_BYTES_CEILING: usize = 2_048;

/// Checks what every name has in common: not empty, no control characters, within the ceiling.
fn check(field: &'static str, value: &str, forbidden: Option<char>) -> Result<(), InvalidEvent> {
    if value.is_empty() {
        return Err(InvalidEvent::EmptyName { field });
    }
    if value.len() > NAME_BYTES_CEILING {
        return Err(InvalidEvent::NameTooLong { field, bytes: value.len(), bytes_max: NAME_BYTES_CEILING });
    }
    match value.char_indices().find(|&(_, c)| c.is_control() || Some(c) == forbidden) {
        None => Ok(()),
        Some((offset, character)) => {
            Err(InvalidEvent::ForbiddenCharacter { field, value: value.to_owned(), character, offset })
        }
    }
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident, $field:literal, $forbidden:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// Not empty, at most 2,048 bytes ([`Limits`](crate::Limits) may ask for less), no control characters.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(CompactString);

        impl $name {
            /// Checks `value` and makes it a name.
            ///
            /// # Errors
            /// [`InvalidEvent`] when it is empty, too long, or holds a forbidden character.
            pub fn new(value: impl AsRef<str>) -> Result<Self, InvalidEvent> {
                let value = value.as_ref();
                check($field, value, $forbidden)?;
                Ok(Self(CompactString::new(value)))
            }

            /// Takes a name as a store holds it, unchecked, so that altered rows can be read and reported.
            #[must_use]
            pub fn from_stored(value: &str) -> Self {
                Self(CompactString::new(value))
            }

            /// The name's text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidEvent;
            fn from_str(value: &str) -> Result<Self, InvalidEvent> {
                Self::new(value)
            }
        }
    )*};
}

names! {
    /// The kind of aggregate that a stream belongs to, such as `Order`. It holds no `/`.
    AggregateType, "aggregateType", Some('/');
    /// The identifier of one aggregate within its type, such as `order_456`.
    AggregateId, "aggregateId", None;
    /// What happened, such as `OrderPlaced`.
    EventType, "eventType", None;
    /// Who did it; [`ActorId::anonymous`] when nobody is known.
    ActorId, "actorId", None;
    /// A further entity that an event is about, such as `customer:42`.
    Tag, "tag", None;
    /// The name of one totally ordered, provable sequence. It holds no `/`.
    LogName, "log", Some('/');
    /// The name of a source's or reader's place.
    CursorName, "cursor", None;
}

impl ActorId {
    /// The actor of an event whose producer named nobody.
    #[must_use]
    pub fn anonymous() -> Self {
        Self(CompactString::const_new("anonymous"))
    }
}

impl LogName {
    /// The log that is meant when none is named.
    #[must_use]
    pub fn main() -> Self {
        Self(CompactString::const_new("main"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_name_with_a_control_character_and_says_where() {
        let error = EventType::new("a\u{7}b").unwrap_err();
        assert!(matches!(error, InvalidEvent::ForbiddenCharacter { offset: 1, character: '\u{7}', .. }));
    }

    #[test]
    fn refuses_a_slash_in_an_aggregate_type_but_not_in_an_id() {
        assert!(AggregateType::new("a/b").is_err());
        assert_eq!(AggregateId::new("a/b").unwrap().as_str(), "a/b");
    }

    #[test]
    fn refuses_an_empty_name_and_one_above_the_ceiling() {
        assert!(matches!(Tag::new(""), Err(InvalidEvent::EmptyName { field: "tag" })));
        assert!(matches!(Tag::new("x".repeat(2_049)), Err(InvalidEvent::NameTooLong { .. })));
    }
}
