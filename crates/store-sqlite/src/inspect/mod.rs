//! Whether everything beside the events is what follows from them; and making it so again.
//!
//! Each table of the index is compared with the truth both ways in one pass over each: both sides sum up
//! keyed hashes of what a row says, so that memory does not grow with the log, but for eight bytes per stream.
//! The events are taken in as whoever verifies reads them, on any number of threads, while everything beside
//! them is looked at on another. Where sums differ, a second, slower look finds the events that are concerned.
//!
//! The index is the one that lies beside the log, also where readers do not believe it.

mod beside;
mod bookkeeping;
mod claims;
mod database;
mod expected;
mod indexed;
mod integrity;
mod locate;
mod repair;
mod sums;

use annals_store::Problem;

pub(crate) use beside::{Beside, look_beside};
pub(crate) use claims::Claims;
pub(crate) use expected::Expected;
pub(crate) use repair::repair;

fn problem(code: &'static str, position: Option<u64>, detail: impl Into<String>) -> Problem {
    Problem { code, position: position.map(annals_event::Position), detail: detail.into() }
}
