//! What the guides show is what the program prints, as text or as pictures of a terminal.
//!
//! `TRYCMD=overwrite cargo test -p annals-cli --test suite guiding` writes both anew.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anstyle::{AnsiColor, Color, RgbColor};
use anstyle_svg::{Term, WIN10_CONSOLE};

use crate::serving::Served;
use crate::workbench::Workbench;

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Where pictures lie, seen from a guide.
const PICTURES: &str = "pictures/";

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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colours {
    Wanted,
    NotWanted,
}

/// Runs what a person types, and gives what she sees.
fn run(bench: &Workbench, typed: &str, colours: Colours) -> String {
    let output = typed_in(bench, typed, colours);
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

fn typed_in(bench: &Workbench, typed: &str, colours: Colours) -> Output {
    let annals = bench.command([""; 0]);
    let folder = Path::new(annals.get_program()).parent().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", typed]).current_dir(bench.path("")).env_clear();
    shell.envs(annals.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut path = folder.as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    shell.env("PATH", path).env("ANNALS_FORMAT", "table").env("COLUMNS", "110");
    if colours == Colours::Wanted {
        shell.env("CLICOLOR_FORCE", "1");
    }
    shell.output().unwrap()
}

/// A picture of a terminal in which these commands were typed.
fn picture(bench: &Workbench, typed: &[&str]) -> String {
    let prompt = AnsiColor::BrightGreen.on_default().bold();
    let shown: Vec<_> = typed
        .iter()
        .map(|typed| format!("{prompt}${prompt:#} {typed}\n{}", run(bench, typed, Colours::Wanted)))
        .collect();
    // Red and green as bright as on a terminal of these days.
    let mut palette = WIN10_CONSOLE;
    palette.0[AnsiColor::Red as usize] = RgbColor(0xf8, 0x51, 0x49);
    palette.0[AnsiColor::Green as usize] = RgbColor(0x3f, 0xb9, 0x50);
    let term = Term::new()
        .palette(palette)
        .fg_color(Color::Rgb(RgbColor(0xd8, 0xd8, 0xd8)))
        .bg_color(Color::Rgb(RgbColor(0x16, 0x1b, 0x22)));
    // What is said aside stays readable where pictures are shown smaller.
    term.render_svg(shown.join("\n").trim_end()).replace("opacity: 0.4", "opacity: 0.65")
}

/// A guide and its pictures.
struct Shown {
    guide: String,
    /// Each with its name.
    pictures: Vec<(String, String)>,
}

/// A guide whose commands are run anew. What follows each in a block of a console is replaced by what it prints; a
/// picture shows the commands of the block of a shell before it.
fn rendered(bench: &Workbench, guide: &str) -> Shown {
    let mut shown = Shown { guide: String::new(), pictures: Vec::new() };
    let (mut block, mut typed_before) = ("", Vec::new());
    for line in guide.lines() {
        if line.starts_with("```") {
            block = line.trim_start_matches('`');
            if block == "sh" {
                typed_before.clear();
            }
        }
        let text = &mut shown.guide;
        match line.strip_prefix("$ ").filter(|_| block == "console") {
            Some(typed) => {
                // An empty line parts an answer from the next question.
                let separator = if text.ends_with("```console\n") { "" } else { "\n" };
                let answer = run(bench, typed, Colours::NotWanted);
                let end = if answer.is_empty() || answer.ends_with('\n') { "" } else { "\n" };
                text.push_str(&format!("{separator}{line}\n{answer}{end}"));
            }
            None if block != "console" || line == "```console" => text.push_str(&format!("{line}\n")),
            None => {}
        }
        if block == "sh" && line != "```sh" {
            typed_before.push(line);
        }
        if let Some(name) = picture_in(line) {
            shown.pictures.push((name.to_owned(), picture(bench, &typed_before)));
        }
    }
    shown
}

/// The name of the picture that a line of a guide shows.
fn picture_in(line: &str) -> Option<&str> {
    let (_, path) = line.strip_prefix("![")?.split_once(&format!("]({PICTURES}"))?;
    path.strip_suffix(')')
}

fn must_show_what_is_printed(guide: &str, bench: &Workbench) {
    must_show(guide, |written| rendered(bench, written));
}

/// Compares a guide with what it is when its commands are run anew.
fn must_show(guide: &str, rendered: impl Fn(&str) -> Shown) {
    let folder = Path::new(REPOSITORY).join("docs/guide");
    let written = std::fs::read_to_string(folder.join(guide)).unwrap();
    let Shown { guide: printed, pictures } = rendered(&written);
    assert!(printed.contains("\n$ annals "), "{guide} shows nothing");
    must_be_written(&folder.join(guide), &printed);
    for (name, picture) in pictures {
        must_be_written(&folder.join(PICTURES).join(name), &picture);
    }
}

fn must_be_written(path: &Path, printed: &str) {
    if std::env::var("TRYCMD").is_ok_and(|mode| mode == "overwrite") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        return std::fs::write(path, printed).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    let differs = printed.lines().zip(written.lines()).find(|(printed, written)| printed != written);
    assert!(printed == written, "{} is not what is printed, first at {differs:#?}", path.display());
}

#[test]
fn every_picture_is_shown_in_a_guide() {
    let folder = Path::new(REPOSITORY).join("docs/guide");
    let files = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    let guides = files(&folder).into_iter().filter(|path| path.extension().is_some_and(|end| end == "md"));
    let guides: Vec<String> = guides.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let shown: BTreeSet<&str> =
        guides.iter().flat_map(|guide| guide.lines()).filter_map(picture_in).collect();
    let pictures = files(&folder.join(PICTURES));
    let kept: BTreeSet<&str> =
        pictures.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(kept, shown);
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
        let output = typed_in(&bench, typed, Colours::NotWanted);
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
        let mut shown = rendered(&bench, &typed);
        let printed = shown.guide.replace("$ annals --config token.toml token", "$ annals token");
        shown.guide = masked(&replaced(&printed, there, ADDRESSES));
        shown
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
