use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::failure::Failure;

/// Where a demonstration lies.
pub(super) struct DemoFolder {
    path: PathBuf,
    /// What removes it, if it is temporary.
    temporary: Option<TempDir>,
}

impl DemoFolder {
    /// A folder that somebody names, which stays, or else a temporary one.
    ///
    /// # Errors
    /// [`Failure::File`] when it cannot be made.
    pub(super) fn new(named: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = named else {
            let made = tempfile::Builder::new().prefix("annals-demo-").tempdir();
            let temporary = made.map_err(|source| Failure::File { path: std::env::temp_dir(), source })?;
            return Ok(Self { path: temporary.path().to_owned(), temporary: Some(temporary) });
        };
        let failed = |source| Failure::File { path: path.to_owned(), source };
        std::fs::create_dir_all(path).map_err(failed)?;
        // Commands that are printed are run in other folders.
        let path = path.canonicalize().map_err(failed)?;
        Ok(Self { path, temporary: None })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn is_temporary(&self) -> bool {
        self.temporary.is_some()
    }

    /// The file of the log.
    pub(super) fn store(&self) -> PathBuf {
        self.path.join("annals.db")
    }

    pub(super) fn keys(&self) -> PathBuf {
        self.path.join("keys")
    }

    pub(super) fn signing_state(&self) -> PathBuf {
        self.path.join("signing-state")
    }

    pub(super) fn dead_letters(&self) -> PathBuf {
        self.path.join("annals.dead-letters.jsonl")
    }

    /// The file of a header with a token.
    pub(super) fn header(&self) -> PathBuf {
        self.path.join("curl-header")
    }

    /// Removes it, if it is temporary; else what is of no use any more.
    ///
    /// # Errors
    /// [`Failure::File`] when something of it is left.
    pub(super) fn remove(self) -> Result<(), Failure> {
        let header = self.header();
        let Self { path, temporary } = self;
        match temporary {
            Some(folder) => folder.close().map_err(|source| Failure::File { path, source }),
            None => match std::fs::remove_file(&header) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    Err(Failure::File { path: header, source })
                }
                Ok(()) | Err(_) => Ok(()),
            },
        }
    }
}
