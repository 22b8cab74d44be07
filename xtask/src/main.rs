//! `cargo xtask <command>`: see the library for what each command does.

use std::process::ExitCode;

use xtask::{Checkout, Error, bench, demo, package, platforms, testing, tidy, ui};

const USAGE: &str = "\
cargo xtask <command>

  tidy       check crate edges, lengths, words, SQL files, error pages, decision records and documents
  test       set up what the tests need, then check the format, run clippy and every test
  ci         what continuous integration runs: the versions, the lock file, then `test`
  ui         build the web UI, which the next build of the binary takes in; needs Node
  demo       build the UI and the binary and start `annals demo`: [--dir FOLDER] [--import FILE --map FILE.jq]
  package    build the UI and the binary, and pack them as they are released; needs Node
  platforms  compile for Windows and macOS as far as their compilers are installed, and say what is missing
  bench      measure the store beside its database, and print the tables of docs/performance.md:
             [--postgres | --http] [--events N] [--rounds N] [--dir FOLDER] [--loan-log FILE] [--growth] [--write]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["tidy"] => tidy(),
        ["test"] => Checkout::find().and_then(|checkout| testing::test(&checkout)),
        ["ci"] => Checkout::find().and_then(|checkout| testing::ci(&checkout)),
        ["bench", arguments @ ..] => match bench::Options::parse(arguments) {
            Some(options) => Checkout::find().and_then(|checkout| bench::bench(&checkout, &options)),
            None => return usage(),
        },
        ["demo", arguments @ ..] => Checkout::find().and_then(|checkout| demo::demo(&checkout, arguments)),
        ["package"] => Checkout::find().and_then(|checkout| package::package(&checkout)),
        ["ui"] => Checkout::find().and_then(|checkout| ui::build(&checkout)),
        ["platforms"] => Checkout::find().and_then(|checkout| platforms::check(&checkout)),
        // What `platforms` makes the build of SQLite call.
        ["zig-cc", arguments @ ..] => platforms::zig_cc(arguments),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => return usage(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::from(error.exit_status())
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}

fn tidy() -> Result<(), Error> {
    let report = tidy::check(&Checkout::find()?)?;
    print!("{report}");
    match report.findings.len() {
        0 => Ok(()),
        count => Err(Error::Untidy { count }),
    }
}
