use std::path::{Path, PathBuf};

use annals_event::{InvalidEvent, InvalidJson};
use annals_proof::ProofError;
use annals_store::StoreError;

/// Why a trial failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// What is left is not what was promised.
    #[error("{0}")]
    Broken(String),
    /// What is left cannot be opened, read or written.
    #[error("the store after the fault: {0}")]
    Store(#[from] StoreError),
    /// What is left cannot be verified or signed.
    #[error("the log after the fault: {0}")]
    Proof(#[from] ProofError),
    /// What is done to a whole log failed.
    #[error("the log: {0}")]
    Log(#[from] annals::LogError),
    /// The victim made what is no event.
    #[error("the victim's events: {0}")]
    Event(#[from] InvalidEvent),
    /// The victim made what is no JSON.
    #[error("the victim's payloads: {0}")]
    Json(#[from] InvalidJson),
    /// The victim ended as it must not.
    #[error("the victim ended with {how}: {said}")]
    Victim {
        /// Its exit status.
        how: String,
        /// What it wrote to its standard error.
        said: String,
    },
    /// The trial itself could not be carried out.
    #[error("{path}: {source}")]
    File {
        /// The file or program.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
}

impl Failure {
    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::File { path: path.to_owned(), source }
    }
}

/// A promise that was not kept, with what was found.
macro_rules! broken {
    ($($text:tt)*) => {
        Err($crate::error::Failure::Broken(format!($($text)*)))
    };
}

pub(crate) use broken;
