//! Why commands fail, and how they say so.

mod codes;
mod exits;

use std::fmt::Write;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use annals::history::HistoryError;
use annals::{InvalidEvent, InvalidJson, InvalidLocation, LogError, ProofError, StoreError, StreamName};
use annals_auth::AuthError;
use annals_benches::BenchError;
use annals_connect::{ImportError, Refusal, SchemaError};
use annals_server::ServerError;

use crate::config::origin_of;
use crate::exit::Exit;

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Arguments that do not fit together, or that cannot be read.
    #[error("{what}")]
    Usage {
        /// What is wrong.
        what: String,
        /// What to do.
        help: String,
    },
    /// The configuration cannot be read.
    #[error("the configuration cannot be read: {}", in_words(.0))]
    Configuration(#[source] Box<figment::Error>),
    /// The store's location is none.
    #[error(transparent)]
    Location(#[from] InvalidLocation),
    /// A value on the command line cannot be part of an event.
    #[error(transparent)]
    InvalidEvent(#[from] InvalidEvent),
    /// There is no store.
    #[error("there is no store at {}", path.display())]
    NoStore {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A line of input cannot be used.
    #[error("line {line}: {failure}")]
    Line {
        /// Its number, from 1.
        line: u64,
        /// Why not.
        failure: Box<Failure>,
    },
    /// A line of input is no event.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// An import stopped.
    #[error(transparent)]
    Import(ImportError),
    /// A jq program cannot be compiled.
    #[error(transparent)]
    Program(#[from] annals_jq::CompileError),
    /// A JSON Schema cannot be used.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// Nothing was measured.
    #[error(transparent)]
    Bench(BenchError),
    /// Somebody pressed Ctrl-C.
    #[error("the command was interrupted; what was stored until then is stored")]
    Interrupted,
    /// A log or a receipt is not what was signed.
    #[error("{problems} problems were found")]
    VerificationFailed {
        /// How many.
        problems: u64,
    },
    /// The store did not do what it was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nothing was signed, proven or published, or what was checked is not right.
    #[error(transparent)]
    Proof(ProofError),
    /// A question about an aggregate's history has no answer.
    #[error(transparent)]
    History(HistoryError),
    /// An event was to be undone whose reducer nobody can invert.
    #[error(
        "no payload follows from the difference: the reducer of {stream} is a jq program, which cannot be inverted"
    )]
    NotInvertible {
        /// The aggregate.
        stream: StreamName,
    },
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// Standard input cannot be read.
    #[error("standard input cannot be read: {0}")]
    Input(#[source] io::Error),
    /// The answer cannot be written.
    #[error("the answer cannot be written: {0}")]
    Output(#[from] io::Error),
    /// Some input was not stored.
    #[error("{rejected} of {read} records were not stored")]
    NotAllStored {
        /// How many records were not stored.
        rejected: u64,
        /// How many were read.
        read: u64,
    },
    /// How callers are known cannot be configured so, or a token cannot be made.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// A server cannot be made, or stopped otherwise than it should.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The operating system does not let a server listen where it should.
    #[error("the server cannot listen on {address}: {source}")]
    Listen {
        /// Where it should.
        address: SocketAddr,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// What a demonstration shows did not get into its log.
    #[error("the demonstration cannot go on: {what}")]
    Demo {
        /// What was in the way.
        what: String,
    },
    /// No page explains this code.
    #[error("no error has the code {0:?}")]
    UnknownCode(String),
}

impl Failure {
    /// A mistake in how the command was asked.
    pub(crate) fn usage(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { what: what.into(), help: help.into() }
    }

    /// A text on the command line or in a line of input that is not the JSON it must be.
    pub(crate) fn json(field: &'static str, source: InvalidJson) -> Self {
        Self::InvalidEvent(InvalidEvent::Json { field, source })
    }

    /// The same failure, with the line of input that it concerns.
    pub(crate) fn at_line(self, line: u64) -> Self {
        Self::Line { line, failure: Box::new(self) }
    }

    /// What to do about it, where the message does not say so itself.
    fn help(&self) -> Option<String> {
        match self {
            Self::Usage { help, .. } => Some(help.clone()),
            Self::Line { failure, .. } => failure.help(),
            Self::Interrupted => Some("'annals import' can be repeated: what is stored is not stored twice".into()),
            Self::VerificationFailed { .. } => {
                Some("each one is named above; 'annals explain' explains its code, 'annals repair' mends what is derived".into())
            }
            Self::Configuration(_) => Some("'annals config example' shows every key".into()),
            Self::NoStore { .. } => {
                Some("name another with --store, or make one with 'annals append' or 'annals import'".into())
            }
            Self::File { .. } => Some("check the path and its permissions".into()),
            Self::NotAllStored { .. } => {
                Some("each one is named above or among the dead letters, with its reason".into())
            }
            Self::UnknownCode(_) => Some("'annals explain' without a code lists them all".into()),
            Self::Location(_) | Self::InvalidEvent(_) | Self::Refused(_) | Self::Import(_) | Self::Program(_) => None,
            Self::NotInvertible { .. } => {
                Some("append an event that makes the changes above, with 'annals append'".into())
            }
            Self::History(_) => None,
            Self::Schema(_) | Self::Store(_) | Self::Proof(_) | Self::Bench(_) => None,
            Self::Listen { .. } => {
                Some("end what listens there, or give another place with --listen or server.listen".into())
            }
            Self::Demo { .. } => Some("start it again; with --dir, it goes on where it was".into()),
            Self::Auth(_) | Self::Server(_) => None,
            Self::Input(_) | Self::Output(_) => None,
        }
    }

    /// Tells it on standard error, unless there is nothing to tell: a reader that has seen enough, as in
    /// `| head`, is no failure.
    pub(crate) fn tell(&self) {
        if self.exit() == Exit::Done {
            return;
        }
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}: {self}", Self::heading(self.code()));
        if let Some(help) = self.help() {
            let _ = writeln!(text, "  help: {help}");
        }
        let _ = write!(text, "  help: 'annals explain {}' says more", self.code());
        anstream::eprintln!("{text}");
    }

    /// What every message of an error starts with.
    pub(crate) fn heading(code: &str) -> String {
        let style = anstyle::AnsiColor::Red.on_default().bold();
        format!("{style}error[{code}]{style:#}")
    }
}

/// What is wrong with a value, under which key, and where it comes from.
fn in_words(error: &figment::Error) -> String {
    let origin = error.metadata.as_ref().map(origin_of).unwrap_or_else(|| "the configuration".to_owned());
    match error.path.join(".") {
        key if key.is_empty() => format!("{}, in {origin}", error.kind),
        key => format!("{key}: {}, in {origin}", error.kind),
    }
}

impl From<ProofError> for Failure {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Store(error) => Self::Store(error),
            error => Self::Proof(error),
        }
    }
}

impl From<HistoryError> for Failure {
    fn from(error: HistoryError) -> Self {
        match error {
            HistoryError::Store(error) => Self::Store(error),
            error => Self::History(error),
        }
    }
}

impl From<LogError> for Failure {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Store(error) => Self::Store(error),
            LogError::Proof(error) => error.into(),
            LogError::NotInAFile { .. } => Self::usage(
                error.to_string(),
                "use the means of its database, such as pg_dump and pg_restore, and 'annals verify' afterwards",
            ),
            LogError::NotVerified { verification } => Self::VerificationFailed {
                problems: verification.problems.len() as u64 + verification.problems_omitted,
            },
        }
    }
}

