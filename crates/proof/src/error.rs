use std::path::{Path, PathBuf};

use annals_event::Position;
use annals_store::StoreError;
use annals_tlog::{Hash, Origin, SignerError, TreeHead, VerifierKey};

/// Why nothing was signed, proven, checked or published. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// The user has no home folder, so that there is no usual place.
    #[error("there is no home folder to keep {what} in; name a place for it")]
    NoHome {
        /// What needs a place.
        what: &'static str,
    },
    /// A file or folder cannot be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// There is no key file.
    #[error("there is no signing key at {}; put the key of {origin} there, or name its file", path.display())]
    KeyMissing {
        /// Where it was looked for.
        path: PathBuf,
        /// The log whose key it should be.
        origin: Origin,
    },
    /// Others than its owner can read or write the key file.
    #[error("the signing key {} has mode {mode:03o}, so that others may use it; run 'chmod 600' on it, and \
             'annals key rotate' if others had access", path.display())]
    KeyExposed {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A key file does not hold a signing key.
    #[error("{} does not hold a signing key: {source}; restore it from its backup", path.display())]
    KeyUnreadable {
        /// The key file.
        path: PathBuf,
        /// What is wrong with its text.
        #[source]
        source: annals_tlog::Error,
    },
    /// A key bears another name than the log.
    #[error("this is the key of {key}, but the log is {origin}; name the key file that belongs to the log")]
    KeyOfAnotherLog {
        /// The log.
        origin: Origin,
        /// The name of the key.
        key: String,
    },
    /// The log's checkpoints are signed by another key.
    #[error("the checkpoints of {origin} are signed by {recorded}, but the key given is {given}; nothing is \
             signed until the log's own key is given", recorded = recorded_key(recorded.as_deref()))]
    KeyMismatch {
        /// The log.
        origin: Origin,
        /// The key that is recorded beside the log; `None` when the newest checkpoint names another one.
        recorded: Option<Box<VerifierKey>>,
        /// The key that should sign.
        given: Box<VerifierKey>,
    },
    /// The log is shorter than what was signed.
    #[error("the log {origin} holds {} events, but a checkpoint of {} events was signed: it was rewound, or \
             this is an old copy; nothing is signed until the missing events are back", found.size, signed.size)]
    Rewound {
        /// The log.
        origin: Origin,
        /// What was signed.
        signed: TreeHead,
        /// What the log is.
        found: TreeHead,
    },
    /// The log does not extend what was signed.
    #[error("the log {origin} does not extend what was signed for it: the root {} of its first {} events was \
             signed, now it is {found}. Nothing is signed; run 'annals verify'", signed.root, signed.size)]
    Forked {
        /// The log.
        origin: Origin,
        /// What was signed.
        signed: TreeHead,
        /// The root that the log has at the signed size.
        found: Hash,
    },
    /// Checkpoints were signed, but what was signed last is not known here.
    #[error("checkpoints of {origin} up to size {kept_size} are kept, but the signing state {} is missing, so \
             that a rewound log would not be noticed; nothing is signed until 'annals key adopt --checkpoint \
             FILE' names the newest checkpoint that left this log", path.display())]
    StateMissing {
        /// The log.
        origin: Origin,
        /// Where the state should be.
        path: PathBuf,
        /// The size of the newest kept checkpoint.
        kept_size: u64,
    },
    /// The signing state is not what was written.
    #[error("the signing state {} cannot be believed: {reason}; nothing is signed until 'annals key adopt \
             --checkpoint FILE' names the newest checkpoint that left this log", path.display())]
    StateUnreadable {
        /// The state's file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// What claims to hand a log over to another key does not.
    #[error("the key rotation is refused: {reason}")]
    RotationRefused {
        /// What does not fit.
        reason: String,
    },
    /// A log is not the one that its successor names.
    #[error("this is not the log that its successor names: {reason}")]
    PredecessorDiffers {
        /// What does not fit.
        reason: String,
    },
    /// The log that should go on for another holds something else.
    #[error(
        "the log {origin} holds {size} events already, and a log that goes on for {predecessor} says so in its \
         first one; name a place where no log is"
    )]
    NotEmpty {
        /// The log.
        origin: Origin,
        /// How many events it holds.
        size: u64,
        /// The log for which it should go on.
        predecessor: Origin,
    },
    /// What a log would say about itself cannot be an event.
    #[error("{reason}; a log records this about itself, and was not changed")]
    OwnEvent {
        /// What is wrong with it.
        reason: String,
    },
    /// A checkpoint is of another log.
    #[error("the checkpoint is of {found}, but the log is {origin}")]
    ForeignCheckpoint {
        /// The log.
        origin: Origin,
        /// The log that the checkpoint names.
        found: Origin,
    },
    /// No key was given to check signatures with.
    #[error("there is no key to check the signature with; name the log's vkey with --vkey FILE")]
    NoVerifierKey,
    /// An event is younger than every checkpoint, and nobody here can sign.
    #[error(
        "no checkpoint covers position {position} yet; ask again in a second, or ask the process that \
             writes the log"
    )]
    NotYetSigned {
        /// Where the event stands.
        position: Position,
    },
    /// The stored event is not the one in the tree.
    #[error(
        "the event at position {position} is not the one that was recorded: {reason}; run 'annals verify'"
    )]
    EventAltered {
        /// Where the event stands.
        position: Position,
        /// What does not fit.
        reason: String,
    },
    /// An event file is not one, or was changed.
    #[error("this is not an event file as it was handed out: {reason}")]
    EventFile {
        /// What is wrong, and where.
        reason: String,
    },
    /// Receipt and event file do not belong together.
    #[error("the receipt is for position {receipt}, the event file for position {event_file}")]
    PositionsDiffer {
        /// The receipt's index.
        receipt: u64,
        /// The event file's position.
        event_file: Position,
    },
    /// A folder holds the tiles of another log, or of one that the log does not extend.
    #[error("{} holds the tiles of another log: {reason}; choose an empty folder", folder.display())]
    ForeignTiles {
        /// The folder.
        folder: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// A note, proof or format is wrong.
    #[error(transparent)]
    Tlog(#[from] annals_tlog::Error),
    /// The key cannot sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The program is ending, or a thread of it failed.
    #[error("the work was interrupted; try again")]
    Interrupted,
}

impl ProofError {
    /// The stable code under which `docs/errors` explains this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoHome { .. } => "no-home-folder",
            Self::File { .. } => "file-unavailable",
            Self::KeyMissing { .. } => "signing-key-missing",
            Self::KeyExposed { .. } => "signing-key-exposed",
            Self::KeyUnreadable { .. } => "signing-key-unreadable",
            Self::KeyOfAnotherLog { .. } => "key-of-another-log",
            Self::KeyMismatch { .. } => "signing-key-mismatch",
            Self::Rewound { .. } => "log-rewound",
            Self::Forked { .. } => "log-forked",
            Self::StateMissing { .. } => "signing-state-missing",
            Self::StateUnreadable { .. } => "signing-state-unreadable",
            Self::RotationRefused { .. } => "key-rotation-refused",
            Self::PredecessorDiffers { .. } => "predecessor-differs",
            Self::NotEmpty { .. } => "log-not-empty",
            Self::OwnEvent { .. } => "invalid-event",
            Self::ForeignCheckpoint { .. } => "foreign-checkpoint",
            Self::NoVerifierKey => "verifier-key-missing",
            Self::NotYetSigned { .. } => "not-yet-signed",
            Self::EventAltered { .. } => "event-altered",
            Self::EventFile { .. } => "event-file-invalid",
            Self::PositionsDiffer { .. } => "receipt-of-another-event",
            Self::ForeignTiles { .. } => "foreign-tiles",
            Self::Tlog(_) => "proof-invalid",
            Self::Signer(_) => "signing-key-unavailable",
            Self::Store(error) => error.code(),
            Self::Interrupted => "interrupted",
        }
    }

    /// A failed operation on a file or folder.
    pub(crate) fn file(action: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::File { action, path: path.to_owned(), source }
    }
}

fn recorded_key(recorded: Option<&VerifierKey>) -> String {
    recorded.map_or_else(|| "another key".to_owned(), ToString::to_string)
}

/// Runs what blocks, such as reading and syncing files, on a thread that may.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ProofError> + Send + 'static,
) -> Result<T, ProofError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(ProofError::Interrupted))
}
