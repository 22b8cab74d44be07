//! How much memory questions take, each in a process of its own: of an aggregate of 10,000 events and of one of a
//! million. Peaks are those of the process that asks; the one in which jq runs has a limit of its own.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use annals_event::{StreamName, StreamVersion};
use annals_history::{History, Moment, Rules, Span};
use annals_store_sqlite::SqliteEventStore;

use crate::logs::{Outcome, create, fill, history, jq};

/// The first argument of a process that answers one question.
pub(crate) const CHILD: &str = "--answer";

const SIZES: [u64; 2] = [10_000, 1_000_000];

const QUESTIONS: [&str; 5] = ["state", "timeline", "replay", "blame", "diff"];

pub(crate) async fn run() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let mut folders = Vec::new();
    for size in SIZES {
        let folder = folder.path().join(size.to_string());
        std::fs::create_dir(&folder)?;
        let store = create(&folder)?;
        let stream = stream()?;
        // In parts, so that the events that are appended take no memory worth mentioning.
        for begin in (0..size).step_by(100_000) {
            let numbers = begin..size.min(begin + 100_000);
            let events: Vec<_> = numbers.map(|number| (stream.clone(), number)).collect();
            fill(&store, &events).await?;
        }
        store.close().await?;
        folders.push(folder);
    }
    println!("greatest resident memory in MB, of an aggregate of {} and of {} events:", SIZES[0], SIZES[1]);
    for reducer in ["merge", "jq"] {
        for question in QUESTIONS {
            let peaks = folders.iter().map(|folder| peak(folder, reducer, question));
            let peaks = peaks.collect::<Outcome<Vec<_>>>()?.join(" and ");
            println!("  {question:<9} {reducer:<6} {peaks}");
        }
    }
    Ok(())
}

/// The peak of a process that answers a question.
fn peak(folder: &Path, reducer: &str, question: &str) -> Outcome<String> {
    let mut child = Command::new(std::env::current_exe()?);
    let output = child.arg(CHILD).arg(folder).args([reducer, question]).output()?;
    if !output.status.success() {
        return Err(format!("{question}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// What the process does: it answers one question, and prints how much memory it had at the most.
pub(crate) async fn answer(args: &[&str]) -> Outcome<()> {
    let [folder, reducer, question] = args else { return Err("folder, reducer and question".into()) };
    let store = Arc::new(SqliteEventStore::open_for_reading(&Path::new(folder).join("annals.db"))?);
    let stream = stream()?;
    let rules = if *reducer == "jq" { jq(&stream.aggregate_type)? } else { Rules::default() };
    ask(&history(&store, rules), stream, question).await?;
    // Kept by the kernel; see proc_pid_status(5).
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    match peak.map(str::parse::<u64>) {
        Some(Ok(kibibytes)) => println!("{}", kibibytes * 1_024 / 1_000_000),
        _ => println!("unknown"),
    }
    Ok(())
}

async fn ask(history: &History, stream: StreamName, question: &str) -> Outcome<()> {
    match question {
        "state" => drop(history.state(&stream, Moment::Now).await?),
        "timeline" => {
            let mut timeline = history.timeline(stream, Span::ALL);
            while timeline.next().await?.is_some() {}
        }
        "replay" => {
            let mut replay = history.replay(stream, Moment::Now);
            while replay.next().await?.is_some() {}
        }
        "blame" => drop(history.blame(&stream, Moment::Now).await?),
        _ => drop(history.diff(&stream, Moment::Version(StreamVersion(1)), Moment::Now).await?),
    }
    Ok(())
}

fn stream() -> Outcome<StreamName> {
    Ok("Account/1".parse()?)
}
