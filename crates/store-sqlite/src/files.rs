use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The files of one log.
#[derive(Debug, Clone)]
pub(crate) struct LogFiles {
    /// The truth.
    pub(crate) truth: PathBuf,
    /// The index.
    pub(crate) index: PathBuf,
    /// The file that the writing process holds locked.
    pub(crate) lock: PathBuf,
    /// Where a log is made before it gets its name.
    pub(crate) unfinished: PathBuf,
}

impl LogFiles {
    pub(crate) fn of(truth: &Path) -> Self {
        Self {
            truth: truth.to_owned(),
            index: beside(truth, "-index"),
            lock: beside(truth, "-lock"),
            unfinished: beside(truth, "-new"),
        }
    }

    /// A SQLite file together with the files that SQLite puts beside it.
    pub(crate) fn with_companions(database: &Path) -> [PathBuf; 3] {
        [database.to_owned(), beside(database, "-wal"), beside(database, "-shm")]
    }

    /// The truth's write-ahead log.
    pub(crate) fn truth_wal(&self) -> PathBuf {
        beside(&self.truth, "-wal")
    }

    /// Every name that is used for the log, or was while it was made.
    pub(crate) fn all(&self) -> Vec<PathBuf> {
        let databases = [&self.truth, &self.index, &self.unfinished].into_iter();
        let mut all: Vec<PathBuf> = databases.flat_map(|database| Self::with_companions(database)).collect();
        all.push(self.lock.clone());
        all
    }

    /// How messages name the log.
    pub(crate) fn display(&self) -> String {
        self.truth.display().to_string()
    }

    /// Bytes on disk, everything included.
    pub(crate) fn size_on_disk(&self) -> u64 {
        let databases = [&self.truth, &self.index];
        let files = databases.into_iter().flat_map(|database| Self::with_companions(database));
        files.filter_map(|file| std::fs::metadata(file).ok()).map(|metadata| metadata.len()).sum()
    }
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file.as_os_str());
    name.push(suffix);
    PathBuf::from(name)
}
