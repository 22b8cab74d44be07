//! Measures works without the command line, for whoever tunes the store:
//! `cargo run --release -p annals-benches --bin works -- W3 --events 500000 --rounds 3 --dir FOLDER`.

use std::process::ExitCode;

use annals_benches::{BenchError, Figure, Settings, measure};

fn main() -> ExitCode {
    match run() {
        Ok(figures) => {
            figures.iter().for_each(print);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("works: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<Vec<Figure>, BenchError> {
    let mut settings = Settings { dir: std::env::temp_dir(), rounds: 3, events: None };
    let mut works = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || {
            let value = arguments.next().and_then(|value| value.parse().ok());
            value.ok_or_else(|| BenchError::Settings { reason: format!("{argument} needs a number") })
        };
        match argument.as_str() {
            "--events" => settings.events = Some(number()?),
            "--rounds" => settings.rounds = number()?,
            "--dir" => settings.dir = arguments.next().unwrap_or_default().into(),
            work => works.push(work.parse()?),
        }
    }
    measure(&works, &settings, |work| eprintln!("{work}: {}", work.title()))
}

/// One line of JSON per figure.
fn print(figure: &Figure) {
    println!("{}", serde_json::json!(figure));
}
