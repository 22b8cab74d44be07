//! What can go wrong: with one record ([`ProgramError`]), or with the worker altogether ([`WorkerError`]).

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// What became of one record: the JSON texts of its outputs in their order (none is possible), or why it has none.
pub type RecordResult = Result<Vec<String>, ProgramError>;

/// Why a program has no outputs for a record.
///
/// Outputs that came before the error are dropped: a record succeeds as a whole or fails as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProgramError {
    /// The program called `error`. The message is its argument, a string as it is and anything else as JSON text.
    #[error("the program refused the record: {message}")]
    Raised {
        /// What the program said.
        message: String,
    },
    /// An operation of the program did not fit the record, e.g. indexing a number with a name.
    #[error("the program failed on the record: {message}")]
    Failed {
        /// What jaq said.
        message: String,
    },
    /// The text given as `.` or as a variable is not JSON.
    #[error("{what}")]
    InputNotJson {
        /// Which text, and what is wrong with it.
        what: String,
    },
    /// The program gave a value that JSON cannot express, such as `nan` or a byte string.
    #[error("an output of the program cannot be written as JSON: {what}")]
    OutputNotJson {
        /// What JSON cannot express.
        what: String,
    },
    /// The outputs are larger than [`crate::Limits::output_bytes_max`].
    #[error("the outputs of the program exceed {bytes_max} bytes for one record")]
    OutputTooLarge {
        /// The limit.
        bytes_max: u64,
    },
    /// The record took longer than [`crate::Limits::record_deadline`].
    #[error("the program did not finish the record within {deadline:?}")]
    OutOfTime {
        /// The limit.
        deadline: Duration,
    },
    /// The worker needed more than [`crate::Limits::address_space_bytes`].
    #[error("the program needs more memory for the record than a worker of {address_space_bytes} bytes has")]
    OutOfMemory {
        /// The limit.
        address_space_bytes: u64,
    },
    /// The program recursed deeper than [`crate::Limits::stack_bytes`] allows.
    #[error("the program recurses too deeply for a stack of {stack_bytes} bytes")]
    RecursionTooDeep {
        /// The limit.
        stack_bytes: usize,
    },
    /// The worker died on this record again and again, for a reason that could not be made out.
    #[error("the worker process died on the record: {how}")]
    WorkerDied {
        /// The exit status, and the last words on standard error.
        how: String,
    },
}

/// Why no worker can go on. The records in flight have no results.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The worker's executable could not be started.
    #[error("cannot start the jq worker `{program}`: {source}")]
    Spawn {
        /// The executable.
        program: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The worker ended before it was ready.
    #[error(
        "the jq worker `{program}` ended while it started: {how}. Is it the same version as this program, and is the address space large enough?"
    )]
    DiedAtStart {
        /// The executable.
        program: PathBuf,
        /// The exit status, and the last words on standard error.
        how: String,
    },
    /// The worker did not become ready in time.
    #[error("the jq worker `{program}` was not ready within {deadline:?}")]
    SilentAtStart {
        /// The executable.
        program: PathBuf,
        /// [`crate::Limits::start_deadline`].
        deadline: Duration,
    },
    /// The worker refused to begin, e.g. because a limit could not be set.
    #[error("the jq worker refused to start: {message}")]
    Refused {
        /// What the worker said.
        message: String,
    },
    /// The worker said something that is not part of the protocol.
    #[error("the jq worker does not speak this version's protocol: {what}")]
    Protocol {
        /// What was wrong.
        what: String,
    },
    /// The worker died several times in a row without finishing a record.
    #[error("the jq worker died {times} times without finishing a record; at last: {how}")]
    KeepsDying {
        /// How often.
        times: u32,
        /// The last exit status, and the last words on standard error.
        how: String,
    },
    /// A record was given with too few or too many variables.
    #[error("the program has {expected} variables, but the record gives {given}")]
    VariableCount {
        /// The program's.
        expected: usize,
        /// The record's.
        given: usize,
    },
    /// There is no batch whose results could be received.
    #[error("no batch is in flight: submit one before receiving")]
    NothingInFlight,
}
