//! `aics-tlog`, a verifier of transparency logs that others wrote, run as it is.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

/// Where the interpreter is named that has the package; `cargo xtask test` sets it.
const VARIABLE: &str = "ANNALS_TEST_PYTHON";

const PACKAGE: &str = "aics-tlog==0.2.1";

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/audit.py");

/// Has the log at an address audited; what the script prints.
pub(crate) fn audit(url: &str, verifier_key: &str, kept_checkpoint: Option<&Path>) -> Value {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    let python = PYTHON.get_or_init(|| match std::env::var_os(VARIABLE).filter(|given| !given.is_empty()) {
        Some(given) => given.into(),
        None => environment(),
    });
    let mut command = Command::new(python);
    let output = command.args([SCRIPT, url, verifier_key]).args(kept_checkpoint).output();
    let output = output.unwrap_or_else(|error| panic!("{} cannot be run: {error}", python.display()));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} needs a Python with {PACKAGE}: {stderr}", python.display());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The interpreter of an environment that has the package, made below the folder for builds.
fn environment() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("aics-tlog");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if is_done(Command::new(&python).args(["-c", "import aics_tlog"])) {
        return python;
    }
    let made = candidates().into_iter().any(|mut candidate| {
        is_done(candidate.args(["-m", "venv", "--clear"]).arg(&folder))
            && is_done(Command::new(&python).args(["-m", "pip", "install", "--quiet", PACKAGE]))
    });
    assert!(
        made,
        "no Python 3.12 or later was found in which {PACKAGE} can be installed: install one, or name the \
         interpreter of an environment that has the package in {VARIABLE}"
    );
    python
}

/// Every way to start a Python: by name, or as one of those that pyenv has.
fn candidates() -> Vec<Command> {
    let on_path = ["python3.14", "python3.13", "python3.12"].map(Command::new);
    let listed = Command::new("pyenv").args(["versions", "--bare"]).output();
    let listed = listed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let versions = listed.unwrap_or_default();
    let is_new_enough = |version: &&str| {
        let minor = version.strip_prefix("3.").and_then(|rest| rest.split('.').next());
        minor.and_then(|minor| minor.parse().ok()).is_some_and(|minor: u32| minor >= 12)
    };
    let of_pyenv = versions.lines().map(str::trim).filter(is_new_enough).map(|version| {
        let mut command = Command::new("python3");
        command.env("PYENV_VERSION", version);
        command
    });
    on_path.into_iter().chain(of_pyenv).collect()
}

fn is_done(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}