impl From<BenchError> for Failure {
    fn from(error: BenchError) -> Self {
        let what = error.to_string();
        match error {
            BenchError::UnknownWork { .. } | BenchError::Settings { .. } => {
                Self::usage(what, "'annals bench --help' says what can be measured, and how")
            }
            BenchError::File { path, source } => Self::File { path, source },
            error => Self::Bench(error),
        }
    }
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        Self::Import(error)
    }
}

#[cfg(test)]
mod tests {
    use annals_connect::SourceName;
    use annals_wire::ErrorPage;

    use super::*;

    #[test]
    fn every_failure_of_the_command_line_has_a_page() {
        let file = || io::Error::from(io::ErrorKind::NotFound);
        let name = || SourceName::new("orders").unwrap();
        let failures = [
            Failure::usage("", ""),
            Failure::Configuration(Box::new(figment::Error::from(String::new()))),
            Failure::Location(InvalidLocation::Empty),
            Failure::InvalidEvent(InvalidEvent::EmptyName { field: "tag" }),
            Failure::NoStore { path: PathBuf::new() },
            Failure::Proof(ProofError::NoVerifierKey),
            Failure::File { path: PathBuf::new(), source: file() },
            Failure::Input(file()),
            Failure::Output(file()),
            Failure::NotAllStored { rejected: 1, read: 1 },
            Failure::Interrupted,
            Failure::VerificationFailed { problems: 1 },
            Failure::Bench(BenchError::EndedEarly { what: "a client" }),
            Failure::Auth(AuthError::NoRandomness),
            Failure::Server(ServerError::NoMainLog),
            Failure::Server(ServerError::KeylessBeyondLoopback { address: ([0, 0, 0, 0], 1).into() }),
            Failure::Server(ServerError::TlsIdentity { what: String::new() }),
            Failure::Server(ServerError::NoSiteOrigin { text: String::new() }),
            Failure::Server(ServerError::StillUsed { name: annals::LogName::main() }),
            Failure::Listen { address: ([127, 0, 0, 1], 1).into(), source: file() },
            Failure::Demo { what: String::new() },
            Failure::UnknownCode(String::new()),
            Failure::History(HistoryError::Interrupted),
            Failure::NotInvertible { stream: StreamName::new("Order", "1").unwrap() },
            Failure::Refused(Refusal::NotUtf8 { offset: 0 }),
            Failure::Import(ImportError::Header { name: name(), line: 1, reason: String::new() }),
            Failure::Import(ImportError::ReaderLost { name: name(), line: 1 }),
        ];
        for failure in failures {
            assert!(ErrorPage::of(failure.code()).is_some(), "{}", failure.code());
        }
        for code in
            ["invalid-jq-program", "invalid-schema", "jq-worker-lost", "schema-missing", "schema-violated"]
        {
            assert!(ErrorPage::of(code).is_some(), "{code}");
        }
    }

    #[test]
    fn a_reader_that_has_seen_enough_is_no_failure() {
        let closed = Failure::Output(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(closed.exit(), Exit::Done);
    }
}
