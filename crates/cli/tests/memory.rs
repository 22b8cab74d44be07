//! However long a log is, it is imported, exported and verified within the same memory, and however long an aggregate
//! is, its past is told within the same memory.
#![cfg(target_os = "linux")]

#[path = "support/peak_memory.rs"]
mod peak_memory;
#[path = "suite/workbench.rs"]
#[expect(dead_code, reason = "other tests of the binary use the rest")]
mod workbench;

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::process::{Child, Stdio};
use std::time::Instant;

use peak_memory::measure;
use workbench::Workbench;

/// What a command may have in memory.
const PEAK_BYTES_MAX: u64 = 300_000_000;

const EVENTS: u64 = 1_000_000;

#[test]
fn importing_exporting_and_verifying_a_million_events_stays_below_300_megabytes() {
    let events = std::env::var("ANNALS_MEMORY_EVENTS").map_or(EVENTS, |text| text.parse().unwrap());
    let bench = Workbench::new();
    let args = ["import", "-", "--source", "generated", "--quiet", "--format", "json"];
    let mut import = bench.command(args).stdin(Stdio::piped()).spawn().unwrap();
    let stdin = import.stdin.take().unwrap();
    let feeding = std::thread::spawn(move || generate(events, stdin));
    let report = check("import", import);
    feeding.join().unwrap();
    assert!(
        report.contains(&format!("\"appended\": {events}"))
            || report.contains(&format!("\"appended\":{events}")),
        "{report}"
    );

    let spawn = |args: &[&str]| bench.command(args).spawn().unwrap();
    check("export", spawn(&["export", "--output", "events.jsonl", "--quiet"]));
    let exported = BufReader::new(File::open(bench.path("events.jsonl")).unwrap());
    assert_eq!(exported.lines().count() as u64, events);
    std::fs::remove_file(bench.path("events.jsonl")).unwrap();

    check("verify", spawn(&["verify", "--quiet"]));
    // A reader builds an index of its own when there is none beside the log.
    std::fs::remove_file(bench.path("annals.db-index")).unwrap();
    check("verify without an index", spawn(&["verify", "--quiet"]));
}

/// The events of a long aggregate, and what a question about its past may have in memory: less than its events would
/// take. About half of it are what the allocator keeps for each thread and SQLite of its file.
const LONG: u64 = 300_000;
const PAST_BYTES_MAX: u64 = 200_000_000;

#[test]
fn the_past_of_an_aggregate_of_300_000_events_is_told_in_less_memory_than_they_take() {
    let bench = Workbench::new();
    let args = ["import", "-", "--source", "generated", "--quiet"];
    let mut import = bench.command(args).stdin(Stdio::piped()).spawn().unwrap();
    let stdin = import.stdin.take().unwrap();
    let feeding = std::thread::spawn(move || generate_aggregate(LONG, stdin));
    check("import", import);
    feeding.join().unwrap();
    bench.annals(["snapshots", "--drop"]).succeeds();
    let program =
        ".event.payload as $p | .state | .events += 1 | .last = $p.line | .seen += {($p.colour): $p.line}";
    bench.write("events.jq", program);
    bench.write("jq.toml", "[[history.reducers]]\naggregate_type = 'Order'\nreducer = 'events.jq'\n");
    bench.write("merge.toml", "");
    let questions: [&[&str]; 5] = [
        &["state", "Order/1"],
        &["history", "Order/1"],
        &["replay", "Order/1"],
        &["blame", "Order/1"],
        &["diff", "Order/1", "1", "now"],
    ];
    for configuration in ["merge.toml", "jq.toml"] {
        for question in questions {
            let mut command = bench.command(question.iter().copied().chain(["--config", configuration]));
            let measured = measure(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
            let peak = measured.peak_bytes;
            println!("{question:?} by {configuration}: {} MB at the most", peak / 1_000_000);
            assert!(measured.status.success(), "{question:?} by {configuration}");
            assert!(peak > 0 && peak < PAST_BYTES_MAX, "{question:?} by {configuration} had {peak} bytes");
        }
    }
}

/// Writes the events of one order, whose state stays small.
fn generate_aggregate(events: u64, to: impl Write) {
    let mut to = BufWriter::new(to);
    for n in 0..events {
        writeln!(
            to,
            r#"{{"eventType":"OrderChanged","aggregate":"Order/1","payload":{{"line":{n},"colour":"{}","note":"as it was written, with some words to make it as long as events are"}},"metadata":{{"correlationId":"request-{}"}}}}"#,
            ["red", "green", "blue"][n as usize % 3],
            n / 2,
        )
        .unwrap();
    }
    to.flush().unwrap();
}

/// Demands that a command succeeds within the limit; what it prints.
fn check(what: &str, mut child: Child) -> String {
    let began = Instant::now();
    let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let (mut printed, mut told) = (String::new(), String::new());
    let measured = std::thread::scope(|scope| {
        scope.spawn(|| stdout.read_to_string(&mut printed).unwrap());
        scope.spawn(|| stderr.read_to_string(&mut told).unwrap());
        measure(child)
    });
    assert!(measured.status.success(), "{what}: {told}{printed}");
    let peak = measured.peak_bytes;
    println!("{what}: {} MB at the most, {:.1} s", peak / 1_000_000, began.elapsed().as_secs_f64());
    assert!(peak > 0 && peak < PEAK_BYTES_MAX, "{what} had {peak} bytes in memory");
    printed
}

/// Writes events as a shop would make them: many aggregates, each with a few.
fn generate(events: u64, to: impl Write) {
    let mut to = BufWriter::new(to);
    for n in 0..events {
        let order = n / 7 * 3 + n % 3;
        writeln!(
            to,
            r#"{{"eventType":"Order{}","aggregate":"Order/order_{order}","timestamp":"2026-{:02}-{:02}T{:02}:{:02}:00Z","actorId":"user_{}","tags":["customer:{}"],"payload":{{"orderId":"order_{order}","line":{n},"note":"as it was written, with some words to make it as long as events are"}},"metadata":{{"correlationId":"request-{}"}}}}"#,
            ["Placed", "Paid", "Packed", "Shipped"][n as usize % 4],
            1 + n * 12 / events.max(1),
            1 + n % 28,
            n % 24,
            n % 60,
            n % 401,
            n % 20_011,
            n / 2,
        )
        .unwrap();
    }
    to.flush().unwrap();
}
