//! One command that sets up whatever the tests need and then runs them all. Nothing is skipped in silence:
//! what cannot be set up is an error that says what is missing.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Checkout, Error, browser, process, python, ui};

/// Names a file of real events, gzipped JSON lines, for the tests of imports.
const LOAN_LOG: &str = "ANNALS_LOAN_LOG";

/// The version of PostgreSQL with which its store is tested besides the machine's.
const NEWEST_POSTGRES: &str = "18";

/// The crate that kills and unplugs processes which write a log.
const DURABILITY: &str = "annals-durability";

/// Checks the format, runs clippy, and runs every test of the workspace.
///
/// # Errors
///
/// The first step that fails.
pub fn test(checkout: &Checkout) -> Result<(), Error> {
    let loan_log = loan_log(env::var_os(LOAN_LOG).map(PathBuf::from))?;
    let python = match python::given() {
        Some(python) => python,
        None => python::prepare(checkout)?,
    };
    println!("Independent verifier: {}", python::describe(&python));
    match &loan_log {
        Some(path) => println!("Loan applications: the full log, {}", path.display()),
        None => println!(
            "Loan applications: {LOAN_LOG} is not set, so the tests use the small sample in the repository; set \
             it to the path of loan-applications.jsonl.gz to use the full log"
        ),
    }
    // The program that is tested has its pages in it.
    ui::build(checkout)?;
    process::run(checkout.cargo().args(["fmt", "--all", "--check"]))?;
    process::run(checkout.cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    let mut tests = checkout.cargo();
    // The trials of durability follow with failpoints compiled in, which no other test may have.
    tests.args(["test", "--workspace", "--exclude", DURABILITY, "--no-fail-fast"]);
    tests.env(python::VARIABLE, &python);
    if let Some(path) = &loan_log {
        tests.env(LOAN_LOG, path);
    }
    process::run(&mut tests)?;
    browser::test(checkout)?;
    test_with_newest_postgres(checkout)?;
    let with_failpoints = ["-p", DURABILITY, "--features", "failpoints"];
    process::run(checkout.cargo().args(["clippy"]).args(with_failpoints).args([
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))?;
    // What they print says which cycle caught which seeded bug.
    process::run(
        checkout.cargo().args(["test", "--no-fail-fast"]).args(with_failpoints).args(["--", "--nocapture"]),
    )
}

/// Runs the tests of the PostgreSQL store once more, with the version that Debian does not have so far. It is to be had
/// for one platform only.
fn test_with_newest_postgres(checkout: &Checkout) -> Result<(), Error> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        println!(
            "PostgreSQL {NEWEST_POSTGRES} is not tested on this platform, for which Maven Central has none"
        );
        return Ok(());
    }
    println!("The store in PostgreSQL {NEWEST_POSTGRES}:");
    let mut tests = checkout.cargo();
    tests.args(["test", "--package", "annals-store-postgres", "--no-fail-fast"]);
    process::run(tests.env("ANNALS_TEST_POSTGRES_VERSION", NEWEST_POSTGRES))
}

/// What continuous integration runs: a record of the versions, a check of the lock file, then [`test`].
///
/// # Errors
///
/// The first step that fails.
pub fn ci(checkout: &Checkout) -> Result<(), Error> {
    process::run(checkout.cargo().arg("--version"))?;
    process::run(Command::new("rustc").arg("--version"))?;
    // Fails where a manifest was changed without the lock file, which the later steps would quietly mend.
    process::capture(checkout.cargo().args(["metadata", "--locked", "--format-version", "1"]))?;
    test(checkout)
}

/// The full log's absolute path, because the tests of each crate run in that crate's folder.
fn loan_log(given: Option<PathBuf>) -> Result<Option<PathBuf>, Error> {
    let Some(path) = given.filter(|path| path != Path::new("")) else { return Ok(None) };
    match path.canonicalize() {
        Ok(absolute) if absolute.is_file() => Ok(Some(absolute)),
        _ => Err(Error::NoSuchInput { variable: LOAN_LOG, path }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_log_that_is_not_there_rather_than_running_without_it() {
        let error = loan_log(Some("no/such.jsonl.gz".into())).expect_err("it is not there");
        assert!(error.to_string().starts_with("ANNALS_LOAN_LOG names no/such.jsonl.gz"), "{error}");
    }

    #[test]
    fn makes_the_path_of_the_log_absolute_and_takes_an_empty_one_for_none() {
        let found = loan_log(Some("Cargo.toml".into())).expect("it is there");
        assert!(found.is_some_and(|path| path.is_absolute()));
        assert_eq!(loan_log(Some("".into())).expect("none is no error"), None);
    }
}
