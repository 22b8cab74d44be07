//! Names of keys and of logs.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// The greatest length of an origin in bytes: as much as a subtree cosignature can name
/// (tlog-cosignature, `log_origin<1..2^8-1>`).
pub const ORIGIN_LEN_MAX: usize = 255;

/// The name of a key: not empty, without spaces, plus signs and control characters (signed-note,
/// "Format"). Recommended is a URL without its scheme, such as `example.com/log42`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

/// The identity of a log: the first line of its checkpoints and the name of its keys
/// (tlog-checkpoint, "Note text").
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(KeyName);

impl KeyName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Origin {
    /// The origin as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The name under which the log signs.
    #[must_use]
    pub const fn key_name(&self) -> &KeyName {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = Error;

    /// Fails with [`Error::KeyName`].
    fn from_str(name: &str) -> Result<Self, Error> {
        let is_forbidden = |c: char| c == '+' || c < ' ' || c.is_whitespace();
        if name.is_empty() || name.contains(is_forbidden) {
            return Err(Error::KeyName { name: name.to_owned() });
        }
        Ok(Self(name.to_owned()))
    }
}

impl FromStr for Origin {
    type Err = Error;

    /// Fails with [`Error::KeyName`] or [`Error::OriginTooLong`].
    fn from_str(origin: &str) -> Result<Self, Error> {
        if origin.len() > ORIGIN_LEN_MAX {
            return Err(Error::OriginTooLong { len: origin.len() });
        }
        origin.parse().map(Self)
    }
}

impl From<Origin> for KeyName {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_break_a_signature_line_are_refused() {
        for name in ["", " ", "a b", "a+b", "a\nb", "a\tb", "a\u{a0}b", "a\u{2003}b", "a\u{1}b"] {
            assert!(name.parse::<KeyName>().is_err(), "{name:?}");
            assert!(name.parse::<Origin>().is_err(), "{name:?}");
        }
        assert_eq!("例.example/log".parse::<Origin>().unwrap().as_str(), "例.example/log");
    }

    #[test]
    fn an_origin_longer_than_a_cosignature_can_name_is_refused() {
        assert!("o".repeat(255).parse::<Origin>().is_ok());
        assert_eq!("o".repeat(256).parse::<Origin>(), Err(Error::OriginTooLong { len: 256 }));
    }
}
