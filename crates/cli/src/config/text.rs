//! Values that stand in the configuration as text or numbers, checked when they are read.

use std::fmt;
use std::str::FromStr;

use annals::{InvalidEvent, SchemaVersion};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A time zone and the name under which it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Zone {
    name: String,
    zone: TimeZone,
}

/// A schema version as a number of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub(super) struct Version(SchemaVersion);

impl Zone {
    /// Coordinated universal time.
    pub(crate) fn utc() -> Self {
        Self { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }

    /// The zone's rules.
    pub(crate) fn rules(&self) -> &TimeZone {
        &self.zone
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl FromStr for Zone {
    type Err = String;
    fn from_str(name: &str) -> Result<Self, String> {
        let zone = match name {
            "local" => TimeZone::system(),
            name => TimeZone::get(name).map_err(|_| {
                format!("{name:?} is no time zone; give an IANA name such as Europe/Berlin, UTC, or local")
            })?,
        };
        Ok(Self { name: name.to_owned(), zone })
    }
}

/// Writes a value as its text.
pub(super) fn serialize<T: fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Reads a value from its text.
pub(super) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
}

impl Version {
    pub(super) fn get(self) -> SchemaVersion {
        self.0
    }
}

impl TryFrom<u64> for Version {
    type Error = InvalidEvent;
    fn try_from(number: u64) -> Result<Self, InvalidEvent> {
        SchemaVersion::new(number).map(Self)
    }
}

impl From<Version> for u64 {
    fn from(version: Version) -> Self {
        version.0.get().into()
    }
}
