//! The one place where SQLite's errors become the store's.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use annals_failpoint::Point;
use annals_store::StoreError;
use rusqlite::ErrorCode;

use crate::files::LogFiles;

pub(crate) type Result<T> = std::result::Result<T, StoreError>;

/// SQLite says of a disk that fails to read what it says of a damaged file (its `unixRead`, since 3.29).
const UNREADABLE: &str = ", or the disk cannot be read";

/// Says what an error of SQLite means for whoever asked.
pub(crate) fn sqlite(error: rusqlite::Error) -> StoreError {
    let reason = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt) => {
            return StoreError::Corrupt { reason: format!("{error}{UNREADABLE}") };
        }
        Some(ErrorCode::NotADatabase) => return StoreError::Corrupt { reason: error.to_string() },
        None if is_of_a_value(&error) => return StoreError::Corrupt { reason: error.to_string() },
        Some(ErrorCode::DiskFull) => "the disk is full; free some space and try again".to_owned(),
        Some(ErrorCode::ReadOnly) => {
            "the file or its folder cannot be written; check their permissions".to_owned()
        }
        Some(ErrorCode::CannotOpen) => "the file cannot be opened; check its path and permissions".to_owned(),
        Some(ErrorCode::SystemIoFailure) => {
            format!("the operating system failed to read or write ({error}); check the disk")
        }
        _ => error.to_string(),
    };
    StoreError::Unavailable { reason, source: Some(Arc::new(error)) }
}

/// Whether SQLite did its part, and a row or a value that must be there is not, or is no such value.
fn is_of_a_value(error: &rusqlite::Error) -> bool {
    matches!(
        error,
        rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..)
            | rusqlite::Error::QueryReturnedNoRows
    )
}

/// Says what an error of the file system means, and for which file.
pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> StoreError + '_ {
    move |error| {
        let remedy = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "free some space and try again",
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "check the permissions",
            _ => "check the path and the disk",
        };
        StoreError::Unavailable {
            reason: format!("{}: {error}; {remedy}", path.display()),
            source: Some(Arc::new(error)),
        }
    }
}

/// Names the log in what SQLite says, which names no file.
pub(crate) fn of_log(files: &LogFiles) -> impl Fn(StoreError) -> StoreError + '_ {
    move |error| match error {
        StoreError::Unavailable { reason, source } if !reason.contains(&files.display()) => {
            StoreError::Unavailable { reason: format!("{}: {reason}", files.display()), source }
        }
        StoreError::Corrupt { reason } if reason.ends_with(UNREADABLE) => {
            StoreError::Corrupt { reason: format!("{}: {reason}", files.display()) }
        }
        named => named,
    }
}

/// Passes a place at which tests make the process die or fail.
pub(crate) fn pass(point: Point) -> Result<()> {
    annals_failpoint::pass(point)
        .map_err(|error| StoreError::Unavailable { reason: error.to_string(), source: Some(Arc::new(error)) })
}

/// Data of the store that are not as they must be.
pub(crate) fn corrupt(reason: impl Into<String>) -> StoreError {
    StoreError::Corrupt { reason: reason.into() }
}

/// The writer ended between taking an append and answering it.
pub(crate) fn unanswered() -> StoreError {
    StoreError::Unavailable {
        reason: "the store was closed before it answered; whether the append is stored is not known, so repeat it \
                 with the same event ids"
            .into(),
        source: None,
    }
}

/// A store that was closed, or whose thread ended.
pub(crate) fn closed() -> StoreError {
    StoreError::Unavailable { reason: "the store is closed; open it again".into(), source: None }
}
