//! Files that are either there as a whole or not at all, also after a power cut.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use annals_failpoint::{Bug, Point, is_seeded, pass};
use tempfile::NamedTempFile;

use crate::ProofError;

/// Writes a file that must not exist yet, readable by its owner only; `false` when it exists already, and
/// then it is left as it is.
pub(crate) fn create(path: &Path, contents: &[u8]) -> Result<bool, ProofError> {
    let file = written_beside(path, contents)?;
    match file.persist_noclobber(path) {
        Ok(_) => sync_folder_of(path).map(|()| true),
        Err(refused) if refused.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(refused) => Err(ProofError::file("write", path, refused.error)),
    }
}

/// Puts a file in the place of the one that may be there. When this returns, the new one survives a power
/// cut; before, the old one does.
pub(crate) fn replace(path: &Path, contents: &[u8]) -> Result<(), ProofError> {
    let file = written_beside(path, contents)?;
    file.persist(path).map_err(|refused| ProofError::file("write", path, refused.error))?;
    pass(Point::FileAfterRename).map_err(|source| ProofError::file("write", path, source))?;
    sync_folder_of(path)
}

/// Gives a file that was written here another name, which is durable when this returns. What bore the name is
/// gone.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), ProofError> {
    fs::rename(from, to).map_err(|source| ProofError::file("write", to, source))?;
    pass(Point::FileAfterRename).map_err(|source| ProofError::file("write", to, source))?;
    sync_folder_of(to)
}

/// A synced temporary file in the folder of `path`. It is created with `O_EXCL` and, on Unix, mode 0600.
fn written_beside(path: &Path, contents: &[u8]) -> Result<NamedTempFile, ProofError> {
    let folder = folder_of(path);
    create_folder(folder)?;
    let write = || -> std::io::Result<NamedTempFile> {
        let mut file = tempfile::Builder::new().prefix(".annals-").tempfile_in(folder)?;
        file.write_all(contents)?;
        pass(Point::FileAfterWrite)?;
        if !is_seeded(Bug::FileNotSynced) {
            file.as_file().sync_all()?;
        }
        pass(Point::FileAfterSync)?;
        Ok(file)
    };
    write().map_err(|source| ProofError::file("write", path, source))
}

/// Makes a folder and those above it. Their names are durable when this returns: nothing in a folder whose own
/// name is lost is found again.
pub(crate) fn create_folder(folder: &Path) -> Result<(), ProofError> {
    if folder.is_dir() {
        return Ok(());
    }
    create_folder(folder_of(folder))?;
    match fs::create_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && folder.is_dir() => {}
        Err(source) => return Err(ProofError::file("create the folder", folder, source)),
        Ok(()) => {}
    }
    sync_folder_of(folder)
}

/// Makes the name of a file or folder durable, by syncing the folder that it stands in.
pub(crate) fn sync_folder_of(path: &Path) -> Result<(), ProofError> {
    if is_seeded(Bug::FolderNotSynced) {
        return Ok(());
    }
    sync_name(path).map_err(|source| ProofError::file("sync the folder", folder_of(path), source))
}

#[cfg(not(windows))]
fn sync_name(path: &Path) -> std::io::Result<()> {
    File::open(folder_of(path))?.sync_all()
}

/// Windows syncs no folders. With a file that is flushed under its new name NTFS writes its journal, in which the
/// name stands; only what is open for writing can be flushed.
#[cfg(windows)]
fn sync_name(path: &Path) -> std::io::Result<()> {
    if path.is_file() { File::options().write(true).open(path)?.sync_all() } else { Ok(()) }
}

/// The folder in which a file lies; the current one for a bare name.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
