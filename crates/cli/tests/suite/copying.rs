//! A log that moves house: to PostgreSQL and back.

use std::time::{Duration, Instant};

use annals_test_postgres::{fresh_schema_name, log_url, shared_server};
use serde_json::{Value, json};

use crate::workbench::Workbench;

fn a_schema() -> String {
    log_url(shared_server(), &fresh_schema_name())
}

fn answer(bench: &Workbench, store: &str, args: &[&str]) -> Value {
    let args = [&["--store", store][..], args, &["--format", "json"]].concat();
    bench.annals(args).succeeds().json()
}

/// Lines of JSON that `annals import` takes.
fn many_events(count: usize) -> String {
    let line = |n: usize| {
        format!(
            r#"{{"eventType":"Counted","aggregateType":"A","aggregateId":"a{}","payload":{{"n":{n}}}}}"#,
            n % 50
        ) + "\n"
    };
    (0..count).map(line).collect()
}

#[test]
fn a_log_is_the_same_in_postgresql_and_back_in_a_file() {
    let bench = Workbench::with_orders();
    let (file, there) = ("annals.db", a_schema());
    let kept = bench.annals(["checkpoint"]).succeeds().stdout;
    bench.write("kept.note", kept);
    let copied = answer(&bench, file, &["copy", "--to", &there]);
    assert_eq!((&copied["ok"], &copied["copied"], &copied["size"]), (&json!(true), &json!(4), &json!(4)));
    bench.annals(["--store", &there, "verify", "--checkpoint", "kept.note"]).succeeds();
    bench.annals(["copy", "--from", &there, "--to", "back.db"]).succeeds();
    bench.annals(["--store", "back.db", "verify", "--checkpoint", "kept.note"]).succeeds();
    for store in [&there, "back.db"] {
        assert_eq!(bench.annals(["--store", store, "checkpoint"]).succeeds().stdout, bench.read("kept.note"));
    }
    for question in [&["events"][..], &["aggregates"]] {
        let here = answer(&bench, file, question);
        assert_eq!(answer(&bench, &there, question), here, "{question:?}");
        assert_eq!(answer(&bench, "back.db", question), here, "{question:?}");
    }
}

#[test]
fn the_copy_goes_on_as_the_log_it_is() {
    let (bench, there) = (Workbench::with_orders(), a_schema());
    bench.annals(["copy", "--to", &there]).succeeds();
    let append = ["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"];
    bench.annals(["--store", &there].iter().chain(&append)).succeeds();
    let verified = answer(&bench, &there, &["verify"]);
    // Signed by the same key, from the same state.
    assert_eq!((&verified["size"], &verified["unsignedTail"]), (&json!(5), &json!(0)), "{verified}");
    let caught_up = answer(&bench, &there, &["copy", "--to", "annals.db"]);
    assert_eq!(caught_up["copied"], 1);
    assert_eq!(answer(&bench, "annals.db", &["verify"])["size"], 5);
}

#[test]
fn a_copy_that_was_killed_goes_on_where_it_stopped() {
    const EVENTS: usize = 40_000;
    let (bench, there) = (Workbench::new(), a_schema());
    bench.write("many.jsonl", many_events(EVENTS));
    bench.annals(["import", "many.jsonl"]).succeeds();
    let mut copying = bench.spawn(["copy", "--to", &there]);
    let begun = Instant::now();
    let newest = ["--store", &there, "events", "--reverse", "--limit", "1", "--format", "json"];
    loop {
        let seen = bench.annals(newest);
        if seen.exit == 0 && seen.json()[0]["position"].is_number() {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{}", seen.stderr);
    }
    copying.0.kill().unwrap();
    copying.0.wait().unwrap();
    let arrived = bench.annals(newest).json()[0]["position"].as_u64().unwrap() + 1;
    assert!(arrived < EVENTS as u64, "it was done before it was killed");
    let copied = answer(&bench, "annals.db", &["copy", "--to", &there]);
    assert_eq!((&copied["copied"], &copied["size"]), (&json!(EVENTS as u64 - arrived), &json!(EVENTS)));
    let [here, there] = ["annals.db", there.as_str()].map(|store| answer(&bench, store, &["verify"]));
    assert_eq!((&here["root"], &there["ok"]), (&there["root"], &json!(true)));
}

#[test]
fn a_store_that_holds_something_else_is_refused_and_left_alone() {
    let (bench, there) = (Workbench::with_orders(), a_schema());
    let append = ["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"];
    bench.annals(["--store", &there].iter().chain(&append)).succeeds();
    let before = answer(&bench, &there, &["events"]);
    let refused = bench.annals(["copy", "--to", &there]).exits(7);
    assert!(refused.tells("not-a-store").stderr.contains("name a place where no log is"));
    assert_eq!(answer(&bench, &there, &["events"]), before);
    // It is the same log, but went another way.
    bench.annals(["copy", "--to", "twin.db"]).succeeds();
    for store in ["annals.db", "twin.db"] {
        bench.annals(["--store", store].iter().chain(&append)).succeeds();
    }
    bench.annals(["copy", "--to", "twin.db"]).exits(7).tells("not-a-store");
    bench.annals(["copy", "--from", "nothing.db", "--to", "new.db"]).exits(5).tells("no-store");
    assert!(!bench.files().iter().any(|file| file.starts_with("new.db")));
}
