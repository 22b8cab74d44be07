//! Measures works without the command line, for whoever tunes the store, and prints the report as JSON:
//! `cargo run --release -p annals-benches --bin works -- W3 --events 500000 --rounds 3 --dir FOLDER`.

use std::env::consts::EXE_EXTENSION;
use std::error::Error;
use std::process::ExitCode;

use annals_benches::{
    BenchError, ClientsCommand, ServerCommand, Settings, Work, WorkerCommand, clients_main, measure,
};

/// As the binary `annals` has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The argument with which this program runs jq programs for another of its kind.
const JQ_WORKER: &str = "jq-worker";

/// The argument with which this program is some of the clients of another of its kind.
const CLIENTS: &str = "clients";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.as_slice() {
        [only] if only == JQ_WORKER => {
            annals_jq::worker_main(std::io::stdin(), std::io::stdout()).map_err(Into::into)
        }
        [only] if only == CLIENTS => {
            clients_main(std::io::stdin().lock(), std::io::stdout()).map_err(Into::into)
        }
        _ => run(arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("works: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Vec<String>) -> Result<(), Box<dyn Error>> {
    let program = std::env::current_exe()?;
    let mut settings = Settings {
        server: None,
        dir: ".".into(),
        rounds: 3,
        events: None,
        loan_log: None,
        jq_worker: WorkerCommand::new(program.clone(), [JQ_WORKER]),
        // It is built into the same folder.
        serve: ServerCommand { program: program.with_file_name("annals").with_extension(EXE_EXTENSION) },
        clients: ClientsCommand { program, argument: CLIENTS.to_owned() },
    };
    let mut works = Vec::new();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let mut value = || {
            let missing = || BenchError::Settings { reason: format!("{argument} needs a value") };
            arguments.next().ok_or_else(missing)
        };
        match argument.as_str() {
            "--events" => settings.events = Some(value()?.parse()?),
            "--rounds" => settings.rounds = value()?.parse()?,
            "--dir" => settings.dir = value()?.into(),
            "--store" => settings.server = Some(value()?.parse()?),
            "--annals" => settings.serve = ServerCommand { program: value()?.into() },
            "--loan-log" => settings.loan_log = Some(value()?.into()),
            work => works.push(work.parse()?),
        }
    }
    let works = if works.is_empty() { Work::USUAL } else { &works };
    let report = measure(works, &settings, |work| eprintln!("{work}: {}", work.title()))?;
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}
