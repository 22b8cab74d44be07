use std::path::{Path, PathBuf};

use annals::{InvalidEvent, LogError, StoreError};

/// Why something was not measured.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// A name that no work has.
    #[error("{name:?} is no work; there are {known}")]
    UnknownWork {
        /// What was asked for.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// Settings with which nothing can be measured.
    #[error("{reason}")]
    Settings {
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A file or folder of the measurement.
    #[error("{} cannot be used: {source}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The store that is measured.
    #[error("the measured log failed: {0}")]
    Log(#[from] LogError),
    /// An import.
    #[error("the measured import failed: {reason}")]
    Import {
        /// Why.
        reason: String,
    },
    /// A floor.
    #[error("a floor failed: {0}")]
    Floor(#[from] rusqlite::Error),
    /// A raw client of a server.
    #[error("a raw client failed: {}", said(.0))]
    Server(#[from] tokio_postgres::Error),
    /// The server that is measured.
    #[error("the measured server failed: {what}")]
    Serving {
        /// What it did.
        what: String,
    },
    /// An event of the measurement's own making.
    #[error("a generated event is refused: {0}")]
    Event(#[from] InvalidEvent),
    /// A thread or task that ended before its work.
    #[error("{what} ended before its work was done")]
    EndedEarly {
        /// Which one.
        what: &'static str,
    },
    /// Contenders that did not do the same.
    #[error("{what}: the figures would not compare the same work")]
    Unlike {
        /// What differs.
        what: String,
    },
}

impl BenchError {
    /// Something that the measured server did, or a connection to it.
    pub(crate) fn serving(error: impl std::fmt::Display) -> Self {
        Self::Serving { what: error.to_string() }
    }

    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::File { path, source }
    }
}

/// What the driver says, and what the server said to it.
fn said(error: &tokio_postgres::Error) -> String {
    let source = std::error::Error::source(error).map(|source| format!(": {source}"));
    format!("{error}{}", source.unwrap_or_default())
}

impl From<annals::ProofError> for BenchError {
    fn from(error: annals::ProofError) -> Self {
        Self::Log(LogError::Proof(error))
    }
}

impl From<StoreError> for BenchError {
    fn from(error: StoreError) -> Self {
        Self::Log(LogError::Store(error))
    }
}

pub(crate) type Result<T> = std::result::Result<T, BenchError>;
