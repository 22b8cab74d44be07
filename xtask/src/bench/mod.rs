//! The whole table of `docs/performance.md`: every work beside its floors, and the price of the proof.

mod document;
mod gates;
mod program;
mod proof;
mod table;

use std::path::Path;
use std::process::Stdio;

use program::{Program, Stores};
use serde_json::Value;

use crate::{Checkout, Error, process};

/// Everything but what takes very long.
const WORKS: [&str; 8] = ["W1", "W2", "W3", "W4", "W5", "neighbours", "verify", "import"];

/// What is measured on a server.
const POSTGRES_WORKS: [&str; 5] = ["W1", "W2", "W3", "W4", "W5"];

/// What is measured over HTTP.
const HTTP_WORKS: [&str; 5] = ["H1", "H2", "H3", "H4", "H5"];

/// What takes minutes and ten gigabytes.
const LONG_WORK: &str = "growth";

/// What is measured, and where the table goes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Where the stores lie that are measured.
    stores: Stores,
    /// Whether growth is measured as well.
    long: Long,
    /// Whether the table also goes into the document.
    output: Output,
    /// Handed on to the program that measures: `--events N`, `--rounds N`, `--dir FOLDER`, `--loan-log FILE`.
    handed_on: Vec<String>,
    /// How often the builds with and without proof take turns.
    rounds: usize,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Long {
    #[default]
    LeftOut,
    Measured,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Output {
    #[default]
    Printed,
    Written,
}

impl Options {
    /// Reads the arguments behind `cargo xtask bench`; `None` if they are not understood.
    #[must_use]
    pub fn parse(arguments: &[&str]) -> Option<Self> {
        let mut options = Self { rounds: 3, ..Self::default() };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match *argument {
                "--postgres" => options.stores = Stores::OnPostgres,
                "--http" => options.stores = Stores::OverHttp,
                "--growth" => options.long = Long::Measured,
                "--write" => options.output = Output::Written,
                "--events" | "--rounds" | "--dir" | "--loan-log" => {
                    let value = *arguments.next()?;
                    if *argument == "--rounds" {
                        options.rounds = value.parse().ok()?;
                    }
                    options.handed_on.extend([(*argument).to_owned(), value.to_owned()]);
                }
                _ => return None,
            }
        }
        Some(options)
    }

    /// What is handed on; the databases lie beside what is built where no folder is named.
    fn handed_on_with(&self, target: &Path) -> Vec<String> {
        let mut handed_on = self.handed_on.clone();
        if !handed_on.iter().any(|argument| argument == "--dir") {
            handed_on.extend(["--dir".to_owned(), target.display().to_string()]);
        }
        handed_on
    }
}

/// Builds, measures, and prints the table as Markdown; with the price of the proof, but over HTTP.
///
/// # Errors
///
/// If something cannot be built or measured, or the document has no place for the table.
pub fn bench(checkout: &Checkout, options: &Options) -> Result<(), Error> {
    let target = checkout.target();
    let proven = Program::build(checkout, options.stores, &target, None)?;
    let (works, demands, place) = match options.stores {
        Stores::InFiles => (&WORKS[..], gates::IN_FILES, document::IN_FILES),
        Stores::OnPostgres => (&POSTGRES_WORKS[..], gates::ON_POSTGRES, document::ON_POSTGRES),
        Stores::OverHttp => (&HTTP_WORKS[..], gates::OVER_HTTP, document::OVER_HTTP),
    };
    let works = works.iter().chain((options.long == Long::Measured).then_some(&LONG_WORK));
    let handed_on = options.handed_on_with(&target);
    let report = measure(&proven, works.copied(), &handed_on)?;
    let price = match options.stores {
        Stores::InFiles | Stores::OnPostgres => {
            let apart = target.join("unproven");
            let unproven = Program::build(checkout, options.stores, &apart, Some(proof::WITHOUT))?;
            proof::price(&proof::Builds { proven, unproven }, options.rounds, &handed_on)?
        }
        Stores::OverHttp => Vec::new(),
    };
    let text = table::markdown(&demands, &report, &price);
    println!("{text}");
    match options.output {
        Output::Printed => Ok(()),
        Output::Written => document::write(checkout, place, &text),
    }
}

/// Has works measured; the report.
fn measure<'a>(
    program: &Program,
    works: impl Iterator<Item = &'a str>,
    handed_on: &[String],
) -> Result<Value, Error> {
    let mut command = program.command();
    command.args(works).args(handed_on).stderr(Stdio::inherit());
    let text = process::capture(&mut command)?;
    serde_json::from_str(&text).map_err(|error| Error::Report { what: error.to_string() })
}

/// The figure of a part of a work.
fn figure<'a>(report: &'a Value, work: &str, part: &str) -> Option<&'a Value> {
    let figures = report["works"].as_array()?;
    figures.iter().find(|figure| figure["work"] == work && figure["part"] == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_understood_or_refused() {
        let arguments = ["--growth", "--postgres", "--rounds", "5", "--dir", "/x"];
        let options = Options::parse(&arguments).expect("they are right");
        assert_eq!((options.long, options.stores, options.rounds), (Long::Measured, Stores::OnPostgres, 5));
        assert_eq!(options.handed_on, ["--rounds", "5", "--dir", "/x"]);
        assert_eq!(options.handed_on_with(Path::new("t")), options.handed_on);
        assert_eq!(Options::default().handed_on_with(Path::new("t")), ["--dir", "t"]);
        assert_eq!(Options::parse(&["--http"]).map(|options| options.stores), Some(Stores::OverHttp));
        assert_eq!(Options::parse(&["--dir"]), None);
        assert_eq!(Options::parse(&["--rounds", "many"]), None);
        assert_eq!(Options::parse(&["W1"]), None);
    }
}
