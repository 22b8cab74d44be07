use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use annals_event::Timestamp;
use annals_store::StoreError;

use crate::errors::{Result, file};
use crate::files::LogFiles;
use crate::index::{IndexSeal, Trust};

const RETRY_EVERY: Duration = Duration::from_millis(50);

/// The right to write one log. The operating system takes it back when the process dies.
///
/// It lies on a file of its own: closing any handle of a database file would free the locks that SQLite
/// holds on it. The file says who holds it, and, once it was let go in good order, the index's seal.
#[derive(Debug)]
pub(crate) struct WriterLock {
    file: File,
    /// How far the index was to be trusted when the lock was taken.
    pub(crate) index_trust: Trust,
}

impl WriterLock {
    /// Waits at most `wait` for the right to write.
    pub(crate) fn acquire(files: &LogFiles, wait: Duration, now: Timestamp) -> Result<Self> {
        let mut lock = open(&files.lock)?;
        let give_up = Instant::now() + wait;
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < give_up => std::thread::sleep(RETRY_EVERY),
                Err(TryLockError::WouldBlock) => return Err(held(files, &mut lock)),
                Err(TryLockError::Error(error)) => return Err(file(&files.lock)(error)),
            }
        }
        let index_trust = trust_of(&read(&mut lock));
        write(&mut lock, &format!("process {} since {now}", std::process::id()))
            .map_err(file(&files.lock))?;
        Ok(Self { file: lock, index_trust })
    }

    /// Lets others write. `seal` is that of the index, if it lies there complete.
    pub(crate) fn release(mut self, seal: Option<IndexSeal>) {
        let text = seal.map_or_else(String::new, |seal| seal.to_string());
        if let Err(error) = write(&mut self.file, &text) {
            tracing::warn!(%error, "the index cannot be sealed; it is checked when the store is opened again");
        }
    }
}

/// How far a reader may trust the index that lies beside the log.
pub(crate) fn index_trust(files: &LogFiles) -> Trust {
    let Ok(mut lock) = File::open(&files.lock) else { return Trust::Unsealed };
    match lock.try_lock_shared() {
        // Whoever writes has checked it.
        Err(TryLockError::WouldBlock) => Trust::Kept,
        _ => trust_of(&read(&mut lock)),
    }
}

fn trust_of(text: &str) -> Trust {
    text.parse().map_or(Trust::Unsealed, Trust::Sealed)
}

fn read(lock: &mut File) -> String {
    let mut text = String::new();
    // What cannot be read says nothing.
    match lock.seek(SeekFrom::Start(0)).and_then(|_| lock.read_to_string(&mut text)) {
        Ok(_) => text,
        Err(_) => String::new(),
    }
}

fn write(lock: &mut File, text: &str) -> std::io::Result<()> {
    lock.set_len(0)?;
    lock.seek(SeekFrom::Start(0))?;
    lock.write_all(text.as_bytes())
}

fn open(path: &Path) -> Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(file(path))
}

fn held(files: &LogFiles, lock: &mut File) -> StoreError {
    let mut holder = read(lock);
    if holder.is_empty() {
        holder = "another process".to_owned();
    }
    StoreError::AlreadyWritten { store: files.display(), holder }
}
