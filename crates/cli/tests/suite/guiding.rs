//! What the guides show is what the program prints.
//!
//! `TRYCMD=overwrite cargo test -p annals-cli --test suite guiding` writes the pictures anew.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::workbench::Workbench;

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A folder with the examples, in which `setup` was run.
fn bench(setup: &[&str]) -> Workbench {
    let bench = Workbench::new();
    for file in ["invoices.jsonl", "loans-small.jsonl", "loans.jq", "loan-state.jq"] {
        let text = std::fs::read(Path::new(REPOSITORY).join("examples/data").join(file)).unwrap();
        bench.write(&format!("examples/data/{file}"), text);
    }
    bench.annals(setup).succeeds();
    bench
}

/// Runs what a person types, and gives what she sees.
fn run(bench: &Workbench, typed: &str) -> String {
    let annals = bench.command([""; 0]);
    let folder = Path::new(annals.get_program()).parent().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", typed]).current_dir(bench.path("")).env_clear();
    shell.envs(annals.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut path = folder.as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    shell.env("PATH", path).env("ANNALS_FORMAT", "table").env("COLUMNS", "110");
    let output = shell.output().unwrap();
    let seen = [output.stdout, output.stderr].concat();
    String::from_utf8(seen).unwrap()
}

/// A guide whose commands are run anew; what follows each is replaced by what it prints.
fn rendered(bench: &Workbench, guide: &str) -> String {
    let mut text = String::new();
    let mut is_console = false;
    for line in guide.lines() {
        let typed = line.strip_prefix("$ ").filter(|_| is_console);
        if line.starts_with("```") {
            is_console = line == "```console";
        }
        if let Some(typed) = typed {
            // An empty line parts an answer from the next question.
            let separator = if text.ends_with("```console\n") { "" } else { "\n" };
            text.push_str(&format!("{separator}{line}\n{}", run(bench, typed)));
        } else if !is_console || line == "```console" {
            text.push_str(&format!("{line}\n"));
        }
    }
    text
}

fn must_show_what_is_printed(guide: &str, bench: &Workbench) {
    let path: PathBuf = Path::new(REPOSITORY).join("docs/guide").join(guide);
    let written = std::fs::read_to_string(&path).unwrap();
    let printed = rendered(bench, &written);
    assert!(printed.contains("\n$ annals "), "{guide} shows nothing");
    if std::env::var("TRYCMD").is_ok_and(|mode| mode == "overwrite") {
        std::fs::write(&path, &printed).unwrap();
    } else {
        let differs = printed.lines().zip(written.lines()).find(|(printed, written)| printed != written);
        assert!(printed == written, "{guide} is not what is printed, first at {differs:#?}");
    }
}

#[test]
fn the_event_that_broke_it_is_found_as_the_guide_says() {
    must_show_what_is_printed("history.md", &bench(&["import", "examples/data/invoices.jsonl"]));
}

#[test]
fn the_loan_log_reads_as_the_guide_to_reducers_says() {
    let bench = bench(&["import", "examples/data/loans-small.jsonl", "--map", "examples/data/loans.jq"]);
    let configuration =
        "[[history.reducers]]\naggregate_type = 'LoanApplication'\nreducer = 'examples/data/loan-state.jq'\n";
    bench.write("annals.toml", configuration);
    must_show_what_is_printed("reducers.md", &bench);
}

#[test]
fn the_guide_to_reducers_holds_the_reducer_as_it_is() {
    let read = |path: &str| std::fs::read_to_string(Path::new(REPOSITORY).join(path)).unwrap();
    let program = format!("```jq\n{}```", read("examples/data/loan-state.jq"));
    assert!(read("docs/guide/reducers.md").contains(&program));
}
