use annals_event::{EventId, EventType, StreamName, StreamVersion};
use annals_jq::WorkerError;
use annals_store::StoreError;

/// Why a question about an aggregate's history has no answer. There is never half of one.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The stream has no events.
    #[error("there is no aggregate {stream}; 'annals aggregates' lists those that there are")]
    NoStream {
        /// The stream.
        stream: StreamName,
    },
    /// The stream has not come so far.
    #[error("{stream} has no version {version}; its last event has version {head}")]
    NoVersion {
        /// The stream.
        stream: StreamName,
        /// What was asked for.
        version: StreamVersion,
        /// The version of its last event.
        head: StreamVersion,
    },
    /// A reducer gave no state.
    #[error("{failure}; the state behind this event cannot be told until the reducer bears it")]
    Reducer {
        /// What failed, on which event.
        failure: Box<ProgramFailure>,
    },
    /// An upcaster gave no payload.
    #[error("{failure}; the states behind this event cannot be told until the upcaster bears it")]
    Upcaster {
        /// What failed, on which event.
        failure: Box<ProgramFailure>,
    },
    /// A payload is not JSON, which no store lets in: it was altered.
    #[error(
        "the payload of {stream} version {version} (event {event_id}) cannot be read: {reason}; run 'annals verify'"
    )]
    Payload {
        /// The stream.
        stream: StreamName,
        /// The event's version.
        version: StreamVersion,
        /// The event.
        event_id: EventId,
        /// What is wrong.
        reason: String,
    },
    /// The process that runs jq programs cannot go on.
    #[error("{program} cannot be run: {source}")]
    Worker {
        /// The program.
        program: String,
        /// Why not.
        source: WorkerError,
    },
    /// A compensating event cannot bring a value back.
    #[error(
        "no payload brings {stream} back to version {version}: the state holds null at {path:?}, and in a merge patch \
         null removes a member"
    )]
    NotExpressible {
        /// The stream.
        stream: StreamName,
        /// The version that was to be brought back.
        version: StreamVersion,
        /// JSON pointer to the value.
        path: String,
    },
    /// A state cannot be kept as a snapshot.
    #[error("no snapshot of {stream} can be taken: {reason}")]
    NotKept {
        /// The stream.
        stream: StreamName,
        /// Why not.
        reason: String,
    },
    /// The runtime was shut down while a program ran.
    #[error("the work was interrupted, because the program is being ended")]
    Interrupted,
    /// The store cannot answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A program that failed on an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{program}{} failed on {stream} version {version} ({event_type}, event {event_id}): {reason}", place(*.line))]
pub struct ProgramFailure {
    /// The program's name, such as its file's.
    pub program: String,
    /// The line of the program, from 1, where it is known.
    pub line: Option<usize>,
    /// The stream.
    pub stream: StreamName,
    /// The event's version.
    pub version: StreamVersion,
    /// The event.
    pub event_id: EventId,
    /// What happened.
    pub event_type: EventType,
    /// What went wrong, with the value on which it did.
    pub reason: String,
}

fn place(line: Option<usize>) -> String {
    line.map(|line| format!(", line {line},")).unwrap_or_default()
}

impl HistoryError {
    /// The stable code under which `docs/errors` explains this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoStream { .. } => "no-such-aggregate",
            Self::NoVersion { .. } => "no-such-version",
            Self::Reducer { .. } => "reducer-failed",
            Self::Upcaster { .. } => "upcaster-failed",
            Self::Payload { .. } => "payload-unreadable",
            Self::Worker { .. } => "jq-worker-failed",
            Self::NotExpressible { .. } => "undo-not-expressible",
            Self::NotKept { .. } => "snapshot-not-kept",
            Self::Interrupted => "interrupted",
            Self::Store(error) => error.code(),
        }
    }
}
