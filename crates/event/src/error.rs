use crate::json::InvalidJson;

/// Why a value cannot be part of an event. The message names the field, the value's place and the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEvent {
    /// A name is empty.
    #[error("{field} is empty; give it at least one character")]
    EmptyName {
        /// What the name names, as in JSON: `eventType`.
        field: &'static str,
    },
    /// A name is longer than the limit.
    #[error("{field} is {bytes} bytes long, at most {bytes_max} are allowed")]
    NameTooLong {
        /// What the name names, as in JSON.
        field: &'static str,
        /// Its length in bytes.
        bytes: usize,
        /// The limit in bytes.
        bytes_max: usize,
    },
    /// A name holds a character that no name may hold.
    #[error("{field} {value:?} holds {character:?} at byte {offset}, which is not allowed there")]
    ForbiddenCharacter {
        /// What the name names, as in JSON.
        field: &'static str,
        /// The whole name.
        value: String,
        /// The character.
        character: char,
        /// Its offset in bytes.
        offset: usize,
    },
    /// A stream name has no `/`.
    #[error("{0:?} is not an aggregate; write TYPE/ID, as in Order/order_456")]
    NoStreamName(String),
    /// A time is not RFC 3339 with an offset, or lies outside the years 0001 to 9999.
    #[error("{value:?} is not a time with an offset, as in 2026-11-20T10:30:00.25Z: {reason}")]
    Timestamp {
        /// The text.
        value: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An event id is not a UUID.
    #[error("{0:?} is not an event id; give a UUID, as in 0192f0c1-7b3e-7c4a-9d52-0a4f5b2f6d11")]
    EventId(String),
    /// A number is not in its range.
    #[error("{field} {value} is out of range; give a whole number from {min} to {max}")]
    Number {
        /// What the number counts, as in JSON.
        field: &'static str,
        /// The number.
        value: String,
        /// The least allowed value.
        min: u64,
        /// The greatest allowed value.
        max: u64,
    },
    /// A text is not a JSON object in the I-JSON profile.
    #[error("{field}: {source}")]
    Json {
        /// The field that holds the text, as in JSON.
        field: &'static str,
        /// What is wrong, and where.
        #[source]
        source: InvalidJson,
    },
    /// A payload, metadata or context is larger than the limit.
    #[error("{field} is {bytes} bytes long, at most {bytes_max} are allowed")]
    TooLarge {
        /// The field, as in JSON.
        field: &'static str,
        /// Its length in bytes.
        bytes: usize,
        /// The limit in bytes.
        bytes_max: usize,
    },
    /// An event has more tags than the limit.
    #[error("the event has {count} tags, at most {count_max} are allowed")]
    TooManyTags {
        /// How many there are.
        count: usize,
        /// The limit.
        count_max: usize,
    },
    /// A text is not an RFC 6901 JSON pointer.
    #[error("{0:?} is not a JSON pointer; it starts with a slash, as in /total")]
    JsonPointer(String),
}
