use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where Debian and its kin put each version's programs.
const VERSIONS: &str = "/usr/lib/postgresql";

/// The programs of the newest PostgreSQL of this machine. Where there is none and this is root, Debian's is
/// installed.
///
/// # Panics
/// When there is none and none can be installed, which says what to do.
pub(crate) fn folder() -> PathBuf {
    if let Some(found) = newest() {
        return found;
    }
    assert!(
        is_root(),
        "there is no PostgreSQL under {VERSIONS}; install it (Debian: apt-get install postgresql), or let \
         ANNALS_TEST_POSTGRES name a server"
    );
    let installed = Command::new("apt-get")
        .args(["install", "--yes", "--no-install-recommends", "postgresql"])
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .output();
    let said = match &installed {
        Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
        Err(error) => error.to_string(),
    };
    newest().unwrap_or_else(|| {
        panic!("there is no PostgreSQL under {VERSIONS}, and apt-get install postgresql failed: {said}")
    })
}

fn newest() -> Option<PathBuf> {
    let versions = std::fs::read_dir(VERSIONS).ok()?.flatten();
    let version = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let usable = versions.map(|entry| entry.path()).filter(|path| path.join("bin/initdb").exists());
    let newest = usable.filter_map(|path| Some((version(&path)?, path))).max()?;
    Some(newest.1.join("bin"))
}

/// A program that is run as somebody who is not root: PostgreSQL refuses to run as root.
pub(crate) fn unprivileged(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

/// Gives a folder to the user as whom servers run.
pub(crate) fn give_away(folder: &Path) {
    if is_root() {
        run(Command::new("chown").arg("postgres:postgres").arg(folder));
    }
}

/// Runs a command to its end.
///
/// # Panics
/// When it fails, with what it said.
pub(crate) fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{command:?} cannot be run: {error}"));
    assert!(
        output.status.success(),
        "{command:?} failed: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

pub(crate) fn is_root() -> bool {
    // Whoever owns the process's entry in /proc is who runs it.
    std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}
