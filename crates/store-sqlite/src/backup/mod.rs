//! A log as one file: copied while others write it, and put in place of one that was lost.
//!
//! `copy` makes the file, and whoever called verifies it before it gets its name; `restore` does the same
//! the other way round. What is kept of a log before it is changed, in one long look that nobody writes beside,
//! is made by `whole`.

mod copy;
mod restore;
mod stride;
mod whole;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use annals_event::Timestamp;
use annals_store::StoreError;
use tempfile::TempPath;

use crate::errors::{Result, file};
use crate::files::LogFiles;
use crate::format::TRUTH_MIGRATIONS;
use crate::options::SqliteOptions;
use crate::schema::sync_folder_of;
use crate::store::SqliteEventStore;
use restore::Target;

pub use restore::Restoration;
pub(crate) use whole::copy_whole;

/// What becomes of a file that has the name already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and the new one is refused.
    Stays,
    /// The new one takes its place.
    IsReplaced,
}

/// A copy of a log that is complete, and has not got its name yet. It is removed when it is dropped before.
#[derive(Debug)]
pub struct UnnamedCopy {
    copy: TempPath,
    name: PathBuf,
    existing: Existing,
}

impl UnnamedCopy {
    /// An empty file in the folder where the copy is to lie.
    fn new(name: &Path, existing: Existing) -> Result<Self> {
        if existing == Existing::Stays && name.exists() {
            return Err(StoreError::FileExists { path: name.display().to_string() });
        }
        let folder = name.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let unnamed = tempfile::Builder::new().prefix(".annals-").suffix(".unfinished").tempfile_in(folder);
        Ok(Self { copy: unnamed.map_err(file(folder))?.into_temp_path(), name: name.to_owned(), existing })
    }

    /// Makes what was written survive a power cut, and as readable as the log of which it is a copy.
    fn complete(self, log: &Path) -> Result<Self> {
        let written = std::fs::File::options().read(true).write(true).open(&self.copy);
        let permissions = || std::fs::metadata(log).map(|log| log.permissions());
        written
            .and_then(|written| written.sync_all())
            .and_then(|()| std::fs::set_permissions(&self.copy, permissions()?))
            .map_err(file(&self.copy))?;
        Ok(self)
    }

    /// Where it lies until it has its name.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.copy
    }

    /// Gives the copy its name. When this returns, it survives a power cut.
    ///
    /// # Errors
    /// [`StoreError::FileExists`] when a file has got that name meanwhile and is to stay,
    /// [`StoreError::Unavailable`] when the folder cannot be written.
    pub fn give_name(self) -> Result<()> {
        let Self { copy, name, existing } = self;
        let named = match existing {
            Existing::Stays => copy.persist_noclobber(&name),
            Existing::IsReplaced => copy.persist(&name),
        };
        named.map_err(|refused| match refused.error.kind() {
            ErrorKind::AlreadyExists => StoreError::FileExists { path: name.display().to_string() },
            _ => file(&name)(refused.error),
        })?;
        sync_folder_of(&name)
    }
}

impl SqliteEventStore {
    /// Copies the log at `log` as it is at this moment, while this or another process may write it. The copy is
    /// one file, a log of its own that needs nothing beside it; `to` is the name that it is going to have.
    /// Snapshots are not in it: they follow from the events.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no log, [`StoreError::NotOurs`] also when what would be replaced is no
    /// backup, [`StoreError::FileExists`], [`StoreError::Outdated`], [`StoreError::Corrupt`] when the head is
    /// damaged, [`StoreError::Unavailable`], as with a full disk.
    pub fn copy(log: &Path, to: &Path, existing: Existing) -> Result<UnnamedCopy> {
        copy::copy(log, to, existing)
    }

    /// Copies a backup, which may be of an older format, to beside `log`, where it is going to be the log. Nobody
    /// else writes there until it is finished or dropped.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no backup, [`StoreError::NotOurs`], [`StoreError::FileExists`] when there
    /// is a log that is to stay, [`StoreError::AlreadyWritten`] when another process writes it,
    /// [`StoreError::Corrupt`] when the backup cannot be read, [`StoreError::Unavailable`], as with a full disk.
    pub fn begin_restore(
        backup: &Path,
        log: &Path,
        existing: Existing,
        options: &SqliteOptions,
    ) -> Result<Restoration> {
        restore::begin(backup, log, existing, &Target { options, migrations: TRUTH_MIGRATIONS })
    }
}

/// Restores a backup as a program does that knows these steps.
#[cfg(test)]
pub(crate) fn restore_as(
    backup: &Path,
    log: &Path,
    options: &SqliteOptions,
    migrations: crate::format::Migrations,
) -> Result<Option<PathBuf>> {
    restore::begin(backup, log, Existing::Stays, &Target { options, migrations })?.finish()
}

/// Refuses names that belong to a log, whatever lies there.
fn refuse_files_of(log: &Path, name: &Path) -> Result<()> {
    if !LogFiles::of(log).all().iter().any(|taken| is_same(taken, name)) {
        return Ok(());
    }
    let reason = format!("{} is a file of the log itself; name another one", name.display());
    Err(StoreError::Unavailable { reason, source: None })
}

/// Whether two paths lead to the same file or, where there is none, to the same name in the same folder.
fn is_same(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let in_folder = || Some(folder.canonicalize().ok()?.join(path.file_name()?));
        path.canonicalize().ok().or_else(in_folder)
    };
    one == other || place(one).is_some_and(|one| place(other) == Some(one))
}

/// A path as SQLite takes it for the names of further databases.
fn text_of(path: &Path) -> Result<&str> {
    path.to_str().ok_or_else(|| StoreError::Unavailable {
        reason: format!("{} is no Unicode; give it another name", path.display()),
        source: None,
    })
}

/// A name for what is kept of a log: the log's, why, and when, as in `annals.db-replaced-20261121T101500Z`.
pub(crate) fn name_beside(log: &Path, why: &str, now: Timestamp) -> PathBuf {
    let to_the_second = now.to_string().split('.').next().unwrap_or_default().replace(['-', ':'], "");
    let mut name = log.as_os_str().to_owned();
    name.push(format!("-{why}-{to_the_second}Z"));
    name.into()
}
