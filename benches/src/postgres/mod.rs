//! The same works on a PostgreSQL server, each beside raw clients of the same server.
//!
//! Everything lies in new schemas, which are dropped afterwards. Raw clients have plain connections, set to nothing that
//! the server's URL does not say.

mod bulk;
mod conditions;
mod connections;
mod gathered;
mod guarded;
mod lean;
mod lean_reader;
mod loaded;
mod processes;
mod querying;
mod reading;
mod schema;
mod single;

pub(crate) use conditions::{DatabaseConditions, find_conditions};
pub use processes::{ClientsCommand, clients_main};
pub(crate) use schema::{bytes_on_disk, wait_until_settled};

use crate::error::{BenchError, Result};
use crate::report::Figure;
use crate::settings::Settings;
use crate::work::Work;

/// Measures one work on the settings' server.
pub(crate) fn measure(work: Work, settings: &Settings) -> Result<Vec<Figure>> {
    match work {
        Work::W1 => single::measure(settings),
        Work::W2 => guarded::measure(settings),
        Work::W3 => bulk::measure(settings),
        Work::W4 => reading::measure(settings),
        Work::W5 => querying::measure(settings),
        _ => Err(BenchError::Settings {
            reason: format!("{work} is measured on files only; name W1 to W5, or a store in a file"),
        }),
    }
}
