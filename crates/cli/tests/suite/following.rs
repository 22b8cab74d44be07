use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::workbench::Workbench;

fn append(bench: &Workbench, event_type: &str) {
    bench.annals(["append", "--type", event_type, "--aggregate", "A/1", "--payload", "{}"]).succeeds();
}

#[test]
fn new_events_of_other_processes_come_in_order_behind_the_last_ones() {
    let bench = Workbench::with_orders();
    let mut running = bench.spawn(["tail", "--last", "1", "--format", "jsonl"]);
    let mut stdout = BufReader::new(running.0.stdout.take().unwrap());
    let mut next = || {
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        serde_json::from_str::<Value>(&line).unwrap()["position"].as_u64().unwrap()
    };
    assert_eq!(next(), 3);
    for position in 4..7 {
        append(&bench, "T");
        assert_eq!(next(), position);
    }
}

#[test]
fn only_what_matches_comes_and_a_limit_ends_it() {
    let bench = Workbench::with_orders();
    let ran = bench.annals(["tail", "--type", "OrderPlaced", "--limit", "2"]).succeeds();
    assert_eq!(ran.lines().len(), 2);
    let ran = bench.annals(["tail", "--after", "0", "--limit", "3"]).succeeds();
    assert_eq!(ran.lines()[0]["position"], 1);
}

#[test]
#[cfg(unix)]
fn it_ends_when_nobody_reads_any_more() {
    let bench = Workbench::with_orders();
    let mut running = bench.spawn(["tail", "--format", "jsonl"]);
    let mut stdout = BufReader::new(running.0.stdout.take().unwrap());
    stdout.read_line(&mut String::new()).unwrap();
    drop(stdout);
    let deadline = Instant::now() + Duration::from_secs(20);
    while running.0.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "it goes on for nobody");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(running.0.wait().unwrap().success());
}
