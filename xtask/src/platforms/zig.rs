//! zig as a compiler of C for macOS. The build of SQLite calls this program in place of a compiler, because zig has
//! another name for the target and brings what would otherwise come from Apple's tools.

use std::env;
use std::ffi::OsString;
use std::process::Command;

use crate::{Error, process};

/// What zig calls 64-bit ARM under macOS.
const TARGET: &str = "aarch64-macos";

/// The ways to start zig: by itself, or as the PyPI package `ziglang`.
const CANDIDATES: [&str; 2] = ["zig", "python3 -m ziglang"];

/// Which of them this program shall start when it is called as a compiler.
const ZIG: &str = "XTASK_ZIG";

/// What makes the build of SQLite call this program, or what is missing.
pub(super) fn variables(target: &str) -> Result<Vec<(String, OsString)>, String> {
    let found = CANDIDATES.into_iter().find(|candidate| starts(candidate));
    let zig =
        found.ok_or("zig is missing; put it on the PATH, or install the PyPI package ziglang for python3")?;
    let this = env::current_exe().map_err(|error| format!("this program does not find itself: {error}"))?;
    let target = target.replace('-', "_");
    let call = |tool: &str| -> OsString { [this.as_os_str(), tool.as_ref()].join(" ".as_ref()) };
    Ok(vec![
        (format!("CC_{target}"), call("zig-cc")),
        (format!("AR_{target}"), "true".into()),
        (ZIG.to_owned(), zig.into()),
        // Without it the build asks Xcode.
        ("SDKROOT".to_owned(), "/".into()),
    ])
}

fn starts(candidate: &str) -> bool {
    words(candidate).arg("version").output().is_ok_and(|output| output.status.success())
}

fn words(command: &str) -> Command {
    let mut words = command.split(' ');
    let mut program = Command::new(words.next().unwrap_or_default());
    program.args(words);
    program
}

/// Compiles C as the build of SQLite asks a compiler of Apple's to do.
///
/// # Errors
///
/// When zig fails.
pub fn compile(arguments: &[&str]) -> Result<(), Error> {
    let zig = env::var(ZIG).unwrap_or_else(|_| CANDIDATES[0].to_owned());
    let mut command = words(&zig);
    command.args(["cc", "-target", TARGET]).args(understood(arguments));
    process::replace(&mut command)
}

/// The arguments without those that only Apple's compiler knows.
fn understood<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    let mut kept = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match *argument {
            "-arch" | "-isysroot" => drop(rest.next()),
            other if other.starts_with("--target=") || other.starts_with("-mmacosx-version-min=") => {}
            other => kept.push(other),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_apples_compiler_knows_is_left_out() {
        let arguments = [
            "-O0",
            "--target=arm64-apple-macosx",
            "-arch",
            "arm64",
            "-isysroot",
            "/",
            "-mmacosx-version-min=11",
            "-c",
        ];
        assert_eq!(understood(&arguments), ["-O0", "-c"]);
    }
}
