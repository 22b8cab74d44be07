//! The works, a room each.

mod bulk;
mod guarded;
mod single;

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::error::{BenchError, Result};
use crate::report::Figure;
use crate::settings::Settings;

/// Something that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Work {
    /// One client, one event per append.
    W1,
    /// 64 clients, each append guarded by an expected version.
    W2,
    /// Bulk append, 10,000 events per transaction.
    W3,
}

impl Work {
    /// Every work, in the order in which they are measured.
    pub const ALL: &[Self] = &[Self::W1, Self::W2, Self::W3];

    /// What it is, in a line.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::W1 => "one client, one event per append",
            Self::W2 => "64 clients in one process, each append guarded by an expected version",
            Self::W3 => "bulk append, 10,000 events per transaction",
        }
    }

    pub(crate) fn measure(self, settings: &Settings) -> Result<Vec<Figure>> {
        match self {
            Self::W1 => single::measure(settings),
            Self::W2 => guarded::measure(settings),
            Self::W3 => bulk::measure(settings),
        }
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl FromStr for Work {
    type Err = BenchError;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.iter().find(|work| work.to_string().eq_ignore_ascii_case(name));
        found.copied().ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(Self::to_string).collect();
            BenchError::UnknownWork { name: name.to_owned(), known: known.join(", ") }
        })
    }
}
