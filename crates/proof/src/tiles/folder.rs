//! The folder with the files.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use annals_tlog::{
    BundleCoordinate, Hash, NOTE_LEN_MAX, Origin, SignedCheckpoint, TILE_WIDTH, TileCoordinate, TilePath,
    TileWidth, TreeHead,
};

use super::levels::TileFile;
use crate::error::blocking;
use crate::stored_hashes::hashes_at;
use crate::{ProofError, durable_file};

/// A folder in the layout of tlog-tiles.
#[derive(Debug, Clone)]
pub(super) struct TileFolder(PathBuf);

impl TileFolder {
    pub(super) fn new(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// The tree that is in the folder: the empty one in a new folder. It must be able to grow into `tree`.
    pub(super) async fn published(self, origin: Origin, tree: TreeHead) -> Result<TreeHead, ProofError> {
        blocking(move || {
            let path = self.checkpoint();
            let bytes = match fs::metadata(&path).and_then(|about| match about.len() > NOTE_LEN_MAX as u64 {
                true => Err(ErrorKind::FileTooLarge.into()),
                false => fs::read(&path),
            }) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    return Ok(TreeHead { size: 0, root: Hash::EMPTY_ROOT });
                }
                Err(source) => return Err(ProofError::file("read", &path, source)),
            };
            let checkpoint =
                SignedCheckpoint::parse(&bytes).map_err(|error| self.foreign(error.to_string()))?;
            let before = checkpoint.unverified();
            if before.origin != origin {
                return Err(self.foreign(format!("they are of {}", before.origin)));
            }
            if before.size > tree.size {
                return Err(
                    self.foreign(format!("they hold {} events, the checkpoint {}", before.size, tree.size))
                );
            }
            Ok(before.tree())
        })
        .await
    }

    /// The error that the folder is not one to go on with.
    pub(super) fn foreign(&self, reason: String) -> ProofError {
        ProofError::ForeignTiles { folder: self.0.clone(), reason }
    }

    /// Writes a tile, so that readers see it whole or not at all.
    pub(super) fn publish(&self, file: &TileFile) -> Result<(), ProofError> {
        let path = self.path(file.path);
        match put(&path, &file.bytes) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                path.parent().map_or(Ok(()), durable_file::create_folder)?;
                put(&path, &file.bytes)
            }
            done => done,
        }
        .map_err(|source| ProofError::file("write", &path, source))
    }

    /// Writes the checkpoint, durably.
    pub(super) fn publish_checkpoint(&self, text: &str) -> Result<(), ProofError> {
        durable_file::create_folder(&self.0)?;
        let path = self.checkpoint();
        // Windows flushes only what is open for writing.
        let sync = || File::options().write(true).open(&path)?.sync_all();
        let written = put(&path, text.as_bytes()).and_then(|()| sync());
        written.map_err(|source| ProofError::file("write", &path, source))?;
        durable_file::sync_folder_of(&path)
    }

    /// Waits until every tile is on disk, with one call for all of them.
    #[cfg(target_os = "linux")]
    pub(super) fn sync(&self) -> Result<(), ProofError> {
        durable_file::create_folder(&self.0)?;
        let synced = File::open(&self.0).and_then(|folder| Ok(rustix::fs::syncfs(&folder)?));
        synced.map_err(|source| ProofError::file("sync", &self.0, source))
    }

    /// Elsewhere every tile was synced when it was written.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn sync(&self) -> Result<(), ProofError> {
        Ok(())
    }

    /// Removes the partial versions of tiles that have become full since the folder held `before` events.
    pub(super) fn remove_outgrown_partials(&self, before: u64, now: u64) -> Result<(), ProofError> {
        for level in 0..u8::MAX {
            let (old, new) = (hashes_at(level, before), hashes_at(level, now));
            if old == 0 {
                break;
            }
            let index = old / TILE_WIDTH;
            if old.is_multiple_of(TILE_WIDTH) || new / TILE_WIDTH == index {
                continue;
            }
            self.remove_partials(TilePath::Tile(TileCoordinate::new(level, index, TileWidth::FULL)?))?;
            if level == 0 {
                self.remove_partials(TilePath::Bundle(BundleCoordinate::new(index, TileWidth::FULL)?))?;
            }
        }
        Ok(())
    }

    fn remove_partials(&self, full: TilePath) -> Result<(), ProofError> {
        let folder = self.path(full).with_added_extension("p");
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(ProofError::file("remove", &folder, error))
            }
            _ => Ok(()),
        }
    }

    fn checkpoint(&self) -> PathBuf {
        self.0.join("checkpoint")
    }

    fn path(&self, tile: TilePath) -> PathBuf {
        tile.to_string().split('/').fold(self.0.clone(), |path, part| path.join(part))
    }
}

/// Writes a file under another name first. It gets the usual permissions, for it is there to be served.
fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let new = path.with_added_extension("new");
    let mut file = File::create(&new)?;
    file.write_all(bytes)?;
    if !cfg!(target_os = "linux") {
        file.sync_all()?;
    }
    drop(file);
    fs::rename(&new, path)
}
