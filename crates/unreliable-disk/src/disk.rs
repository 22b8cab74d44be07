use std::collections::HashMap;
use std::env;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use libc::c_int;

use crate::contents::{Contents, Survival};
use crate::fault::{Call, Fault};
use crate::names::{Named, Names};
use crate::{is_own_work, own_work, raw};

static DISK: OnceLock<Mutex<Disk>> = OnceLock::new();

/// What the disk holds, and what is on its way to it.
pub(crate) struct Disk {
    pub(crate) root: PathBuf,
    pub(crate) shadow: PathBuf,
    pub(crate) chance: Rng,
    /// By their numbers.
    pub(crate) files: Vec<Contents>,
    pub(crate) names: Names,
    /// The number and the last name of an inode's file. Inodes are used again; numbers are not.
    inodes: HashMap<(u64, u64), (usize, PathBuf)>,
    fault: Fault,
    /// Operations until the cut.
    until_cut: Option<u64>,
}

/// The disk, if the process is watched; nothing for the library's own work.
pub(crate) fn disk() -> Option<MutexGuard<'static, Disk>> {
    if is_own_work() {
        return None;
    }
    DISK.get().map(|disk| disk.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Reads the environment and the folder.
pub(crate) fn start() {
    let Some(root) = env::var_os("ANNALS_DISK_ROOT") else { return };
    match Disk::from_environment(root.into()) {
        Ok((disk, cut_after)) => {
            let _ = DISK.set(Mutex::new(disk));
            if let Some(cut_after) = cut_after {
                std::thread::spawn(move || cut_later(cut_after));
            }
        }
        Err(error) => raw::give_up(&format!("it cannot be set up: {error}")),
    }
}

/// Cuts the power, whatever the process does then.
fn cut_later(after: Duration) {
    std::thread::sleep(after);
    if let Some(mut disk) = disk() {
        disk.cut();
    }
}

impl Disk {
    /// The disk, and after which time its power is cut.
    fn from_environment(root: PathBuf) -> io::Result<(Self, Option<Duration>)> {
        let number = |name: &str| -> io::Result<Option<u64>> {
            let Ok(text) = env::var(name) else { return Ok(None) };
            text.parse().map(Some).map_err(|error| io::Error::other(format!("{name}={text}: {error}")))
        };
        let fault = match env::var("ANNALS_DISK_FAULT") {
            Ok(text) => Fault::parse(&text).ok_or_else(|| io::Error::other(format!("no fault: {text}")))?,
            Err(_) => Fault::Nothing,
        };
        let shadow =
            env::var_os("ANNALS_DISK_SHADOW").ok_or_else(|| io::Error::other("no shadow is named"))?;
        let mut disk = Self {
            root,
            shadow: shadow.into(),
            chance: Rng::with_seed(number("ANNALS_DISK_SEED")?.unwrap_or(0)),
            files: Vec::new(),
            names: Names::default(),
            inodes: HashMap::new(),
            fault,
            until_cut: number("ANNALS_DISK_CUT")?,
        };
        disk.scan(&disk.root.clone())?;
        Ok((disk, number("ANNALS_DISK_CUT_MICROS")?.map(Duration::from_micros)))
    }

    /// Takes everything that is there for durable.
    fn scan(&mut self, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let metadata = fs::symlink_metadata(&path)?;
            if metadata.is_dir() {
                self.names.found(path.clone(), Named::Folder);
                self.scan(&path)?;
            } else if self.watches(&path) {
                let number = self.number_anew((metadata.dev(), metadata.ino()), &path);
                self.names.found(path, Named::File(number));
            }
        }
        Ok(())
    }

    /// Whether a path is below the root. SQLite's shared memory is no matter of the disk.
    pub(crate) fn watches(&self, path: &Path) -> bool {
        path.starts_with(&self.root) && !path.as_os_str().as_encoded_bytes().ends_with(b"-shm")
    }

    fn number_anew(&mut self, inode: (u64, u64), path: &Path) -> usize {
        let number = self.files.len();
        self.files.push(Contents::new(self.shadow.join(number.to_string())));
        self.inodes.insert(inode, (number, path.to_owned()));
        number
    }

    /// Counts an operation; the power may be cut before it.
    pub(crate) fn operation(&mut self) {
        if let Some(left) = &mut self.until_cut {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.cut();
            }
        }
    }

    /// The last name of an open file that is watched.
    pub(crate) fn path(&self, fd: c_int) -> Option<&Path> {
        self.inodes.get(&raw::status(fd)?.inode).map(|(_, path)| path.as_path())
    }

    /// The error that a call on an open file is to end with.
    pub(crate) fn fault(&mut self, call: Call, fd: c_int, growth: u64) -> Option<c_int> {
        let path = self.path(fd)?.to_owned();
        self.fault_at(call, &path, growth)
    }

    /// The error that a call on the file of this name is to end with.
    pub(crate) fn fault_at(&mut self, call: Call, path: &Path, growth: u64) -> Option<c_int> {
        self.fault.error_of(call, &path.to_string_lossy(), growth)
    }

    /// An open file is synced; `survival` says how much of it reaches the disk.
    pub(crate) fn settle(&mut self, fd: c_int, survival: impl FnOnce(&mut Rng) -> Survival) {
        let Some((number, _)) = raw::status(fd).and_then(|status| self.inodes.get(&status.inode)) else {
            return;
        };
        if let Some(contents) = self.files.get_mut(*number) {
            let survival = survival(&mut self.chance);
            check(own_work(|| contents.settle(survival, &mut self.chance)));
        }
    }

    /// The contents of an open file that is watched, kept apart.
    pub(crate) fn contents(&mut self, fd: c_int) -> Option<&mut Contents> {
        let (number, path) = self.inodes.get(&raw::status(fd)?.inode)?;
        let contents = self.files.get_mut(*number)?;
        check(own_work(|| contents.keep_apart(path)));
        Some(contents)
    }

    /// A file was made, and is open.
    pub(crate) fn made(&mut self, fd: c_int, path: &Path) {
        let Some(status) = raw::status(fd).filter(|status| status.is_file) else { return };
        let number = self.number_anew(status.inode, path);
        if let Some(contents) = self.files.get_mut(number) {
            check(own_work(|| contents.begin(status.mode)));
        }
        self.names.add(path.to_owned(), Named::File(number));
    }

    /// The file of this name is about to lose it; what the disk holds of it must outlive that.
    pub(crate) fn about_to_lose(&mut self, path: &Path) {
        if let Some(Named::File(number)) = self.names.get(path)
            && let Some(contents) = self.files.get_mut(number)
        {
            check(own_work(|| contents.keep_apart(path)));
        }
    }

    /// A file lost its name. Its inode may be used for another one.
    pub(crate) fn lost(&mut self, path: &Path) {
        self.inodes.retain(|_, (_, known)| known != path);
    }

    /// A file got another name.
    pub(crate) fn renamed(&mut self, from: &Path, to: &Path) {
        self.lost(to);
        self.names.rename(from, to.to_owned());
        for (_, path) in self.inodes.values_mut() {
            if path == from {
                to.clone_into(path);
            }
        }
    }
}

/// The model must not go wrong in silence.
pub(crate) fn check(done: io::Result<()>) {
    if let Err(error) = done {
        raw::give_up(&format!("it lost track: {error}"));
    }
}
