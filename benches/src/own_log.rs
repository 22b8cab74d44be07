use std::path::{Path, PathBuf};
use std::time::Duration;

use annals::{EventReader, JsonPointer, KeyLocation, Location, Log, LogName, StateLocation, WritingOptions};
use rusqlite::{Connection, OpenFlags};

use crate::error::{BenchError, Result};
use crate::question::Question;
use crate::sql;

/// How often it is looked whether everything is indexed.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// The store that is measured, as an application opens it: durable, signed while it grows.
pub(crate) struct OwnLog {
    pub(crate) log: Log,
    folder: PathBuf,
}

impl OwnLog {
    /// Opens the log in a folder for writing, and makes it when there is none.
    pub(crate) async fn open(folder: &Path, payload_paths: Vec<JsonPointer>) -> Result<Self> {
        let options = WritingOptions {
            payload_paths,
            key: KeyLocation::Folder(folder.join("keys")),
            signing_state: StateLocation::Folder(folder.join("state")),
            ..WritingOptions::default()
        };
        let log = annals::open_for_writing(&location(folder), &LogName::main(), options).await?;
        Ok(Self { log, folder: folder.to_owned() })
    }

    /// Opens the log in a folder for reading.
    pub(crate) async fn open_for_reading(folder: &Path) -> Result<Log> {
        Ok(annals::open_for_reading(&location(folder), &LogName::main()).await?)
    }

    /// Makes an empty log and leaves it; its truth and its index.
    pub(crate) fn create_empty(folder: &Path) -> Result<[PathBuf; 2]> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(BenchError::file(folder))?;
        runtime.block_on(async { Self::open(folder, Vec::new()).await?.close().await })?;
        Ok(files(folder))
    }

    /// Waits until the index's own mark says that `events` are indexed.
    pub(crate) async fn wait_until_indexed(&self, events: u64) -> Result<()> {
        let [_, index] = files(&self.folder);
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
    pub(crate) fn bytes_on_disk(folder: &Path) -> u64 {
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
