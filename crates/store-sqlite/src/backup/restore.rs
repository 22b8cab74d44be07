use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use annals_event::Timestamp;
use annals_store::StoreError;

use super::{Existing, UnnamedCopy, copy_whole, name_beside, refuse_files_of};
use crate::errors::{Result, file};
use crate::files::LogFiles;
use crate::format::{Migrations, format_of, too_new};
use crate::lock::WriterLock;
use crate::options::SqliteOptions;
use crate::{migrate, schema};

/// A backup that lies, complete, beside the place where it is going to be the log. Nobody else writes there
/// meanwhile. Dropped, it leaves everything as it was.
#[derive(Debug)]
pub struct Restoration {
    files: LogFiles,
    copy: UnnamedCopy,
    lock: WriterLock,
    now: Timestamp,
}

/// How a log is made of a backup.
pub(super) struct Target<'a> {
    pub(super) options: &'a SqliteOptions,
    /// What leads to the format that the log is to have.
    pub(super) migrations: Migrations,
}

/// Copies a backup to where it is going to be the log; one of an older format is migrated there.
pub(super) fn begin(
    backup: &Path,
    log: &Path,
    existing: Existing,
    target: &Target<'_>,
) -> Result<Restoration> {
    let Target { options, migrations } = *target;
    let format = format_of(backup)?
        .ok_or_else(|| StoreError::NotFound { what: format!("backup at {}", backup.display()) })?;
    if format > migrations.format() {
        return Err(too_new(backup, format, migrations.format()));
    }
    refuse_files_of(log, backup)?;
    refuse_what_is_no_file(log)?;
    schema::create_folder_of(log)?;
    let (files, now) = (LogFiles::of(log), options.clock.now());
    let lock = WriterLock::acquire(&files, options.lock_wait, now)?;
    let copy = copy_whole(backup, log, existing)?;
    if format < migrations.format() {
        migrate::in_place(copy.path(), migrations)?;
    }
    Ok(Restoration { files, copy, lock, now })
}

impl Restoration {
    /// Where the copy lies, to be verified.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.copy.path()
    }

    /// Puts the copy in place. A log that was there is kept under the name that is returned.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when another process has open what is to be replaced, or the folder cannot be
    /// written. The log that was there then still is.
    pub fn finish(self) -> Result<Option<PathBuf>> {
        let Self { files, copy, lock, now } = self;
        let kept = free_name(name_beside(&files.truth, "replaced", now));
        let is_there = files.truth.exists();
        if is_there && copy.existing == Existing::IsReplaced {
            set_aside(&files, &kept)?;
        }
        schema::refuse_orphaned_wal(&files)?;
        copy.give_name()?;
        for derived in LogFiles::with_companions(&files.index) {
            schema::remove_if_there(&derived)?;
        }
        lock.release(None);
        Ok(is_there.then_some(kept))
    }
}

/// What is damaged so that it is no store any more may be replaced, but no folder or device.
fn refuse_what_is_no_file(log: &Path) -> Result<()> {
    match std::fs::metadata(log) {
        Ok(found) if !found.is_file() => Err(StoreError::NotOurs {
            store: log.display().to_string(),
            reason: "is no regular file".to_owned(),
        }),
        _ => Ok(()),
    }
}

/// The name, or where it is taken, as by a restore that was interrupted within the same second, the next one that is
/// free: `…Z`, `…Z-2`, `…Z-3`.
fn free_name(name: PathBuf) -> PathBuf {
    let numbered = |number: u32| {
        let mut numbered = name.as_os_str().to_owned();
        numbered.push(format!("-{number}"));
        PathBuf::from(numbered)
    };
    let is_free = |name: &PathBuf| std::fs::symlink_metadata(name).is_err();
    std::iter::once(name.clone()).chain((2..).map(numbered)).find(is_free).unwrap_or(name)
}

/// Gives the log that is there a second name, as one file that holds everything. What is no database any more is
/// moved as it is, with its write-ahead log.
fn set_aside(files: &LogFiles, kept: &Path) -> Result<()> {
    // SQLite would already change what it opens.
    if matches!(format_of(&files.truth), Err(StoreError::NotOurs { .. })) {
        return move_damaged(files, kept);
    }
    match schema::open_truth_alone(&files.truth) {
        Ok(alone) => drop(alone),
        Err(StoreError::Corrupt { .. }) => return move_damaged(files, kept),
        Err(error) => return Err(error),
    }
    // Under both names, so that at no moment there is no log: somebody could make a new one.
    match std::fs::hard_link(&files.truth, kept) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists && !kept.exists() => {
            std::fs::rename(&files.truth, kept).map_err(file(kept))
        }
        linked => linked.map_err(file(kept)),
    }
}

fn move_damaged(files: &LogFiles, kept: &Path) -> Result<()> {
    let names = LogFiles::with_companions(&files.truth).into_iter().zip(LogFiles::with_companions(kept));
    for (from, to) in names.filter(|(from, _)| from.exists()) {
        if to.exists() {
            return Err(file(&to)(ErrorKind::AlreadyExists.into()));
        }
        std::fs::rename(&from, &to).map_err(file(&to))?;
    }
    Ok(())
}
