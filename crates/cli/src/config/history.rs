use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use annals::history::{JqReducer, Reducer, Rules, Upcaster};
use annals::{AggregateType, EventType};
use serde::{Deserialize, Serialize};

use super::concern::concern;
use super::text::Version;
use crate::failure::Failure;

concern! {
    /// How the states of aggregates are made of their events.
    HistoryConfig is "history" {
        /// What folds the events of an aggregate type into a state: merge (JSON merge patch of the payload, the
        /// default), replace (the payload is the state), or a file.jq that gets {state, event} and gives the new
        /// state. In a file, each may be a [[history.reducers]] of its own, and a relative path starts at that
        /// file's folder.
        reducers: Vec<ReducerFile> = Vec::new(), such as r#"[{ aggregate_type = "LoanApplication", reducer = "loan-state.jq" }]"#;
        /// jq programs that make of a payload (with the event as $event) one of the next schema version, before a
        /// reducer sees it; they follow each other, and never change what is stored.
        upcasters: Vec<UpcasterFile> = Vec::new(), such as r#"[{ event_type = "OrderPlaced", schema_version = 1, file = "order-placed-1.jq" }]"#;
        /// Milliseconds that a reducer or an upcaster may take for one piece of work, which is a few hundred events.
        jq_milliseconds: u64 = 10_000;
        /// MiB of address space that the process may take in which they run, the binary included.
        jq_memory_mib: u64 = 1_024;
    }
}

/// The reducer of an aggregate type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReducerFile {
    /// The aggregate type.
    #[serde(with = "super::text")]
    aggregate_type: AggregateType,
    /// Its reducer.
    #[serde(with = "super::text")]
    pub(super) reducer: ReducerName,
}

/// A reducer as the configuration names it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ReducerName {
    /// JSON merge patch.
    Merge,
    /// The payload is the state.
    Replace,
    /// A jq program in this file.
    Program(PathBuf),
}

/// What makes of payloads those of the next schema version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpcasterFile {
    /// The event type.
    #[serde(with = "super::text")]
    event_type: EventType,
    /// The schema version that it reads.
    schema_version: Version,
    /// Where the program lies.
    pub(super) file: PathBuf,
}

impl HistoryConfig {
    /// Adds the reducers and upcasters to rules.
    ///
    /// # Errors
    /// [`Failure::File`] when a program cannot be read, [`Failure::Program`] when it cannot be compiled, and
    /// [`Failure::Usage`] when something is configured twice.
    pub(crate) fn add_to(&self, mut rules: Rules) -> Result<Rules, Failure> {
        let mut seen = BTreeSet::new();
        for ReducerFile { aggregate_type, reducer } in &self.reducers {
            if !seen.insert(aggregate_type) {
                return Err(twice(format!("history.reducers: {aggregate_type} has two reducers")));
            }
            rules = rules.with_reducer(aggregate_type.clone(), reducer.compile()?);
        }
        let mut seen = BTreeSet::new();
        for UpcasterFile { event_type, schema_version, file } in &self.upcasters {
            let from = schema_version.get();
            if !seen.insert((event_type, from)) {
                let what =
                    format!("history.upcasters: {event_type} has two upcasters of schema version {from}");
                return Err(twice(what));
            }
            let (name, text) = program(file)?;
            rules = rules.with_upcaster(event_type.clone(), from, Upcaster::compile(&name, &text)?);
        }
        Ok(rules)
    }
}

impl ReducerName {
    /// Takes a relative path of a program to lie in a folder.
    pub(super) fn lies_in(&mut self, folder: &Path) {
        if let Self::Program(file) = self {
            *file = folder.join(&file);
        }
    }

    fn compile(&self) -> Result<Reducer, Failure> {
        match self {
            Self::Merge => Ok(Reducer::Merge),
            Self::Replace => Ok(Reducer::Replace),
            Self::Program(file) => reducer_in(file),
        }
    }
}

/// The jq reducer in a file.
///
/// # Errors
/// [`Failure::File`] when it cannot be read, and [`Failure::Program`] when it cannot be compiled.
pub(crate) fn reducer_in(file: &Path) -> Result<Reducer, Failure> {
    let (name, text) = program(file)?;
    Ok(Reducer::Jq(JqReducer::compile(&name, &text)?))
}

/// A program's name and text.
fn program(file: &Path) -> Result<(String, String), Failure> {
    let text =
        std::fs::read_to_string(file).map_err(|source| Failure::File { path: file.to_owned(), source })?;
    Ok((file.display().to_string(), text))
}

fn twice(what: String) -> Failure {
    Failure::usage(what, "leave one of them out")
}

impl FromStr for ReducerName {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "merge" => Ok(Self::Merge),
            "replace" => Ok(Self::Replace),
            file if file.ends_with(".jq") => Ok(Self::Program(file.into())),
            other => Err(format!("{other:?} is no reducer; give merge, replace or a file that ends in .jq")),
        }
    }
}

impl fmt::Display for ReducerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Merge => f.write_str("merge"),
            Self::Replace => f.write_str("replace"),
            Self::Program(file) => write!(f, "{}", file.display()),
        }
    }
}
