//! Runs a program beside a fresh PostgreSQL server, which is stopped and removed afterwards:
//! `with-postgres PROGRAM ARGUMENT…`. Every argument `{url}` becomes the server's URL.

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(program) = arguments.next() else {
        eprintln!("with-postgres: name a program; every argument {{url}} becomes the server's URL");
        return ExitCode::from(2);
    };
    run(program, arguments)
}

#[cfg(unix)]
fn run(program: std::ffi::OsString, arguments: impl Iterator<Item = std::ffi::OsString>) -> ExitCode {
    let cluster = annals_test_postgres::Cluster::start();
    let arguments =
        arguments.map(|argument| if argument == "{url}" { cluster.url().into() } else { argument });
    match Command::new(&program).args(arguments).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
        Err(error) => {
            eprintln!("with-postgres: {} cannot be started: {error}", program.display());
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(unix))]
fn run(_: std::ffi::OsString, _: impl Iterator<Item = std::ffi::OsString>) -> ExitCode {
    eprintln!("with-postgres: servers are found, started and ended by the means of Unix");
    ExitCode::FAILURE
}
