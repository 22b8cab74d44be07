//! What is known of the machine.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::error::{BenchError, Result};
use crate::settings::Settings;
use crate::timing::Latencies;

const SYNCS: usize = 300;

/// How long it takes until 4 KiB, appended to a file, are on disk.
pub(crate) fn sync_times(settings: &Settings) -> Result<Latencies> {
    let folder = settings.fresh_folder()?;
    let path = folder.path().join("synced");
    let unusable = |error| BenchError::file(&path)(error);
    let mut file = fs::File::create(&path).map_err(unusable)?;
    let mut latencies = Latencies::default();
    for _ in 0..SYNCS {
        let start = Instant::now();
        file.write_all(&[7; 4_096]).and_then(|()| file.sync_data()).map_err(unusable)?;
        latencies.push(start.elapsed());
    }
    Ok(latencies)
}

/// The processor's name on Linux (proc(5), `/proc/cpuinfo`).
pub(crate) fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The file system of a folder on Linux (proc(5), `/proc/self/mountinfo`): the one mounted nearest above.
pub(crate) fn file_system(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let text = fs::read_to_string("/proc/self/mountinfo").ok()?;
    let mounts = text.lines().filter_map(|line| {
        let (before, after) = line.split_once(" - ")?;
        let mount = PathBuf::from(before.split(' ').nth(4)?);
        folder.starts_with(&mount).then_some((mount.components().count(), after.split(' ').next()?))
    });
    // Of two that are mounted at one place, the later one is seen.
    mounts.max_by_key(|(depth, _)| *depth).map(|(_, kind)| kind.to_owned())
}
