pub(crate) mod clients;
mod table;
mod words;

use std::io::{self, Write};
use std::path::PathBuf;

use annals::{Location, StoreError};
use annals_benches::{ClientsCommand, Report, ServerCommand, Settings, Work, WorkerCommand, measure};
use clap::Args;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Console, Document, print_document};
use crate::shell::Shell;

/// Measure the store on this machine, beside what its database does by itself
///
/// Each work is done by the store and by floors, in turn and with the same events, as often as --rounds says: 'lean'
/// is a raw client with a plain table and three indexes, 'equal', for stores in files, one with the store's own tables,
/// filled without checks or hashing. Figures are medians, and ratios above 1 mean that the store was faster. Every
/// commit is durable for all of them. No store is opened or changed: the databases are made in a new folder in --dir,
/// and deleted. Where --store names a PostgreSQL server, all is done there, in new schemas, which are dropped.
///
/// Works: W1 one client, one event per append; W2 64 clients, each append guarded by an expected version (on a server
/// also in four processes); W3 bulk append, 10,000 events per transaction; W4 reading one aggregate, and all events; W5
/// questions with short answers; and, only if named and in files: neighbours (W2 while others read), verify, import (of the loan log, mapped by jq), growth
/// (appends to a log of ten million events; takes minutes and 10 GB).
///
/// Also only if named and in files: what a server does over HTTP, as a process of its own on this machine, beside the
/// same in process: H1 64 clients, one guarded event per request; H2 500 events per request; H3 a page of 50 events; H4
/// the export of all events; H5 1,000 subscribers.
///
/// As JSON: conditions (an object) and works, a list of objects with work, part, events, rounds, eventsPerSecond,
/// lean, equal, ratioLean, ratioEqual, their spreads, p50Ms, p99Ms, p999Ms, and what belongs to this work alone.
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// What is measured [default: W1 W2 W3 W4 W5]
    #[arg(value_name = "WORK")]
    works: Vec<Work>,
    /// How many events each work has, instead of its own number, which is up to a million
    #[arg(long, value_name = "N")]
    events: Option<usize>,
    /// How often everything is measured
    #[arg(long, value_name = "N", default_value_t = 3)]
    rounds: usize,
    /// The folder in which the databases lie while they are measured, on the disk that is meant
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    dir: PathBuf,
    /// The log that 'import' reads, one JSON object a line, perhaps compressed [default: an example, repeated]
    #[arg(long, value_name = "FILE")]
    loan_log: Option<PathBuf>,
}

/// What was measured. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct ReportDocument(Report);

/// Measures, and prints what was found.
pub(crate) fn run(args: BenchArgs, shell: &Shell) -> Result<(), Failure> {
    let annals = std::env::current_exe().map_err(|source| Failure::File { path: "annals".into(), source })?;
    if cfg!(debug_assertions) {
        shell.console.remark(
            "note: this program was built for debugging; only a release build's figures mean anything",
        );
    }
    let server = match shell.location() {
        Location::Sqlite(_) => None,
        server @ Location::Postgres(_) => Some(server.clone()),
        Location::Http(_) => return Err(StoreError::NotOverHttp { what: "measuring" }.into()),
    };
    let settings = Settings {
        server,
        dir: args.dir,
        rounds: args.rounds,
        events: args.events,
        loan_log: args.loan_log,
        jq_worker: WorkerCommand::new(annals.clone(), ["jq-worker"]),
        serve: ServerCommand { program: annals.clone() },
        clients: ClientsCommand { program: annals, argument: "bench-clients".to_owned() },
    };
    let works = if args.works.is_empty() { Work::USUAL } else { &args.works };
    let tell = |work: Work| shell.console.remark(&format!("{work}: {} …", work.title()));
    print_document(&ReportDocument(measure(works, &settings, tell)?), &shell.console)?;
    Ok(())
}

impl Document for ReportDocument {
    fn write_text(&self, out: &mut dyn Write, console: &Console) -> io::Result<()> {
        table::write(out, &self.0.works, console)?;
        writeln!(out)?;
        self.0.works.iter().try_for_each(|figure| words::write(out, figure))?;
        writeln!(out)?;
        words::write_conditions(out, &self.0.conditions)
    }
}
