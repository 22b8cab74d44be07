//! Which files are logs, and of which format; the numbered steps from one format to the next.
//!
//! A file says what it is in its header (`application_id`), and how it is laid out (`user_version`, the number
//! of the last migration). The truth is migrated by `annals migrate`; an index is made anew.

use std::path::Path;

use annals_store::StoreError;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::errors::{Result, file, sqlite};

/// `PRAGMA application_id` of the truth: "Annl".
const TRUTH: u32 = 0x416e_6e6c;
/// `PRAGMA application_id` of the index: "AnnI".
const INDEX: u32 = 0x416e_6e49;

/// What every SQLite file begins with. Source: SQLite's "Database File Format", section 1.3.
const HEADER_BYTES: u64 = 100;

/// What makes a truth, one after another. A step that was released is never edited; a new one goes to the end.
pub(crate) const TRUTH_MIGRATIONS: Migrations =
    Migrations(&[include_str!("../migrations/truth_0001_log.sql")]);

/// What makes an index. It is disposable: whoever changes this raises [`INDEX_FORMAT`], and indexes of
/// another format are made anew.
pub(crate) const INDEX_SCHEMA: &str = include_str!("../migrations/index_0001_index.sql");

/// `PRAGMA user_version` of the index.
const INDEX_FORMAT: u32 = 1;

/// What stands at a path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    Truth,
}

/// The steps that lead from nothing to a format.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Migrations(pub(crate) &'static [&'static str]);

impl Migrations {
    /// The format that they lead to.
    pub(crate) fn format(self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    /// The steps that lead to an earlier format.
    pub(crate) fn until(self, format: u32) -> Self {
        let steps = usize::try_from(format).unwrap_or(usize::MAX).min(self.0.len());
        Self(self.0.get(..steps).unwrap_or(self.0))
    }

    /// Takes a truth of format `from` to the last one, in the transaction of whoever calls.
    pub(crate) fn apply(self, truth: &Connection, from: u32) -> Result<()> {
        for statements in self.0.iter().skip(usize::try_from(from).unwrap_or(usize::MAX)) {
            truth.execute_batch(statements).map_err(sqlite)?;
        }
        mark_as(truth, TRUTH, self.format())
    }

    /// A truth without events in memory, for comparison.
    pub(crate) fn in_memory(self) -> Result<Connection> {
        let truth = Connection::open_in_memory().map_err(sqlite)?;
        self.apply(&truth, 0)?;
        Ok(truth)
    }
}

/// What stands at a path, if this program can work with it.
pub(crate) fn recognise(path: &Path) -> Result<Found> {
    recognise_as(path, TRUTH_MIGRATIONS)
}

/// The same for a program that knows these steps.
pub(crate) fn recognise_as(path: &Path, migrations: Migrations) -> Result<Found> {
    let current = migrations.format();
    match format_of(path)? {
        None => Ok(Found::Nothing),
        Some(format) if format == current => Ok(Found::Truth),
        Some(format) if format < current => {
            Err(StoreError::Outdated { store: path.display().to_string(), format, current })
        }
        Some(newer) => Err(too_new(path, newer, current)),
    }
}

/// The format of the truth at a path; `None` where there is nothing.
pub(crate) fn format_of(path: &Path) -> Result<Option<u32>> {
    let not_ours = |reason: &str| StoreError::NotOurs {
        store: path.display().to_string(),
        reason: format!("is no Annals store; it is {reason}"),
    };
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(file(path)(error)),
        Ok(found) if !found.is_file() => return Err(not_ours("no regular file")),
        Ok(found) if found.len() == 0 => return Ok(None),
        Ok(found) if found.len() < HEADER_BYTES => return Err(not_ours("no SQLite file")),
        Ok(_) => {}
    }
    match header(path) {
        Ok((TRUTH, format)) if format > 0 => Ok(Some(format)),
        Ok((INDEX, _)) => Err(StoreError::NotOurs {
            store: path.display().to_string(),
            reason: "is the index of an Annals store; name the file without '-index'".into(),
        }),
        Ok(_) => Err(not_ours("another program's SQLite file")),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Err(not_ours("no SQLite file")),
            _ => Err(sqlite(error)),
        },
    }
}

/// A truth that only a later program can work with.
pub(crate) fn too_new(path: &Path, newer: u32, current: u32) -> StoreError {
    StoreError::NotOurs {
        store: path.display().to_string(),
        reason: format!("has format {newer}, this program knows formats up to {current}; use a newer annals"),
    }
}

/// Marks an index as one.
pub(crate) fn mark_as_index(index: &Connection) -> Result<()> {
    mark_as(index, INDEX, INDEX_FORMAT)
}

/// Whether a database is an index of the present format.
pub(crate) fn is_index(index: &Connection) -> bool {
    marks(index).is_ok_and(|marks| marks == (INDEX, INDEX_FORMAT))
}

/// The format of an open truth, which may be ahead of its file's header until that is written.
pub(crate) fn format_of_open(truth: &Connection) -> Result<u32> {
    marks(truth).map(|(_, format)| format).map_err(sqlite)
}

fn mark_as(database: &Connection, application: u32, format: u32) -> Result<()> {
    database.pragma_update(None, "application_id", application).map_err(sqlite)?;
    database.pragma_update(None, "user_version", format).map_err(sqlite)
}

fn marks(database: &Connection) -> rusqlite::Result<(u32, u32)> {
    let number = |pragma: &str| database.pragma_query_value(None, pragma, |row| row.get::<_, u32>(0));
    Ok((number("application_id")?, number("user_version")?))
}

/// Application id and format as the file's header states them. What is not ours stays untouched: an immutable
/// database is neither locked nor recovered.
///
/// The file is not opened by other means than SQLite's. Closing it would free the locks that this process
/// holds on it through other connections (POSIX locks belong to a process and a file), and another process
/// could then take itself for the last one and delete the write-ahead log.
fn header(path: &Path) -> rusqlite::Result<(u32, u32)> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let file = Connection::open_with_flags(immutable_uri(path), flags)?;
    // A file that grows at this moment is shorter than its header says; only this setting lets that pass.
    file.execute_batch("PRAGMA writable_schema = ON")?;
    marks(&file)
}

/// `file:…?immutable=1`. Source: SQLite's "Uniform Resource Identifiers".
fn immutable_uri(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    // A drive's letter stands behind a slash.
    if cfg!(windows) && path.is_absolute() {
        uri.push('/');
    }
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'/' | b'.' | b'-' | b'_' => uri.push(char::from(*byte)),
            _ if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri + "?immutable=1"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_means_something_in_a_uri_is_found() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a b.db", "50%25.db", "what?immutable=0.db", "#1.db", "größe.db"] {
            let path = folder.path().join(name);
            let truth = Connection::open(&path).unwrap();
            TRUTH_MIGRATIONS.apply(&truth, 0).unwrap();
            assert_eq!(recognise(&path).unwrap(), Found::Truth, "{name}");
        }
    }

    #[test]
    fn looking_at_a_file_leaves_it_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.db");
        Connection::open(&path)
            .unwrap()
            .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (a)")
            .unwrap();
        assert!(matches!(recognise(&path), Err(StoreError::NotOurs { .. })));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
