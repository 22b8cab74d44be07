use std::fmt;
use std::str::FromStr;

use crate::connection::InvalidLocation;

/// Longer names leave no room for what is named after them; PostgreSQL cuts names at 63 bytes.
const BYTES_MAX: usize = 48;

/// The name of a log's schema: a lowercase letter or `_`, then lowercase letters, digits and `_`, at most 48.
///
/// So it needs no quotes anywhere, and nobody can write more than a name into it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SchemaName(String);

impl SchemaName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for SchemaName {
    /// `annals`.
    fn default() -> Self {
        Self("annals".to_owned())
    }
}

impl FromStr for SchemaName {
    type Err = InvalidLocation;

    fn from_str(name: &str) -> Result<Self, InvalidLocation> {
        let may_begin = |c: char| c.is_ascii_lowercase() || c == '_';
        let is_name = name.starts_with(may_begin)
            && name.chars().all(|c| may_begin(c) || c.is_ascii_digit())
            && name.len() <= BYTES_MAX
            && !name.starts_with("pg_");
        if is_name {
            Ok(Self(name.to_owned()))
        } else {
            Err(InvalidLocation::Schema { name: name.to_owned() })
        }
    }
}

impl fmt::Display for SchemaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
