use std::sync::Arc;

use annals_event::{CursorName, EventId, InvalidEvent, Position, StreamName, StreamVersion};
use annals_tlog::TreeError;

use crate::append::ExpectedVersion;
use crate::cursor::CursorValue;

/// Why a store did not do what it was asked. Whatever it was, nothing of the request was stored,
/// unless the variant says otherwise.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// An event cannot be stored.
    #[error("event {index} of the append: {source}")]
    InvalidEvent {
        /// The event's index in its append, from 0.
        index: usize,
        /// What is wrong with it.
        #[source]
        source: InvalidEvent,
    },
    /// A producer's event in the stream in which the log speaks about itself.
    #[error(
        "event {index} of the append: only the log itself records in {stream}; give it another aggregate"
    )]
    ReservedStream {
        /// The event's index in its append, from 0.
        index: usize,
        /// The log's own stream.
        stream: StreamName,
    },
    /// An append without events and cursors, or with two preconditions on one stream.
    #[error("the append cannot be carried out: {reason}")]
    InvalidAppend {
        /// What is wrong.
        reason: String,
    },
    /// A stream is not at the version that the append expects.
    #[error("stream {stream} {}, expected {expected}; read it again and decide anew", at_version(*.actual))]
    WrongExpectedVersion {
        /// The stream.
        stream: StreamName,
        /// What was expected.
        expected: ExpectedVersion,
        /// The version of its last event; `None` when it has none.
        actual: Option<StreamVersion>,
    },
    /// An event matches the append's condition.
    #[error(
        "the append's condition does not hold: the event at position {position} matches it; read again and decide anew"
    )]
    ConditionFailed {
        /// The first event that matches.
        position: Position,
    },
    /// An event id is taken.
    #[error("event id {event_id} {reason}")]
    EventIdConflict {
        /// The id.
        event_id: EventId,
        /// In which way it is taken.
        reason: IdConflict,
    },
    /// A cursor does not stand where the append expects it.
    #[error("cursor {name} stands at {}, expected {}; read it again", place(.actual), place(.expected))]
    CursorConflict {
        /// The cursor.
        name: CursorName,
        /// Where it was expected.
        expected: Option<CursorValue>,
        /// Where it stands.
        actual: Option<CursorValue>,
    },
    /// A checkpoint is not larger than the newest kept one, or does not belong to this log.
    #[error("the checkpoint cannot be kept: {reason}")]
    CheckpointRefused {
        /// Why.
        reason: String,
    },
    /// Nothing has that identifier.
    #[error("there is no {what}")]
    NotFound {
        /// What was looked for, with its identifier.
        what: String,
    },
    /// The store cannot be reached or cannot write: a full disk, a lost connection, a closed store. Nothing was
    /// stored, unless the reason says that this is not known, as when a commit failed and the log could not be opened
    /// again, or when the store ended before it answered.
    #[error("the store is not available: {reason}")]
    Unavailable {
        /// What happened and what to do.
        reason: String,
        /// The driver's error.
        #[source]
        source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    },
    /// Another process writes the log.
    #[error(
        "{store} is being written by {holder}; one process writes a log at a time, so stop it or let it do the writing"
    )]
    AlreadyWritten {
        /// The store.
        store: String,
        /// Who holds it: host, process and since when, as far as known.
        holder: String,
    },
    /// A server stands before the store, and refused what it was asked.
    #[error("{reason}")]
    Refused {
        /// The server's stable code for the reason.
        code: &'static str,
        /// The reason, and what to do.
        reason: String,
    },
    /// What can be done only beside the store, when it was asked of a server.
    #[error(
        "{what} cannot be done over HTTP; do it on the machine of the server, with --store naming the store itself"
    )]
    NotOverHttp {
        /// What was asked for.
        what: &'static str,
    },
    /// The store's own data cannot be read as it must be.
    #[error("the store is damaged: {reason}; run 'annals verify' to see what is altered")]
    Corrupt {
        /// What was found, and where.
        reason: String,
    },
    /// A file or schema that is no Annals store, or of a version that this program does not know.
    #[error("{store} {reason}; it was left untouched")]
    NotOurs {
        /// The store.
        store: String,
        /// What it is instead.
        reason: String,
    },
    /// A file has the name that another one is to get.
    #[error("{path} is there already; name another one, or say with --replace that it may be replaced")]
    FileExists {
        /// The file.
        path: String,
    },
    /// A store that an older program made.
    #[error(
        "{store} has format {format}, this program works with format {current}; run 'annals migrate', which makes a \
         backup first"
    )]
    Outdated {
        /// The store.
        store: String,
        /// The format that it has.
        format: u32,
        /// The format that it must have.
        current: u32,
    },
}

/// In which way an event id is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdConflict {
    /// The id is recorded with other content.
    #[error("is taken by another event, at position {position}; an id is never used twice")]
    OtherContent {
        /// Where the recorded event stands.
        position: Position,
    },
    /// Some ids of the append are recorded, others are not.
    #[error(
        "is recorded at position {position}, but other events of the same append are not; repeat an append as it was"
    )]
    PartialRepeat {
        /// Where the recorded event stands.
        position: Position,
    },
    /// The id stands twice in one append.
    #[error("stands twice in one append; give every event its own")]
    TwiceInAppend,
}

impl StoreError {
    /// The stable code under which `docs/errors` explains this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidEvent { .. } => "invalid-event",
            Self::ReservedStream { .. } => "reserved-stream",
            Self::InvalidAppend { .. } => "invalid-append",
            Self::WrongExpectedVersion { .. } => "wrong-expected-version",
            Self::ConditionFailed { .. } => "condition-failed",
            Self::EventIdConflict { .. } => "event-id-conflict",
            Self::CursorConflict { .. } => "cursor-conflict",
            Self::CheckpointRefused { .. } => "checkpoint-refused",
            Self::NotFound { .. } => "not-found",
            Self::Unavailable { .. } => "store-unavailable",
            Self::AlreadyWritten { .. } => "already-written",
            Self::Refused { code, .. } => code,
            Self::NotOverHttp { .. } => "not-over-http",
            Self::Corrupt { .. } => "store-corrupt",
            Self::NotOurs { .. } => "not-a-store",
            Self::FileExists { .. } => "file-exists",
            Self::Outdated { .. } => "store-outdated",
        }
    }
}

impl From<TreeError<StoreError>> for StoreError {
    /// What a question to the tree fails with: a proof that cannot exist is not found, stored hashes that
    /// are missing are damage.
    fn from(error: TreeError<StoreError>) -> Self {
        match error {
            TreeError::Read(error) => error,
            TreeError::MissingHashes { .. } => Self::Corrupt { reason: error.to_string() },
            TreeError::Question(question) => Self::NotFound { what: format!("such proof: {question}") },
        }
    }
}

fn at_version(actual: Option<StreamVersion>) -> String {
    actual.map_or_else(|| "has no events".to_owned(), |version| format!("is at version {version}"))
}

fn place(cursor: &Option<CursorValue>) -> String {
    cursor.as_ref().map_or_else(|| "no place yet".to_owned(), |value| format!("{value:?}"))
}
