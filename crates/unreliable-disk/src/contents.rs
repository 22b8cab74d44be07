use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};

use fastrand::Rng;

/// What was done to a file's contents and is not known to be on disk.
enum Change {
    Write { offset: u64, bytes: Vec<u8> },
    SetLength(u64),
}

/// How much of what was not synced a disk keeps.
#[derive(Clone, Copy)]
pub(crate) enum Survival {
    /// Nothing: everything lay in memory.
    None,
    /// Everything: it was just about to be synced.
    All,
    /// So many changes, in their order, the last one torn: a device that keeps the order.
    Prefix,
    /// Any sectors: a device that writes in whichever order it likes.
    Any,
}

impl Survival {
    pub(crate) fn drawn(chance: &mut Rng) -> Self {
        match chance.u8(..8) {
            0 | 1 => Self::None,
            2 => Self::All,
            3 | 4 => Self::Prefix,
            _ => Self::Any,
        }
    }
}

/// A file's contents on disk, and what is to come.
pub(crate) struct Contents {
    /// Where the contents on disk are kept.
    path: PathBuf,
    /// Open once something differs from what the process found.
    on_disk: Option<File>,
    pending: Vec<Change>,
}

impl Contents {
    /// `path` is where the contents on disk are to be kept.
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, on_disk: None, pending: Vec::new() }
    }

    /// Where the contents on disk are kept, if they are kept apart.
    pub(crate) fn kept(&self) -> Option<&PathBuf> {
        self.on_disk.as_ref().map(|_| &self.path)
    }

    /// Keeps the contents of a file that was found apart from what the process makes of them.
    pub(crate) fn keep_apart(&mut self, found: &Path) -> io::Result<()> {
        if self.on_disk.is_none() {
            fs::copy(found, &self.path)?;
            self.on_disk = Some(File::options().write(true).open(&self.path)?);
        }
        Ok(())
    }

    /// Begins the contents of a file that was made with this mode.
    pub(crate) fn begin(&mut self, mode: u32) -> io::Result<()> {
        let on_disk = File::create(&self.path)?;
        on_disk.set_permissions(Permissions::from_mode(mode))?;
        self.on_disk = Some(on_disk);
        Ok(())
    }

    pub(crate) fn write(&mut self, offset: u64, bytes: Vec<u8>) {
        self.pending.push(Change::Write { offset, bytes });
    }

    pub(crate) fn set_length(&mut self, length: u64) {
        self.pending.push(Change::SetLength(length));
    }

    /// Everything reaches the disk.
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        self.settle(Survival::All, &mut Rng::with_seed(0))
    }

    /// Part of what is to come reaches the disk, and the rest never will: that is also what a failed sync leaves,
    /// since Linux takes the pages for clean then.
    pub(crate) fn settle(&mut self, survival: Survival, chance: &mut Rng) -> io::Result<()> {
        let Some(on_disk) = &self.on_disk else { return Ok(()) };
        let end = match survival {
            Survival::None => 0,
            Survival::Prefix => chance.usize(..=self.pending.len()),
            Survival::All | Survival::Any => self.pending.len(),
        };
        let sector = if chance.bool() { 512 } else { 4096 };
        for (number, change) in self.pending.drain(..).enumerate().take_while(|(number, _)| *number < end) {
            let is_whole = match survival {
                Survival::Any => false,
                _ => number + 1 < end || matches!(survival, Survival::All),
            };
            match change {
                Change::SetLength(length) if is_whole || chance.bool() => on_disk.set_len(length)?,
                Change::SetLength(_) => {}
                Change::Write { offset, bytes } if is_whole => on_disk.write_all_at(&bytes, offset)?,
                Change::Write { offset, bytes } => {
                    for (offset, bytes) in sectors(offset, &bytes, sector) {
                        if chance.bool() {
                            on_disk.write_all_at(bytes, offset)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// The parts of a write that a device writes as a whole.
fn sectors(mut offset: u64, mut bytes: &[u8], sector: u64) -> Vec<(u64, &[u8])> {
    let mut parts = Vec::new();
    while !bytes.is_empty() {
        let to_boundary = (sector - offset % sector) as usize;
        let (part, rest) = bytes.split_at(to_boundary.min(bytes.len()));
        parts.push((offset, part));
        offset += part.len() as u64;
        bytes = rest;
    }
    parts
}
