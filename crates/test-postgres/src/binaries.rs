use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::maven;

/// Where Debian and its kin put each version's programs.
const VERSIONS: &str = "/usr/lib/postgresql";

/// Names the main version that tests are to use rather than the newest of this machine.
const VERSION: &str = "ANNALS_TEST_POSTGRES_VERSION";

/// The main version that tests are to use; the newest of this machine when there is none.
pub(crate) fn version() -> Option<String> {
    std::env::var(VERSION).ok().filter(|version| !version.is_empty())
}

/// The programs of the PostgreSQL that tests use. Where this machine has none and this is root, Debian's is installed;
/// one version is fetched from where Java's tests have it.
///
/// # Panics
/// When there is none and none can be installed, which says what to do.
pub(crate) fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| match version() {
        Some(version) => of_version(&version),
        None => newest().unwrap_or_else(install),
    })
}

fn of_version(version: &str) -> PathBuf {
    let installed = Path::new(VERSIONS).join(version).join("bin");
    if installed.join("initdb").exists() {
        return installed;
    }
    assert!(
        version == maven::VERSION,
        "there is no PostgreSQL {version} under {VERSIONS}; install it, or let {VERSION} say {} or nothing",
        maven::VERSION
    );
    maven::folder()
}

/// Installs Debian's PostgreSQL; where its programs are then.
fn install() -> PathBuf {
    assert!(
        is_root(),
        "there is no PostgreSQL under {VERSIONS}; install it (Debian: apt-get install postgresql), or let \
         ANNALS_TEST_POSTGRES name a server"
    );
    let tried = apt_install("postgresql");
    newest().unwrap_or_else(|| {
        panic!(
            "there is no PostgreSQL under {VERSIONS}, and apt-get install postgresql failed; install it, or let \
             ANNALS_TEST_POSTGRES name a server: {}",
            tried.err().unwrap_or_default()
        )
    })
}

/// Installs a package of Debian's; an error is what `apt-get` said.
fn apt_install(package: &str) -> Result<(), String> {
    let install = || apt_get(&["install", "--no-install-recommends", package]);
    // The lists of packages may be missing or old.
    install().or_else(|_| apt_get(&["update"]).and_then(|()| install()))
}

/// Sees to it that a program is there, by installing Debian's package where this is root.
///
/// # Panics
/// When it is not there and cannot be installed, which says what to do.
pub(crate) fn must_have(program: &str, package: &str) {
    let is_there = || {
        let folders = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&folders).any(|folder| folder.join(program).exists())
    };
    if is_there() || (is_root() && apt_install(package).is_ok() && is_there()) {
        return;
    }
    panic!("{program} is needed and not there; install it (Debian: apt-get install {package})");
}

/// Runs `apt-get`; an error is what it said.
fn apt_get(arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("apt-get")
        // Another test binary may be installing it at this moment.
        .args(["--yes", "--option", "DPkg::Lock::Timeout=300"])
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        // As in single-user mode, in which no service is started: tests start servers of their own.
        .env("RUNLEVEL", "1")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
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
    user_number() == 0
}

/// The number of the user who runs the tests.
pub(crate) fn user_number() -> u32 {
    // Whoever owns the process's entry in /proc is who runs it.
    let own = std::fs::metadata("/proc/self").expect("the process's own entry in /proc");
    std::os::unix::fs::MetadataExt::uid(&own)
}
