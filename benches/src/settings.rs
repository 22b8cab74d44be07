use std::path::PathBuf;

use annals::Location;
use annals_jq::WorkerCommand;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::error::{BenchError, Result};
use crate::http::ServerCommand;
use crate::postgres::ClientsCommand;

/// How the works are measured.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The server on which stores are measured; files are, where there is none. Its URL's own schema is left alone.
    pub server: Option<Location>,
    /// The folder in which files lie while they are measured, keys for instance; it must exist.
    pub dir: PathBuf,
    /// How often everything is measured.
    pub rounds: usize,
    /// How many events each work has, instead of its own number.
    pub events: Option<usize>,
    /// The log that is imported, lines of JSON, perhaps compressed; the example's when there is none.
    pub loan_log: Option<PathBuf>,
    /// How a process is started that runs jq programs.
    pub jq_worker: WorkerCommand,
    /// How a process is started that is some of the clients of W2.
    pub clients: ClientsCommand,
    /// How a process is started that serves a log over HTTP.
    pub serve: ServerCommand,
}

impl Settings {
    /// Looks whether anything can be measured so.
    pub(crate) fn check(&self) -> Result<()> {
        let refuse = |reason: &str| Err(BenchError::Settings { reason: reason.to_owned() });
        match self {
            Self { rounds: 0, .. } => refuse("nothing is measured in 0 rounds; give at least 1"),
            Self { server: Some(Location::Sqlite(_)), .. } => {
                refuse("a file is on no server; name no server")
            }
            Self { events: Some(..100), .. } => refuse("fewer than 100 events say nothing; give more"),
            _ => self.fresh_folder().map(drop),
        }
    }

    /// A new folder, deleted with everything in it when it is dropped.
    pub(crate) fn fresh_folder(&self) -> Result<TempDir> {
        let folder = tempfile::Builder::new().prefix("annals-bench-").tempdir_in(&self.dir);
        folder.map_err(BenchError::file(&self.dir))
    }
}

/// Two threads for tasks, as the command line has.
pub(crate) fn runtime() -> Result<Runtime> {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.map_err(BenchError::file(std::path::Path::new("the Tokio runtime")))
}
