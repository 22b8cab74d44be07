use annals_event::{InvalidEvent, InvalidJson};
use annals_jq::ProgramError;
use annals_store::StoreError;

/// Why one record cannot be stored. The message names the member and the remedy; the record becomes a dead
/// letter, and the others go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The record is longer than the reader's limit.
    #[error(
        "the record is {bytes} bytes long, at most {bytes_max} are read; its first {bytes_kept} bytes are kept here"
    )]
    TooLong {
        /// Its length in bytes.
        bytes: u64,
        /// The limit.
        bytes_max: usize,
        /// How much of it the dead letter holds.
        bytes_kept: usize,
    },
    /// The record is not UTF-8.
    #[error("the record is not UTF-8 from byte {offset} on; convert the file to UTF-8")]
    NotUtf8 {
        /// Where the first wrong byte stands, from 0.
        offset: usize,
    },
    /// The record is not a JSON object.
    #[error("the record is not one JSON object: {reason}; write one object on one line")]
    NotAnObject {
        /// What the reader of JSON said, with the column.
        reason: String,
    },
    /// A row of CSV does not fit its header.
    #[error("the row {reason}")]
    CsvRow {
        /// What is wrong and what to do.
        reason: String,
    },
    /// A member is needed and not there (or null).
    #[error("{member} is missing; give it as {expected}")]
    MissingMember {
        /// The member.
        member: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A member has a value of the wrong kind.
    #[error("{member} is {found}; give it as {expected}")]
    WrongType {
        /// The member.
        member: String,
        /// What it is.
        found: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// A member stands twice, perhaps in two spellings.
    #[error("{member} is given twice; give it once")]
    MemberTwice {
        /// The member.
        member: String,
    },
    /// A member has no place in the event.
    #[error("{member} is not a member of this form; allowed are {allowed}")]
    UnknownMember {
        /// The member.
        member: String,
        /// The members that are.
        allowed: String,
    },
    /// Members do not fit together, or with the form.
    #[error("{member} {reason}")]
    Form {
        /// The member.
        member: String,
        /// What is wrong and what to do.
        reason: String,
    },
    /// A member's value cannot be part of an event.
    #[error("{}", with_member(.member, .source))]
    InvalidMember {
        /// The member as the record names it.
        member: String,
        /// What is wrong with it.
        #[source]
        source: InvalidEvent,
    },
    /// A member's text is not a JSON object in the I-JSON profile (RFC 7493).
    #[error("{member}: {source}, counted from where {member} begins")]
    InvalidText {
        /// The member as the record names it.
        member: String,
        /// What is wrong with it, and where in it.
        #[source]
        source: InvalidJson,
    },
    /// A jq program has no events for the record.
    #[error(transparent)]
    Program(ProgramError),
    /// An event that a jq program returned cannot be stored.
    #[error("event {number} of the program: {refusal}")]
    Output {
        /// Which one, from 1.
        number: usize,
        /// Why not.
        #[source]
        refusal: Box<Refusal>,
    },
    /// A check at the door refused the event.
    #[error("{reason}")]
    Check {
        /// The check's code.
        code: &'static str,
        /// What it said.
        reason: String,
    },
    /// The store refused the record's events.
    #[error("{reason}")]
    Store {
        /// The code of the store's error.
        code: &'static str,
        /// What it said.
        reason: String,
    },
}

impl Refusal {
    /// The stable code under which `docs/errors` explains the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "record-too-long",
            Self::NotUtf8 { .. } => "record-not-utf8",
            Self::NotAnObject { .. } => "record-not-json",
            Self::CsvRow { .. } => "record-not-csv",
            Self::MissingMember { .. } => "member-missing",
            Self::WrongType { .. } | Self::MemberTwice { .. } | Self::Form { .. } => "member-invalid",
            Self::UnknownMember { .. } => "member-unknown",
            Self::InvalidMember { .. } | Self::InvalidText { .. } => "invalid-event",
            Self::Program(ProgramError::Raised { .. }) => "mapping-refused",
            Self::Program(ProgramError::InputNotJson { .. }) => "record-not-json",
            Self::Program(_) => "mapping-failed",
            Self::Output { refusal, .. } => refusal.code(),
            Self::Check { code, .. } | Self::Store { code, .. } => code,
        }
    }

    /// A store's verdict on one record; the error itself when it is not about the record.
    pub(crate) fn from_store(error: StoreError) -> Result<Self, StoreError> {
        match error {
            StoreError::Unavailable { .. }
            | StoreError::AlreadyWritten { .. }
            | StoreError::Corrupt { .. }
            | StoreError::NotOurs { .. }
            | StoreError::Outdated { .. } => Err(error),
            StoreError::InvalidEvent { index, ref source } => {
                // Most records are one event, of which there is nothing to be counted.
                let which = if index == 0 { String::new() } else { format!("event {}: ", index + 1) };
                Ok(Self::Store { code: error.code(), reason: format!("{which}{source}") })
            }
            verdict => Ok(Self::Store { code: verdict.code(), reason: verdict.to_string() }),
        }
    }
}

/// What is wrong with a member, named as the record names it, but not twice.
fn with_member(member: &str, source: &InvalidEvent) -> String {
    let text = source.to_string();
    if text.starts_with(member) { text } else { format!("{member}: {text}") }
}
