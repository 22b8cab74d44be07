//! The web UI, built where cargo takes it into the program. The program is complete without it: where Node is missing, this
//! says what is, and nothing else fails.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::{Checkout, Error, process};

/// The least version of Node that builds it.
const NODE_MINIMUM: (u32, u32) = (20, 19);

/// What the build follows from, in the folder `web`.
const SOURCES: &[&str] =
    &["src", "public", "index.html", "vite.config.ts", "tsconfig.json", "package-lock.json"];

/// Builds the UI, unless it is newer than all that it is made of.
///
/// # Errors
/// [`Error::NoNode`] when there is no Node that is new enough; otherwise the step that fails.
pub fn build(checkout: &Checkout) -> Result<(), Error> {
    must_have_node()?;
    let web = folder(checkout);
    install(&web)?;
    let built = changed(&web.join("dist/pages/index.html"));
    let newest = SOURCES.iter().filter_map(|source| changed(&web.join(source))).max();
    if built.is_some() && built >= newest {
        return Ok(());
    }
    println!("The web UI:");
    process::run(npm(&web).args(["run", "--silent", "build"]))
}

/// Where the UI's sources are.
pub(crate) fn folder(checkout: &Checkout) -> PathBuf {
    checkout.root().join("web")
}

/// A call of npm in the UI's folder. It asks the registry that the machine's own configuration names.
pub(crate) fn npm(web: &Path) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(web);
    command
}

/// Installs what the lock file names, unless that was done since it last changed.
fn install(web: &Path) -> Result<(), Error> {
    let installed = changed(&web.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= changed(&web.join("package-lock.json")) {
        return Ok(());
    }
    process::run(npm(web).args(["ci", "--no-audit", "--no-fund"]))
}

fn must_have_node() -> Result<(), Error> {
    let minimum = format!("{}.{}", NODE_MINIMUM.0, NODE_MINIMUM.1);
    let missing = |found: String| Error::NoNode { minimum: minimum.clone(), found };
    let answer = Command::new("node").arg("--version").output();
    let answer = answer.map_err(|_| missing("there is no `node` on the PATH".to_owned()))?;
    let version = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    if parse_version(&version) < Some(NODE_MINIMUM) {
        return Err(missing(format!("`node` on the PATH is {version}")));
    }
    match npm(Path::new(".")).arg("--version").output() {
        Ok(answer) if answer.status.success() => Ok(()),
        _ => Err(missing(format!("Node {version} is there, but `npm` is not on the PATH"))),
    }
}

/// The first two numbers of a version such as `v20.19.4`.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.strip_prefix('v')?.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

/// When a file, or the newest one in a folder, was last changed; `None` where there is none.
fn changed(path: &Path) -> Option<SystemTime> {
    if path.is_dir() {
        let entries = fs::read_dir(path).ok()?;
        return entries.filter_map(|entry| changed(&entry.ok()?.path())).max();
    }
    fs::metadata(path).ok()?.modified().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_versions_as_numbers() {
        assert!(parse_version("v20.9.0") < Some(NODE_MINIMUM));
        assert!(parse_version("v20.19.0") >= Some(NODE_MINIMUM));
        assert!(parse_version("v22.1.0") >= Some(NODE_MINIMUM));
        assert_eq!(parse_version(""), None);
    }

    #[test]
    fn a_folder_changed_when_its_newest_file_did() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(changed(folder.path()), None);
        fs::create_dir(folder.path().join("a")).unwrap();
        fs::write(folder.path().join("a/b"), "").unwrap();
        assert_eq!(changed(folder.path()), changed(&folder.path().join("a/b")));
        assert_eq!(changed(&folder.path().join("missing")), None);
    }
}
