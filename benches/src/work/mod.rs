//! The works, a room each.

mod bulk;
mod growth;
mod guarded;
mod importing;
mod neighbours;
mod querying;
mod reading;
mod single;
mod verifying;

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

pub(crate) use bulk::{
    IN_FLIGHT, PER_APPEND, append_pipelined, figures as bulk_figures, own as append_in_bulk, to_append,
};
pub(crate) use guarded::{appends_of_clients, own as append_guarded, run_clients, wait_for};
pub(crate) use querying::{EVENTS as QUERIED_EVENTS, query_side_by_side};
pub(crate) use reading::{EVENTS as READ_EVENTS, SHAPE as READ_SHAPE, read_side_by_side};
pub(crate) use single::own_awaited as append_one_by_one;

use crate::error::{BenchError, Result};
use crate::http;
use crate::postgres;
use crate::report::Figure;
use crate::settings::Settings;

/// Something that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// One client, one event per append.
    W1,
    /// 64 clients, each append guarded by an expected version.
    W2,
    /// Bulk append, 10,000 events per transaction.
    W3,
    /// Reading one aggregate, and everything.
    W4,
    /// Questions with short answers.
    W5,
    /// 64 guarded clients while others export the log and follow it.
    Neighbours,
    /// Verification of a whole log.
    Verify,
    /// Import of a foreign log, mapped by jq.
    Import,
    /// The cost of an append while the log grows.
    Growth,
    /// W2's clients over HTTP.
    H1,
    /// Batches over HTTP.
    H2,
    /// A page over HTTP.
    H3,
    /// An export over HTTP.
    H4,
    /// Subscribers over HTTP.
    H5,
}

impl Work {
    /// Every work, in the order in which they are measured.
    pub const ALL: &[Self] = &[
        Self::W1,
        Self::W2,
        Self::W3,
        Self::W4,
        Self::W5,
        Self::Neighbours,
        Self::Verify,
        Self::Import,
        Self::Growth,
        Self::H1,
        Self::H2,
        Self::H3,
        Self::H4,
        Self::H5,
    ];

    /// The works that are done over HTTP.
    pub const OVER_HTTP: &[Self] = &[Self::H1, Self::H2, Self::H3, Self::H4, Self::H5];

    /// The works that are measured where none is named.
    pub const USUAL: &[Self] = &[Self::W1, Self::W2, Self::W3, Self::W4, Self::W5];

    /// How it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::W1 => "W1",
            Self::W2 => "W2",
            Self::W3 => "W3",
            Self::W4 => "W4",
            Self::W5 => "W5",
            Self::Neighbours => "neighbours",
            Self::Verify => "verify",
            Self::Import => "import",
            Self::Growth => "growth",
            Self::H1 => "H1",
            Self::H2 => "H2",
            Self::H3 => "H3",
            Self::H4 => "H4",
            Self::H5 => "H5",
        }
    }

    /// What it is, in a line.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::W1 => "one client, one event per append",
            Self::W2 => "64 clients in one process, each append guarded by an expected version",
            Self::W3 => "bulk append, 10,000 events per transaction",
            Self::W4 => "reading one aggregate of 10,000 events, and all of a million",
            Self::W5 => "the latest 50 of an aggregate, a type and time range, an indexed payload field",
            Self::Neighbours => "W2 while one client exports the log and another follows it, beside W2 alone",
            Self::Verify => "verification of a whole log",
            Self::Import => "import of the loan log, mapping by jq included, beside bulk append",
            Self::Growth => "cost of an append to a large log beside that to a small one",
            Self::H1 => "64 HTTP clients, each append guarded by an expected version, beside W2",
            Self::H2 => "appends of 500 events over HTTP, beside W3",
            Self::H3 => "a page of 50 events over HTTP, beside the same question in process",
            Self::H4 => "export of all events over HTTP, beside reading them in process",
            Self::H5 => "1,000 subscribers over HTTP, idle and then told of an event",
        }
    }

    pub(crate) fn measure(self, settings: &Settings) -> Result<Vec<Figure>> {
        if settings.server.is_some() {
            return postgres::measure(self, settings);
        }
        match self {
            Self::W1 => single::measure(settings),
            Self::W2 => guarded::measure(settings),
            Self::W3 => bulk::measure(settings),
            Self::W4 => reading::measure(settings),
            Self::W5 => querying::measure(settings),
            Self::Neighbours => neighbours::measure(settings),
            Self::Verify => verifying::measure(settings),
            Self::Import => importing::measure(settings),
            Self::Growth => growth::measure(settings),
            Self::H1 => http::guarded(settings),
            Self::H2 => http::batches(settings),
            Self::H3 => http::page(settings),
            Self::H4 => http::export(settings),
            Self::H5 => http::subscribers(settings),
        }
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Work {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl FromStr for Work {
    type Err = BenchError;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.iter().find(|work| work.name().eq_ignore_ascii_case(name));
        found.copied().ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|work| work.name()).collect();
            BenchError::UnknownWork { name: name.to_owned(), known: known.join(", ") }
        })
    }
}
