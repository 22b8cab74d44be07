use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use crate::{Failure, Place};

const PACKAGE: &str = "annals-unreliable-disk";

/// How a process ends when the power is cut.
pub(crate) const CUT_STATUS: i32 = 86;

/// How the disk below a victim misbehaves; what the words mean stands in `annals-unreliable-disk`.
#[derive(Debug, Clone)]
pub enum DiskFault {
    /// `<call>:<error>:<suffix>:<first>:<count>`.
    Calls(String),
    /// There is room for so many bytes only, until the victim has complained.
    Full {
        /// How many.
        room: u64,
        /// What the names end in of the files for which there is no more; all of them where it is empty.
        suffix: &'static str,
    },
}

/// The library that is preloaded. It is built when it is first asked for, as the tests themselves were.
fn library() -> Result<&'static PathBuf, Failure> {
    static LIBRARY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let built = LIBRARY.get_or_init(|| build().map_err(|error| error.to_string()));
    built.as_ref().map_err(|reason| Failure::Broken(reason.clone()))
}

fn build() -> Result<PathBuf, Failure> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--message-format=json", "--package", PACKAGE]);
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = cargo.output().map_err(Failure::file(env!("CARGO").as_ref()))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    // The line of the library is the only one that names a shared object.
    let path = said.split('"').find(|word| word.ends_with("libannals_unreliable_disk.so"));
    path.map(PathBuf::from).ok_or_else(|| Failure::Victim {
        how: format!("no {PACKAGE} that could be preloaded"),
        said: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// When the power goes.
#[derive(Debug, Clone, Copy)]
pub enum Cut {
    /// Before this operation on the disk, counted from 1.
    BeforeOperation(u64),
    /// So long after the start.
    AfterMicros(u64),
}

/// Puts the disk below a process that is about to start.
pub(crate) fn put_below(
    victim: &mut Command,
    place: &Place,
    seed: u64,
    cut: Option<Cut>,
    fault: Option<&DiskFault>,
) -> Result<(), Failure> {
    let shadow = place.shadow();
    if shadow.exists() {
        std::fs::remove_dir_all(&shadow).map_err(Failure::file(&shadow))?;
    }
    std::fs::create_dir(&shadow).map_err(Failure::file(&shadow))?;
    victim.env("LD_PRELOAD", library()?);
    victim.env("ANNALS_DISK_ROOT", place.disk()).env("ANNALS_DISK_SHADOW", &shadow);
    victim.env("ANNALS_DISK_SEED", seed.to_string());
    match cut {
        Some(Cut::BeforeOperation(operation)) => victim.env("ANNALS_DISK_CUT", operation.to_string()),
        Some(Cut::AfterMicros(micros)) => victim.env("ANNALS_DISK_CUT_MICROS", micros.to_string()),
        None => victim,
    };
    match fault {
        Some(DiskFault::Calls(calls)) => victim.env("ANNALS_DISK_FAULT", calls),
        Some(DiskFault::Full { room, suffix }) => {
            victim.env("ANNALS_DISK_FAULT", format!("full:{room}:{}:{suffix}", place.freed().display()))
        }
        None => victim,
    };
    Ok(())
}

/// Puts what the disk holds after a cut in the place of what the process saw.
pub(crate) fn take_what_is_left(place: &Place) -> Result<(), Failure> {
    let (disk, after) = (place.disk(), place.shadow().join("after"));
    std::fs::remove_dir_all(&disk).map_err(Failure::file(&disk))?;
    std::fs::rename(&after, &disk).map_err(Failure::file(&after))
}
