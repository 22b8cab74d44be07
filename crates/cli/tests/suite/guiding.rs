//! What the guides show is what the program prints.
//!
//! `TRYCMD=overwrite cargo test -p annals-cli --test suite guiding` writes the pictures anew.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::serving::Served;
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
    let output = typed_in(bench, typed);
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

fn typed_in(bench: &Workbench, typed: &str) -> Output {
    let annals = bench.command([""; 0]);
    let folder = Path::new(annals.get_program()).parent().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", typed]).current_dir(bench.path("")).env_clear();
    shell.envs(annals.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut path = folder.as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    shell.env("PATH", path).env("ANNALS_FORMAT", "table").env("COLUMNS", "110");
    shell.output().unwrap()
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
            let answer = run(bench, typed);
            let end = if answer.is_empty() || answer.ends_with('\n') { "" } else { "\n" };
            text.push_str(&format!("{separator}{line}\n{answer}{end}"));
        } else if !is_console || line == "```console" {
            text.push_str(&format!("{line}\n"));
        }
    }
    text
}

fn must_show_what_is_printed(guide: &str, bench: &Workbench) {
    must_show(guide, |written| rendered(bench, written));
}

/// Compares a guide with what it is when its commands are run anew.
fn must_show(guide: &str, rendered: impl Fn(&str) -> String) {
    let path: PathBuf = Path::new(REPOSITORY).join("docs/guide").join(guide);
    let written = std::fs::read_to_string(&path).unwrap();
    let printed = rendered(&written);
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
fn every_command_of_the_readme_works() {
    let bench = bench(&["key", "--help"]);
    let readme = std::fs::read_to_string(Path::new(REPOSITORY).join("README.md")).unwrap();
    let blocks = readme.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("```"));
    let commands: Vec<&str> =
        blocks.flat_map(|(block, _)| block.lines()).filter(|line| line.starts_with("annals ")).collect();
    assert!(commands.len() > 8, "{commands:?}");
    for typed in commands {
        let output = typed_in(&bench, typed);
        assert!(output.status.success(), "{typed}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Where servers listen in the guide.
const ADDRESSES: [&str; 2] = ["127.0.0.1:4720", "127.0.0.1:4721"];

/// Members whose values are different each time.
const VARYING: [&str; 4] = ["eventId", "recordedAt", "timestamp", "requestId"];

#[test]
fn the_server_answers_as_the_guide_says() {
    let (bench, guarded) = (Workbench::new(), Workbench::new());
    guarded.write("secret", "a secret that has at least thirty-two bytes");
    bench.write("annals.toml", "signing.origin = 'example.com/orders'\n");
    bench.write("token.toml", format!("auth.secret_file = '{}'\n", guarded.path("secret").display()));
    guarded.write("annals.toml", "auth.secret_file = 'secret'\n");
    let servers = [Served::start(&bench), Served::start(&guarded)];
    let there = servers.each_ref().map(|served| served.server.address.as_str());
    must_show("server.md", |written| {
        // Tokens are made by whoever has the secret, for the other server.
        let typed = replaced(written, ADDRESSES, there)
            .replace("$ annals token", "$ annals --config token.toml token");
        let printed =
            rendered(&bench, &typed).replace("$ annals --config token.toml token", "$ annals token");
        masked(&replaced(&printed, there, ADDRESSES))
    });
}

fn replaced(text: &str, from: [&str; 2], to: [&str; 2]) -> String {
    text.replace(from[0], to[0]).replace(from[1], to[1])
}

/// The text without what is different each time.
fn masked(text: &str) -> String {
    let mask = |text: String, member: &str| {
        let start = format!("\"{member}\":\"");
        let mut parts = text.split(start.as_str());
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |masked, part| {
            let rest = part.split_once('"').map_or("", |(_, rest)| rest);
            format!("{masked}{start}…\"{rest}")
        })
    };
    VARYING.into_iter().fold(text.to_owned(), mask)
}

#[test]
fn the_guide_to_reducers_holds_the_reducer_as_it_is() {
    let read = |path: &str| std::fs::read_to_string(Path::new(REPOSITORY).join(path)).unwrap();
    let program = format!("```jq\n{}```", read("examples/data/loan-state.jq"));
    assert!(read("docs/guide/reducers.md").contains(&program));
}
