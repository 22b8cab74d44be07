use std::path::{Path, PathBuf};
use std::time::Duration;

use annals::{JsonPointer, KeyLocation, Location, Log, LogName, StateLocation, WritingOptions};
use rusqlite::{Connection, OpenFlags};

use crate::error::{BenchError, Result};
use crate::sql;

/// How often it is looked whether everything is indexed.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// The store that is measured, as an application opens it: durable, signed while it grows.
pub(crate) struct OwnLog {
    pub(crate) log: Log,
    folder: PathBuf,
}

impl OwnLog {
    pub(crate) async fn create(folder: &Path, payload_paths: Vec<JsonPointer>) -> Result<Self> {
        let options = WritingOptions {
            payload_paths,
            key: KeyLocation::Folder(folder.join("keys")),
            signing_state: StateLocation::Folder(folder.join("state")),
            ..WritingOptions::default()
        };
        let log = annals::open_for_writing(&location(folder), &LogName::main(), options).await?;
        Ok(Self { log, folder: folder.to_owned() })
    }

    /// Makes an empty log and leaves it; its truth and its index.
    pub(crate) fn create_empty(folder: &Path) -> Result<[PathBuf; 2]> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(BenchError::file(folder))?;
        runtime.block_on(async { Self::create(folder, Vec::new()).await?.close().await })?;
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

fn files(folder: &Path) -> [PathBuf; 2] {
    [folder.join("annals.db"), folder.join("annals.db-index")]
}
