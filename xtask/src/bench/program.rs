//! The program that measures, and what it is started by.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Checkout, Error, process};

/// What stands in an argument for the URL of the server beside which a program runs.
const URL: &str = "{url}";

/// On which kind of store something is measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Stores {
    #[default]
    InFiles,
    OnPostgres,
    /// In files behind a server.
    OverHttp,
}

/// A program that measures.
pub(super) struct Program {
    path: PathBuf,
    /// What it is told before anything else.
    arguments: &'static [&'static str],
    /// What starts a database server for it, if it needs one.
    launcher: Option<PathBuf>,
}

impl Program {
    /// Builds the program, with flags of the compiler if there are any.
    pub(super) fn build(
        checkout: &Checkout,
        stores: Stores,
        target: &Path,
        flags: Option<&str>,
    ) -> Result<Self, Error> {
        // Over HTTP the program is also the server.
        let (program, arguments): (_, &[_]) = match stores {
            Stores::InFiles | Stores::OnPostgres => (("annals-benches", "works"), &[]),
            Stores::OverHttp => (("annals-cli", "annals"), &["bench", "--format", "json"]),
        };
        let path = build(checkout, program, target, flags)?;
        let launcher = match stores {
            Stores::InFiles | Stores::OverHttp => None,
            Stores::OnPostgres => {
                Some(build(checkout, ("annals-test-postgres", "with-postgres"), target, flags)?)
            }
        };
        Ok(Self { path, arguments, launcher })
    }

    /// The command that measures, but for what and how.
    pub(super) fn command(&self) -> Command {
        let mut command = match &self.launcher {
            None => Command::new(&self.path),
            Some(launcher) => {
                let mut command = Command::new(launcher);
                command.arg(&self.path).args(["--store", URL]);
                command
            }
        };
        command.args(self.arguments);
        command
    }
}

/// Builds a program of a package; where it lies.
fn build(
    checkout: &Checkout,
    (package, binary): (&str, &str),
    target: &Path,
    flags: Option<&str>,
) -> Result<PathBuf, Error> {
    let mut cargo = checkout.cargo();
    cargo.args(["build", "--release", "--package", package, "--bin", binary, "--target-dir"]);
    cargo.arg(target);
    if let Some(flags) = flags {
        cargo.env("RUSTFLAGS", flags);
    }
    process::run(&mut cargo)?;
    Ok(target.join("release").join(format!("{binary}{}", std::env::consts::EXE_SUFFIX)))
}
