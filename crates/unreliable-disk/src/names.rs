use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fastrand::Rng;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    Folder,
    /// The file of this number.
    File(usize),
}

/// What was done to a folder's names. The folder's sync makes it durable.
struct NameChange {
    folder: PathBuf,
    /// Names that are gone, and names that are new; a rename is one change, whole or not at all.
    gone: Option<PathBuf>,
    new: Option<(PathBuf, Named)>,
}

/// The names below the root: as the process sees them, and as the disk has them.
#[derive(Default)]
pub(crate) struct Names {
    seen: BTreeMap<PathBuf, Named>,
    on_disk: BTreeMap<PathBuf, Named>,
    pending: Vec<NameChange>,
}

impl Names {
    /// A name that was there at the start.
    pub(crate) fn found(&mut self, path: PathBuf, named: Named) {
        self.on_disk.insert(path.clone(), named);
        self.seen.insert(path, named);
    }

    pub(crate) fn get(&self, path: &Path) -> Option<Named> {
        self.seen.get(path).copied()
    }

    pub(crate) fn add(&mut self, path: PathBuf, named: Named) {
        self.change(&path.clone(), None, Some((path, named)));
    }

    pub(crate) fn remove(&mut self, path: &Path) {
        self.change(path, Some(path.to_owned()), None);
    }

    pub(crate) fn rename(&mut self, from: &Path, to: PathBuf) {
        if let Some(named) = self.get(from) {
            self.change(&to.clone(), Some(from.to_owned()), Some((to, named)));
        }
    }

    fn change(&mut self, path: &Path, gone: Option<PathBuf>, new: Option<(PathBuf, Named)>) {
        let folder = path.parent().unwrap_or(Path::new("/")).to_owned();
        let change = NameChange { folder, gone, new };
        apply(&mut self.seen, &change);
        self.pending.push(change);
    }

    /// A folder's names reach the disk.
    pub(crate) fn sync(&mut self, folder: &Path) {
        let (synced, pending): (Vec<_>, Vec<_>) =
            self.pending.drain(..).partition(|change| change.folder == folder);
        self.pending = pending;
        synced.iter().for_each(|change| apply(&mut self.on_disk, change));
    }

    /// Of each folder's changes a part reaches the disk, in order, as journalling file systems have it; then the
    /// names that the disk has.
    pub(crate) fn settle(&mut self, chance: &mut Rng) -> &BTreeMap<PathBuf, Named> {
        let mut folders: Vec<PathBuf> = self.pending.iter().map(|change| change.folder.clone()).collect();
        folders.sort();
        folders.dedup();
        for folder in folders {
            let changes = self.pending.iter().filter(|change| change.folder == folder);
            let end = if chance.bool() { 0 } else { chance.usize(..=changes.clone().count()) };
            changes.take(end).for_each(|change| apply(&mut self.on_disk, change));
        }
        &self.on_disk
    }
}

fn apply(names: &mut BTreeMap<PathBuf, Named>, change: &NameChange) {
    if let Some(gone) = &change.gone {
        names.remove(gone);
    }
    if let Some((path, named)) = &change.new {
        names.insert(path.clone(), *named);
    }
}
