use std::io;
use std::path::PathBuf;

/// Why a command of the automation could not be carried out. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// A measurement, or the document for it, is not as it must be.
    #[error("the figures cannot be used: {what}")]
    Report {
        /// What is wrong.
        what: String,
    },
    /// A program cannot be started.
    #[error("cannot start `{command}`: {source}; is it installed and on the PATH?")]
    NotStarted {
        /// The program and its arguments.
        command: String,
        /// The operating system's reason.
        source: io::Error,
    },
    /// A program ended with a failure.
    #[error("`{command}` failed")]
    CommandFailed {
        /// The program and its arguments.
        command: String,
        /// Its exit status; 1 if a signal ended it.
        status: u8,
    },
    /// `cargo metadata` gave something unexpected.
    #[error("`cargo metadata` gave something unexpected: {what}")]
    Metadata {
        /// What was unexpected.
        what: String,
    },
    /// No Python is new enough for the independent verifier that the tests run.
    #[error(
        "the tests check Annals with the PyPI package {package}, which needs Python {minimum} or later with the \
         module venv.\nTried:\n{tried}\nInstall one as python3.12 or python3.13 on the PATH, or with \
         `pyenv install 3.12`."
    )]
    NoPython {
        /// The package and its version.
        package: &'static str,
        /// The least version, as in `3.12`.
        minimum: String,
        /// One line for each Python that was tried.
        tried: String,
    },
    /// No Node is new enough for the build of the web UI.
    #[error(
        "the web UI needs Node {minimum} or later with npm, and {found}. Install it from your system's packages or \
         https://nodejs.org. Without it, Annals itself builds and works, and only its pages are missing"
    )]
    NoNode {
        /// The least version, as in `20.19`.
        minimum: String,
        /// What was found instead.
        found: String,
    },
    /// There is no browser for the tests of the web UI.
    #[error(
        "the tests of the web UI need Chromium, and there is none{tried}. Install your system's package (on Debian, as \
         root, `apt-get install chromium`), or name one in the environment variable CHROMIUM"
    )]
    NoBrowser {
        /// Why none could be installed, in parentheses; empty where that is not known.
        tried: String,
    },
    /// The environment names a file that is not there.
    #[error("{variable} names {}, which is not a file; correct it, or unset it to use the built-in sample", path.display())]
    NoSuchInput {
        /// The environment variable.
        variable: &'static str,
        /// What it names.
        path: PathBuf,
    },
    /// The checks found something.
    #[error("{count} findings; each names its remedy")]
    Untidy {
        /// How many.
        count: usize,
    },
}

impl Error {
    /// The exit status that tells the caller about this error: a failed program's own, otherwise 1.
    #[must_use]
    pub fn exit_status(&self) -> u8 {
        match self {
            Self::CommandFailed { status, .. } => *status,
            _ => 1,
        }
    }
}
