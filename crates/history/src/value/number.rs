use std::fmt;

use annals_event::Decimal;
use compact_str::CompactString;

/// A number of JSON, by its digits. Numbers of the same exact value are equal: `1.10`, `1.1` and `11e-1`.
#[derive(Clone)]
pub struct Number(CompactString);

impl Number {
    /// A number from a literal that is known to be one.
    pub(super) fn from_literal(literal: &str) -> Self {
        Self(literal.into())
    }

    /// The digits as they were written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        if self.0 == other.0 {
            return true;
        }
        let (own, others) = (Decimal::parse(&self.0), Decimal::parse(&other.0));
        own.is_some() && own == others
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Self(compact_str::ToCompactString::to_compact_string(&number))
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
