//! The Python that runs somebody else's verifier against Annals: found, and put into an environment of its own
//! below the folder for builds, so that nothing is installed on the machine.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Checkout, Error, process};

/// The independent implementation of tiles, checkpoints and proofs that the tests run unmodified.
const PACKAGE: &str = "aics-tlog==0.2.1";

/// The least version that it runs on.
const MINIMUM: (u32, u32) = (3, 12);

/// Prints the version, and fails where an environment cannot be made.
const PROBE: &str = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])";

/// A way to start a Python.
#[derive(Debug, Clone)]
struct Candidate {
    program: PathBuf,
    /// The version that pyenv shall choose.
    pyenv: Option<String>,
}

impl Candidate {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        if let Some(version) = &self.pyenv {
            command.env("PYENV_VERSION", version);
        }
        command
    }

    fn shown(&self) -> String {
        let pyenv = self.pyenv.as_ref().map(|version| format!("PYENV_VERSION={version} "));
        format!("{}{}", pyenv.unwrap_or_default(), self.program.display())
    }
}

/// The Python of an environment that has the package; made if it is not there yet.
pub(crate) fn prepare(checkout: &Checkout) -> Result<PathBuf, Error> {
    let folder = checkout.target().join("test-python");
    let bin = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    let python = folder.join(bin);
    if has_package(&python) {
        return Ok(python);
    }
    let candidate = first_usable(candidates(), probe)?;
    println!("Python for the independent verifier: {}", candidate.shown());
    process::run(candidate.command().args(["-m", "venv", "--clear"]).arg(&folder))?;
    process::run(Command::new(&python).args(["-m", "pip", "install", "--quiet", PACKAGE]))?;
    Ok(python)
}

fn has_package(python: &Path) -> bool {
    let (name, version) = PACKAGE.split_once("==").unwrap_or((PACKAGE, ""));
    let question = format!("import importlib.metadata as m; print(m.version('{name}'))");
    let answer = Command::new(python).args(["-c", &question]).output();
    answer.is_ok_and(|answer| String::from_utf8_lossy(&answer.stdout).trim() == version)
}

fn candidates() -> Vec<Candidate> {
    let on_path = ["python3.14", "python3.13", "python3.12", "python3", "python"];
    let mut candidates: Vec<_> =
        on_path.iter().map(|name| Candidate { program: name.into(), pyenv: None }).collect();
    let listed = Command::new("pyenv").args(["versions", "--bare"]).output();
    let listed =
        listed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let versions = listed.lines().map(str::trim).filter(|line| parse_version(line) >= Some(MINIMUM));
    candidates
        .extend(versions.map(|line| Candidate { program: "python3".into(), pyenv: Some(line.to_owned()) }));
    candidates
}

/// The version of a Python in which an environment can be made, or why there is none.
fn probe(candidate: &Candidate) -> Result<(u32, u32), String> {
    let output = candidate.command().args(["-c", PROBE]).output().map_err(|_| "not there".to_owned())?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        return Err(message.trim().lines().last().unwrap_or("failed").to_owned());
    }
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    parse_version(&version).ok_or(version)
}

fn first_usable(
    candidates: Vec<Candidate>,
    probe: impl Fn(&Candidate) -> Result<(u32, u32), String>,
) -> Result<Candidate, Error> {
    let mut tried = Vec::new();
    for candidate in candidates {
        match probe(&candidate) {
            Ok(version) if version >= MINIMUM => return Ok(candidate),
            Ok((major, minor)) => tried.push(format!("  {}: is {major}.{minor}", candidate.shown())),
            Err(reason) => tried.push(format!("  {}: {reason}", candidate.shown())),
        }
    }
    let minimum = format!("{}.{}", MINIMUM.0, MINIMUM.1);
    Err(Error::NoPython { package: PACKAGE, minimum, tried: tried.join("\n") })
}

/// The first two numbers of a version such as `3.13.0`; `None` for names such as `pypy3.10`.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

/// What Python there is, for the record of a run.
pub(crate) fn describe(python: &Path) -> String {
    let version = process::capture(Command::new(python).arg("--version")).unwrap_or_default();
    format!("{} with {PACKAGE}", version.trim())
}

/// Where the tests find the interpreter.
pub(crate) const VARIABLE: &str = "ANNALS_TEST_PYTHON";

/// Whether the caller brings an interpreter of their own, which is then used as it is.
pub(crate) fn given() -> Option<PathBuf> {
    env::var_os(VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Candidate {
        Candidate { program: name.into(), pyenv: None }
    }

    #[test]
    fn takes_the_first_that_is_new_enough() {
        let probe = |candidate: &Candidate| match candidate.program.to_str() {
            Some("old") => Ok((3, 11)),
            Some("broken") => Err("No module named venv".to_owned()),
            _ => Ok((3, 12)),
        };
        let found = first_usable(vec![named("old"), named("broken"), named("new"), named("newer")], probe);
        assert_eq!(found.expect("one is new enough").program, PathBuf::from("new"));
    }

    #[test]
    fn says_what_was_tried_when_none_is_new_enough() {
        let error = first_usable(vec![named("old")], |_| Ok((3, 9))).expect_err("none is new enough");
        let message = error.to_string();
        assert!(message.contains("old: is 3.9") && message.contains("3.12 or later"), "{message}");
    }

    #[test]
    fn compares_versions_as_numbers() {
        assert!(parse_version("3.9.18") < Some(MINIMUM));
        assert!(parse_version("3.13.0") >= Some(MINIMUM));
        assert_eq!(parse_version("pypy3.10-7.3"), None);
    }
}
