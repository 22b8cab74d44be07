//! The loan applications, read without any of the program's own code.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use jiff::Timestamp;
use serde_json::Value;

/// Names the full log; without it the sample in the repository is used.
const VARIABLE: &str = "ANNALS_LOAN_LOG";

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data");

/// A line of the log, and what its event must say.
pub(crate) struct Loan {
    pub(crate) line: String,
    pub(crate) event_type: String,
    pub(crate) case: String,
    pub(crate) actor: String,
    pub(crate) timestamp: Timestamp,
    pub(crate) amount: String,
}

/// The log's file.
pub(crate) fn file() -> PathBuf {
    match std::env::var_os(VARIABLE).filter(|given| !given.is_empty()) {
        Some(given) => {
            println!("the full log, {}", given.display());
            given.into()
        }
        None => {
            println!("the sample in the repository; {VARIABLE} names the full log");
            Path::new(EXAMPLES).join("loans-small.jsonl")
        }
    }
}

/// The jq program that maps it.
pub(crate) fn mapping() -> PathBuf {
    Path::new(EXAMPLES).join("loans.jq")
}

/// Every line of a file.
pub(crate) fn read(path: &Path) -> Vec<Loan> {
    let opened = std::fs::File::open(path).unwrap();
    let is_compressed = path.extension().is_some_and(|extension| extension == "gz");
    let reader: Box<dyn Read> =
        if is_compressed { Box::new(GzDecoder::new(opened)) } else { Box::new(opened) };
    BufReader::new(reader).lines().map(|line| Loan::from(line.unwrap())).collect()
}

impl From<String> for Loan {
    fn from(line: String) -> Self {
        let record: Value = serde_json::from_str(&line).unwrap();
        let text = |name: &str| record[name].as_str().map(str::to_owned);
        Self {
            event_type: format!(
                "{}.{}",
                text("concept:name").unwrap(),
                text("lifecycle:transition").unwrap()
            ),
            case: text("case:concept:name").unwrap(),
            actor: text("org:resource").unwrap_or_else(|| "anonymous".to_owned()),
            timestamp: text("time:timestamp").unwrap().parse().unwrap(),
            amount: text("case:AMOUNT_REQ").unwrap(),
            line,
        }
    }
}
