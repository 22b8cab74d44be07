use std::path::PathBuf;

use annals::Location;
use tempfile::TempDir;

use super::server_process::{Home, ServerProcess};
use crate::error::{BenchError, Result};
use crate::events::{Generator, Shape};
use crate::loaded::load;
use crate::own_log::{OwnLog, Place};
use crate::rounds::settle;
use crate::settings::{Settings, runtime};

/// The folder of what belongs to this program, in a user's folders for configuration and for state.
const OF_PROGRAM: &str = "annals";

const FILE: &str = "annals.db";

/// A log that this process and a server open in turn. Keys and state lie where a server looks for them.
pub(super) struct ServedLog {
    /// The user's folder for configuration.
    folder: TempDir,
    /// Everything lies in this folder in it.
    home: PathBuf,
}

impl ServedLog {
    /// A log that nobody has made yet.
    pub(super) fn missing(settings: &Settings) -> Result<Self> {
        let folder = settings.fresh_folder()?;
        let home = folder.path().join(OF_PROGRAM);
        std::fs::create_dir(&home).map_err(BenchError::file(&home))?;
        Ok(Self { folder, home })
    }

    /// A log of `count` events, all of them indexed.
    pub(super) fn with_events(settings: &Settings, shape: Shape, count: usize) -> Result<Self> {
        let log = Self::missing(settings)?;
        let events = Generator::new(shape).take(count)?.into();
        runtime()?.block_on(load(&log.place(), &events, Vec::new()))?;
        drop(events);
        settle();
        Ok(log)
    }

    /// The log as it is opened in process.
    pub(super) fn place(&self) -> Place {
        Place::of_writer(Location::sqlite(self.home.join(FILE)), self.home.clone(), OF_PROGRAM)
    }

    /// Opens it in this process.
    pub(super) async fn open(&self) -> Result<OwnLog> {
        OwnLog::open(&self.place(), Vec::new()).await
    }

    /// Starts its server.
    pub(super) async fn serve(&self, settings: &Settings) -> Result<ServerProcess> {
        let home =
            Home { configuration: self.folder.path(), state: &self.home, store: &self.home.join(FILE) };
        ServerProcess::start(&settings.serve, home).await
    }
}
