//! What can be checked of other platforms from here: that the library and the binary compile for them, with the C of
//! SQLite. Nothing is linked and nothing runs, so what differs at run time stands in `docs/guide/durability.md`.

mod zig;

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use crate::{Checkout, Error, process};

pub use zig::compile as zig_cc;

/// A platform and the compiler of C for it.
struct Platform {
    name: &'static str,
    target: &'static str,
    c_compiler: CCompiler,
}

enum CCompiler {
    /// A cross compiler of its own, by its program.
    Program { program: &'static str, package: &'static str },
    /// The compiler in zig, which brings the headers of the platform.
    Zig,
}

const PLATFORMS: [Platform; 2] = [
    Platform {
        name: "Windows",
        target: "x86_64-pc-windows-gnu",
        c_compiler: CCompiler::Program {
            program: "x86_64-w64-mingw32-gcc",
            package: "Debian's package gcc-mingw-w64-x86-64",
        },
    },
    Platform { name: "macOS", target: "aarch64-apple-darwin", c_compiler: CCompiler::Zig },
];

/// What became of one platform.
enum Outcome {
    Compiles,
    /// With what is missing, and how to get it.
    NotChecked(String),
}

/// Checks every platform whose compilers are installed, and says which are not.
///
/// # Errors
///
/// The first platform for which the code does not compile.
pub fn check(checkout: &Checkout) -> Result<(), Error> {
    let mut outcomes = Vec::new();
    for platform in &PLATFORMS {
        outcomes.push((platform, platform.check(checkout)?));
    }
    println!();
    for (Platform { name, target, .. }, outcome) in outcomes {
        match outcome {
            Outcome::Compiles => println!("{name} ({target}): compiles; not linked, not run"),
            Outcome::NotChecked(missing) => println!("{name} ({target}): NOT CHECKED: {missing}"),
        }
    }
    Ok(())
}

impl Platform {
    fn check(&self, checkout: &Checkout) -> Result<Outcome, Error> {
        let target = self.target;
        let libraries =
            process::capture(Command::new("rustc").args(["--print", "target-libdir", "--target", target]))?;
        if !Path::new(libraries.trim()).is_dir() {
            return Ok(Outcome::NotChecked(format!(
                "Rust's library is missing; run `rustup target add {target}`"
            )));
        }
        let variables = match self.c_compiler.variables(target) {
            Ok(variables) => variables,
            Err(missing) => return Ok(Outcome::NotChecked(missing)),
        };
        let mut cargo = checkout.cargo();
        cargo.args(["check", "-p", "annals", "-p", "annals-cli", "--target", target]).envs(variables);
        process::run(&mut cargo)?;
        Ok(Outcome::Compiles)
    }
}

impl CCompiler {
    /// What the build of SQLite must find in its environment, or what is missing.
    fn variables(&self, target: &str) -> Result<Vec<(String, OsString)>, String> {
        match self {
            Self::Program { program, package } => match is_there(Command::new(program)) {
                true => Ok(Vec::new()),
                false => Err(format!("{program} is missing; install {package}")),
            },
            Self::Zig => zig::variables(target),
        }
    }
}

fn is_there(mut program: Command) -> bool {
    program.arg("--version").output().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_that_is_missing_is_named_with_its_package() {
        let compiler = CCompiler::Program { program: "no-such-compiler", package: "a package" };
        let missing = compiler.variables("any").unwrap_err();
        assert_eq!(missing, "no-such-compiler is missing; install a package");
    }
}
