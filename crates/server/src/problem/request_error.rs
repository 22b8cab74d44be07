use annals::history::HistoryError;
use annals::{LogName, ProofError, StoreError};
use annals_auth::{AuthError, Permission};
use annals_connect::Refusal;

/// Why a request is not answered as it was meant.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RequestError {
    /// A parameter that this request does not have.
    #[error("{name:?} is no parameter of this request")]
    UnknownParameter {
        /// What was given.
        name: String,
        /// What could have been.
        known: Vec<String>,
    },
    /// A parameter, in the path or behind it, has a value that it cannot have.
    #[error("the parameter {name} {what}")]
    InvalidParameter {
        /// Which parameter.
        name: String,
        /// What is wrong with its value.
        what: String,
    },
    /// A header has a value that it cannot have.
    #[error("the header {name} {what}")]
    Header {
        /// Which header.
        name: &'static str,
        /// What is wrong with its value.
        what: String,
    },
    /// The body is of a kind that this request does not take.
    #[error("the body is declared as {given:?}")]
    MediaType {
        /// What the body is said to be; empty where nothing is said.
        given: String,
        /// What it could be.
        allowed: &'static str,
    },
    /// The body is larger than bodies may be.
    #[error("the body has more than {bytes_max} bytes")]
    BodyTooLarge {
        /// How many bytes it may have.
        bytes_max: usize,
    },
    /// The body could not be read to its end.
    #[error("the body did not arrive whole: {what}")]
    BodyCutOff {
        /// What happened.
        what: String,
    },
    /// The body is not what it should be.
    #[error("{what}")]
    Body {
        /// What is wrong, and where.
        what: String,
    },
    /// An event in the body cannot be recorded.
    #[error("event {index} of the request: {refusal}")]
    Event {
        /// Its index in the request, from 0.
        index: usize,
        /// Why not.
        #[source]
        refusal: Refusal,
    },
    /// No log has this name.
    #[error("no log called {name:?} is served here")]
    NoLog {
        /// The name.
        name: String,
    },
    /// Nothing is at this path.
    #[error("there is nothing at {path}")]
    NoRoute {
        /// The path.
        path: String,
    },
    /// What is at this path cannot be asked in this way.
    #[error("{method} is not possible here")]
    Method {
        /// How it was asked.
        method: String,
        /// How it can be asked; empty where the router says so itself.
        allowed: String,
    },
    /// The request names another host than this machine, while nobody has to say who she is.
    #[error(
        "the request is for the host {host:?}, and without a key this server answers for this machine only"
    )]
    Host {
        /// The host.
        host: String,
    },
    /// What should have been said in TLS was said in the clear.
    #[error("this port speaks TLS only, and the request came in the clear")]
    TlsNeeded,
    /// The answer took too long.
    #[error("the answer did not begin within {seconds} seconds")]
    TimedOut {
        /// How long was waited.
        seconds: u64,
    },
    /// A log that is only read here cannot be changed here.
    #[error("the log {log} is open for reading only")]
    ReadOnly {
        /// The log.
        log: LogName,
    },
    /// Nobody knows who asks, or what she brought is not believed.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// It is known who asks, and she may not.
    #[error("you may not {permission}; ask whoever gives out the roles")]
    Forbidden {
        /// What she may not.
        permission: Permission,
    },
    /// Every access must be recorded, and this one could not be.
    #[error(
        "this request cannot be recorded in the log of accesses, and what is not recorded is not answered"
    )]
    NotRecorded,
    /// So much is under way already that nothing more is begun.
    #[error("{max} jobs of this kind are under way already, and no more are done at a time")]
    TooManyJobs {
        /// How many are done at a time.
        max: usize,
    },
    /// Somebody asks more often than she may.
    #[error("there are too many requests from you; the next one is answered in {wait_seconds} seconds")]
    TooOften {
        /// How long to wait at the least.
        wait_seconds: u64,
    },
    /// What is wanted of a job is not there yet.
    #[error("the job {job} is not done yet")]
    JobRunning {
        /// Which job.
        job: String,
    },
    /// Something has become of a dead letter already.
    #[error(
        "the dead letter {id} is {state} already, and only open ones can be mended, tried again or put away"
    )]
    LetterSettled {
        /// Its number.
        id: u64,
        /// What became of it.
        state: &'static str,
    },
    /// A fault of the server itself.
    #[error("the server failed: {what}")]
    Failed {
        /// What happened.
        what: String,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The past of an aggregate.
    #[error(transparent)]
    History(HistoryError),
    /// A proof.
    #[error(transparent)]
    Proof(ProofError),
}

impl RequestError {
    /// A parameter whose value is not what it must be.
    pub(crate) fn parameter(name: impl Into<String>, what: impl Into<String>) -> Self {
        Self::InvalidParameter { name: name.into(), what: what.into() }
    }

    /// Something that was asked for does not exist.
    pub(crate) fn not_found(what: impl Into<String>) -> Self {
        Self::Store(StoreError::NotFound { what: what.into() })
    }
}

impl From<HistoryError> for RequestError {
    fn from(error: HistoryError) -> Self {
        match error {
            HistoryError::Store(error) => Self::Store(error),
            error => Self::History(error),
        }
    }
}

impl From<ProofError> for RequestError {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Store(error) => Self::Store(error),
            error => Self::Proof(error),
        }
    }
}
