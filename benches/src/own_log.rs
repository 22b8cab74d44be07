use std::path::{Path, PathBuf};
use std::time::Duration;

use annals::{
    EventReader, JsonPointer, KeyLocation, Location, Log, LogName, PostgresSettings, StateLocation,
    WritingOptions,
};
use rusqlite::{Connection, OpenFlags};

use crate::error::{BenchError, Result};
use crate::postgres;
use crate::question::Question;
use crate::sql;

/// How often it is looked whether everything is indexed.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// Where a log that is measured lies, and how it is opened.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) location: Location,
    /// Where the keys lie of whoever writes it.
    pub(crate) folder: PathBuf,
    /// Where it is kept what was signed last.
    state: PathBuf,
    /// How many positions a block holds, where there are blocks and they are not to grow.
    block_len: Option<u64>,
}

impl Place {
    /// A log that several write, each with a state of its own.
    pub(crate) fn of_writer(location: Location, folder: PathBuf, state: &str) -> Self {
        Self { location, state: folder.join(state), folder, block_len: None }
    }

    /// The same with blocks of so many positions.
    pub(crate) fn with_block_len(self, block_len: u64) -> Self {
        Self { block_len: Some(block_len), ..self }
    }

    /// Bytes on disk of the log, all that is derived included.
    pub(crate) async fn bytes_on_disk(&self) -> Result<u64> {
        match &self.location {
            Location::Sqlite(_) => Ok(OwnLog::bytes_on_disk(&self.folder)),
            Location::Postgres(_) | Location::Http(_) => postgres::bytes_on_disk(&self.location).await,
        }
    }
}

impl From<&Path> for Place {
    /// The log in a folder's files.
    fn from(folder: &Path) -> Self {
        Self::of_writer(location(folder), folder.to_owned(), "state")
    }
}

/// The store that is measured, as an application opens it: durable, signed while it grows.
pub(crate) struct OwnLog {
    pub(crate) log: Log,
    place: Place,
}

impl OwnLog {
    /// Opens a log for writing, and makes it when there is none.
    pub(crate) async fn open(place: &Place, payload_paths: Vec<JsonPointer>) -> Result<Self> {
        let options = WritingOptions {
            payload_paths,
            key: KeyLocation::Folder(place.folder.join("keys")),
            signing_state: StateLocation::Folder(place.state.clone()),
            postgres: PostgresSettings { block_len: place.block_len, ..PostgresSettings::default() },
            ..WritingOptions::default()
        };
        let log = annals::open_for_writing(&place.location, &LogName::main(), options).await?;
        Ok(Self { log, place: place.clone() })
    }

    /// Opens the log in a folder for reading.
    pub(crate) async fn open_for_reading(folder: &Path) -> Result<Log> {
        Ok(annals::open_for_reading(&location(folder), &LogName::main()).await?)
    }

    /// Makes an empty log and leaves it; its truth and its index.
    pub(crate) fn create_empty(folder: &Path) -> Result<[PathBuf; 2]> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(BenchError::file(folder))?;
        runtime.block_on(async { Self::open(&folder.into(), Vec::new()).await?.close().await })?;
        Ok(files(folder))
    }

    /// Waits until the store itself says that `events` are indexed.
    pub(crate) async fn wait_until_indexed(&self, events: u64) -> Result<()> {
        if let Location::Postgres(_) = self.place.location {
            return postgres::wait_until_settled(&self.place.location, events).await;
        }
        let [_, index] = files(&self.place.folder);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        loop {
            let indexed: u64 =
                Connection::open_with_flags(&index, flags)?
                    .query_row(sql::INDEX_MARK, [], |row| row.get(0))?;
            if indexed >= events {
                return Ok(());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// How many events answer the question; each is there as a whole.
    pub(crate) async fn ask(&self, question: &Question) -> Result<u64> {
        let (query, options) = question.to_query()?;
        let mut reader = EventReader::new(self.log.events(), query, options);
        let mut count = 0;
        while let Some(page) = reader.next_page().await? {
            count += std::hint::black_box(page).len() as u64;
        }
        Ok(count)
    }

    pub(crate) async fn close(self) -> Result<()> {
        self.log.close().await?;
        Ok(())
    }

    /// Bytes on disk of truth and index, with what SQLite keeps beside them.
    fn bytes_on_disk(folder: &Path) -> u64 {
        let files = files(folder).into_iter().flat_map(|file| {
            ["", "-wal", "-shm"].map(|suffix| {
                let mut name = file.as_os_str().to_owned();
                name.push(suffix);
                PathBuf::from(name)
            })
        });
        files.filter_map(|file| std::fs::metadata(file).ok()).map(|metadata| metadata.len()).sum()
    }
}

fn location(folder: &Path) -> Location {
    Location::sqlite(folder.join("annals.db"))
}

/// Truth and index of the log in a folder.
pub(crate) fn files(folder: &Path) -> [PathBuf; 2] {
    [folder.join("annals.db"), folder.join("annals.db-index")]
}
