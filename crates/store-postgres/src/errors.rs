//! The one place where PostgreSQL's errors become the store's.

use std::sync::Arc;

use annals_store::StoreError;
use tokio_postgres::error::{DbError, Severity, SqlState};

pub(crate) type Result<T> = std::result::Result<T, StoreError>;

/// What a statement came to that did not succeed.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) kind: FailureKind,
    pub(crate) error: StoreError,
}

/// What follows from a failure for whoever asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// The connection is gone, or there was none. What was asked may have been done all the same.
    Lost,
    /// The server did nothing, and may do it if asked again.
    Transient,
    /// The server did nothing, and will not.
    Refused,
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        let unspoken = if is_of_a_value(&error) { FailureKind::Refused } else { FailureKind::Lost };
        let kind = error.as_db_error().map_or(unspoken, kind);
        Self { kind, error: postgres(error) }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self { kind: FailureKind::Refused, error }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

/// Whether a parameter or a column could not be translated: nothing is wrong with the connection. The driver keeps
/// the kind of its errors to itself and tells it in its message only.
fn is_of_a_value(error: &tokio_postgres::Error) -> bool {
    let said = error.to_string();
    ["error serializing", "error deserializing", "invalid column"].iter().any(|kind| said.starts_with(kind))
}

fn kind(error: &DbError) -> FailureKind {
    let ends_connection = matches!(error.parsed_severity(), Some(Severity::Fatal | Severity::Panic));
    // Class 08 is of connections, class 57P of a server that stops or starts.
    let code = error.code().code();
    if ends_connection || code.starts_with("08") || code.starts_with("57P") {
        return FailureKind::Lost;
    }
    let transient = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::TOO_MANY_CONNECTIONS,
    ];
    if transient.contains(error.code()) { FailureKind::Transient } else { FailureKind::Refused }
}

/// Says what an error of PostgreSQL means for whoever asked. Details, which quote rows, are left to the source.
fn postgres(error: tokio_postgres::Error) -> StoreError {
    let reason = match error.as_db_error() {
        Some(said)
            if *said.code() == SqlState::DATA_CORRUPTED || *said.code() == SqlState::INDEX_CORRUPTED =>
        {
            return StoreError::Corrupt { reason: said.message().to_owned() };
        }
        Some(said) => of_server(said),
        None => format!("the connection to PostgreSQL: {}", whole(&error)),
    };
    StoreError::Unavailable { reason, source: Some(Arc::new(error)) }
}

fn of_server(said: &DbError) -> String {
    let message = said.message();
    let code = said.code();
    let remedy = if *code == SqlState::DISK_FULL {
        "; free some space on the server and try again"
    } else if *code == SqlState::INSUFFICIENT_PRIVILEGE {
        "; let the log's owner grant it"
    } else if *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        "; it is a replica or set to be read only, so write to the primary"
    } else if *code == SqlState::INVALID_PASSWORD || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION {
        "; check user and password"
    } else if *code == SqlState::UNDEFINED_DATABASE {
        "; create the database first"
    } else {
        ""
    };
    format!("PostgreSQL says: {message}{remedy} (SQLSTATE {})", code.code())
}

/// An error with its causes.
fn whole(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        let said = deeper.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = deeper.source();
    }
    text
}

/// Data of the store that are not as they must be.
pub(crate) fn corrupt(reason: impl Into<String>) -> StoreError {
    StoreError::Corrupt { reason: reason.into() }
}

/// Something that is not to be had now.
pub(crate) fn unavailable(reason: impl Into<String>) -> StoreError {
    StoreError::Unavailable { reason: reason.into(), source: None }
}

/// A store that was closed.
pub(crate) fn closed() -> StoreError {
    unavailable("the store is closed; open it again")
}

/// The writer ended between taking an append and answering it.
pub(crate) fn unanswered() -> StoreError {
    unavailable(
        "the store was closed before it answered; whether the append is stored is not known, so repeat it with the \
         same event ids",
    )
}
