use std::fmt;

use crate::InvalidEvent;

/// An event's place in the order of all events of its log: 0, 1, 2 … without gaps.
///
/// It is also the event's leaf index in the Merkle tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub u64);

/// An event's place in its stream: 1, 2, 3 … without gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamVersion(pub u64);

/// The version of an event type's shape, 1 or greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaVersion(u32);

impl Position {
    /// The position after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl StreamVersion {
    /// The version of a stream's first event.
    pub const FIRST: Self = Self(1);

    /// The version after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl SchemaVersion {
    /// The version of a shape that was never changed; what is meant when none is given.
    pub const FIRST: Self = Self(1);

    /// Checks a schema version.
    ///
    /// # Errors
    /// [`InvalidEvent::Number`] when it is 0 or above 2³¹ − 1 (PostgreSQL's `integer`).
    pub fn new(value: u64) -> Result<Self, InvalidEvent> {
        match u32::try_from(value) {
            Ok(version) if (1..=i32::MAX as u32).contains(&version) => Ok(Self(version)),
            _ => Err(InvalidEvent::Number {
                field: "schemaVersion",
                value: value.to_string(),
                min: 1,
                max: i32::MAX as u64,
            }),
        }
    }

    /// Takes a version as a store holds it, unchecked, so that altered rows can be read and reported.
    #[must_use]
    pub fn from_stored(value: u32) -> Self {
        Self(value)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for StreamVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for SchemaVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
