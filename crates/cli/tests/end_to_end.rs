//! A log that somebody else wrote, imported, asked, proven and carried into another store. What must come out
//! is computed here from the file itself.

#[path = "support/loans.rs"]
mod loans;
#[path = "suite/workbench.rs"]
#[expect(dead_code, reason = "other tests of the binary use the rest")]
mod workbench;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::value::RawValue;
use serde_json::{Value, json};

use loans::Loan;
use workbench::{Ran, Workbench};

/// The imported log, and the lines it was imported from; the event of a line stands at its number, from 0.
struct Imported {
    bench: Workbench,
    loans: Vec<Loan>,
}

static IMPORTED: LazyLock<Imported> = LazyLock::new(|| {
    let bench = Workbench::new();
    let loans = loans::read(&loans::file());
    let report = import(&bench).json();
    for (member, value) in
        [("read", loans.len()), ("appended", loans.len()), ("repeated", 0), ("rejected", 0)]
    {
        assert_eq!(report[member], json!(value), "{member}: {report}");
    }
    Imported { bench, loans }
});

fn import(bench: &Workbench) -> Ran {
    let (file, mapping) = (loans::file(), loans::mapping());
    let args = ["import".as_ref(), file.as_os_str(), "--map".as_ref(), mapping.as_os_str()];
    let options = ["--format", "json", "--quiet"].map(AsRef::as_ref);
    bench.annals(args.into_iter().chain(options)).succeeds()
}

#[test]
fn importing_it_again_adds_nothing() {
    let log = &*IMPORTED;
    let report = import(&log.bench).json();
    assert_eq!((&report["appended"], &report["repeated"]), (&json!(0), &json!(log.loans.len())));
}

#[test]
fn the_numbers_are_those_of_an_independent_count() {
    let log = &*IMPORTED;
    let stats = log.bench.annals(["stats", "--format", "json"]).succeeds().json();
    let cases: BTreeSet<&str> = log.loans.iter().map(|loan| loan.case.as_str()).collect();
    assert_eq!(
        (&stats["events"], &stats["streams"], &stats["byAggregateType"]),
        (&json!(log.loans.len()), &json!(cases.len()), &json!({"LoanApplication": log.loans.len()}))
    );
    for (member, distinct, of) in [
        ("byType", "types", (|loan| loan.event_type.clone()) as fn(&Loan) -> String),
        ("byActor", "actors", |loan| loan.actor.clone()),
        ("perDay", "", |loan| loan.timestamp.strftime("%Y-%m-%d").to_string()),
    ] {
        let mut counts = BTreeMap::<String, u64>::new();
        log.loans.iter().for_each(|loan| *counts.entry(of(loan)).or_default() += 1);
        let shown = stats[member].as_object().unwrap();
        assert!(!shown.is_empty());
        for (value, count) in shown {
            assert_eq!(count.as_u64(), counts.get(value).copied(), "{member} {value}");
        }
        match distinct {
            "" => assert_eq!(shown.len(), counts.len(), "{member}"),
            distinct => assert_eq!(stats["distinct"][distinct], json!(counts.len()), "{distinct}"),
        }
    }
}

#[test]
fn every_query_gives_what_a_naive_filter_over_the_file_gives() {
    let log = &*IMPORTED;
    let middle = &log.loans[log.loans.len() / 2];
    let (from, to) = (log.loans[log.loans.len() / 2 - 400].timestamp, middle.timestamp);
    let (from, to) = (from.min(to), from.max(to));
    let (from_text, to_text) = (from.to_string(), to.to_string());
    let aggregate = format!("LoanApplication/{}", middle.case);
    let amount = format!("/case:AMOUNT_REQ = \"{}\"", middle.amount);
    let within = move |loan: &Loan| from <= loan.timestamp && loan.timestamp <= to;

    check(&["--aggregate", &aggregate], |loan| loan.case == middle.case);
    check(&["--aggregate-id", &middle.case, "--type", "A_SUBMITTED.COMPLETE"], |loan| {
        loan.case == middle.case && loan.event_type == "A_SUBMITTED.COMPLETE"
    });
    check(&["--type", "A_CANCELLED.COMPLETE", "--type", "A_APPROVED.COMPLETE"], |loan| {
        ["A_CANCELLED.COMPLETE", "A_APPROVED.COMPLETE"].contains(&loan.event_type.as_str())
    });
    check(&["--actor", &middle.actor, "--from", &from_text], |loan| {
        loan.actor == middle.actor && loan.timestamp >= from
    });
    check(&["--from", &from_text, "--to", &to_text], within);
    check(&["--from", &from_text, "--to", &to_text, "--actor", "112"], |loan| {
        within(loan) && loan.actor == "112"
    });
    check(&["--where", &amount, "--type", "A_SUBMITTED.COMPLETE"], |loan| {
        loan.amount == middle.amount && loan.event_type == "A_SUBMITTED.COMPLETE"
    });
    check(&["--where", "/org:resource exists", "--aggregate", &aggregate], |loan| {
        loan.case == middle.case && loan.actor != "anonymous"
    });
    assert!(answer(&["--aggregate-type", "Mortgage"], &[]).is_empty());
}

/// Compares a query in both directions and in parts.
fn check(filters: &[&str], is_wanted: impl Fn(&Loan) -> bool) {
    let log = &*IMPORTED;
    let mut wanted: Vec<usize> = (0..log.loans.len()).filter(|at| is_wanted(&log.loans[*at])).collect();
    assert!(!wanted.is_empty(), "{filters:?} says nothing");
    assert_eq!(answer(filters, &[]), wanted, "{filters:?}");
    assert_eq!(
        answer(filters, &["--limit", "3", "--offset", "2"]),
        wanted.iter().skip(2).take(3).copied().collect::<Vec<_>>(),
        "{filters:?}"
    );
    wanted.reverse();
    assert_eq!(answer(filters, &["--reverse"]), wanted, "{filters:?}");
}

/// The positions of the events in the answer, each of which must hold the line it was imported from as it was.
fn answer(filters: &[&str], more: &[&str]) -> Vec<usize> {
    let log = &*IMPORTED;
    let args = ["events", "--format", "jsonl"].iter().chain(filters).chain(more);
    let printed = log.bench.annals(args).succeeds().stdout;
    let position = |line: &str| {
        let position = members(line)["position"].get().parse().unwrap();
        let loan: &Loan = &log.loans[position];
        assert_eq!(members(line)["payload"].get(), loan.line, "position {position}");
        position
    };
    printed.lines().map(position).collect()
}

fn members(line: &str) -> BTreeMap<String, Box<RawValue>> {
    serde_json::from_str(line).unwrap()
}

#[test]
fn an_event_is_shown_whole_by_position_and_by_id() {
    let log = &*IMPORTED;
    let position = log.loans.len() - 5;
    let loan = &log.loans[position];
    let shown = log.bench.annals(["show", &position.to_string(), "--format", "json"]).succeeds();
    let event = shown.json();
    for (member, value) in [
        ("position", json!(position)),
        ("eventType", json!(loan.event_type)),
        ("aggregateType", json!("LoanApplication")),
        ("aggregateId", json!(loan.case)),
        ("actorId", json!(loan.actor)),
        ("timestamp", json!(loan.timestamp.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string())),
        ("schemaVersion", json!(1)),
        ("tags", json!([])),
        ("payload", serde_json::from_str(&loan.line).unwrap()),
    ] {
        assert_eq!(event[member], value, "{member}");
    }
    let of_case = log.loans[..=position].iter().filter(|earlier| earlier.case == loan.case).count();
    assert_eq!(event["version"], json!(of_case));
    let id = event["eventId"].as_str().unwrap();
    assert_eq!(log.bench.annals(["show", id, "--format", "json"]).succeeds().stdout, shown.stdout);
}

#[test]
fn a_receipt_proves_an_event_to_somebody_who_has_no_store() {
    let log = &*IMPORTED;
    let (event, receipt) = (log.bench.path("event.json"), log.bench.path("event.tlog-proof"));
    let position = (log.loans.len() / 3).to_string();
    log.bench
        .annals([
            "receipt".as_ref(),
            position.as_ref(),
            "--output".as_ref(),
            receipt.as_os_str(),
            "--event".as_ref(),
            event.as_os_str(),
        ])
        .succeeds();
    let elsewhere = Workbench::new();
    elsewhere.write("vkey", log.bench.annals(["checkpoint", "--vkey"]).succeeds().stdout);
    elsewhere.write("receipt", std::fs::read(receipt).unwrap());
    elsewhere.write("event", std::fs::read(event).unwrap());
    let args = ["verify", "--receipt", "receipt", "--event", "event", "--vkey", "vkey", "--format", "json"];
    let proved = elsewhere.annals(args).succeeds().json();
    assert_eq!((&proved["ok"], proved["position"].to_string()), (&json!(true), position));
    assert_eq!(proved["checkpoint"]["size"], json!(log.loans.len()));
    assert!(!elsewhere.path("annals.db").exists());

    elsewhere.write("event", elsewhere.read("event").replacen("LoanApplication", "LoanApplicatiom", 1));
    elsewhere.annals(args).exits(6);
}

#[test]
fn an_export_imports_into_another_store_as_the_same_records() {
    let log = &*IMPORTED;
    let (first, second) = (log.bench.path("first.jsonl"), Workbench::new());
    log.bench
        .annals(["export".as_ref(), "--output".as_ref(), first.as_os_str(), "--quiet".as_ref()])
        .succeeds();
    let args = ["import".as_ref(), first.as_os_str(), "--format".as_ref(), "json".as_ref()];
    let report = second.annals(args).succeeds().json();
    assert_eq!(report["appended"], json!(log.loans.len()), "{report}");
    second.annals(["export", "--output", "second.jsonl", "--quiet"]).succeeds();
    let (first, second) = (std::fs::read_to_string(first).unwrap(), second.read("second.jsonl"));
    assert_eq!(first.lines().count(), log.loans.len());
    assert_eq!(second.lines().count(), log.loans.len());
    for (before, after) in first.lines().zip(second.lines()) {
        assert_eq!(record(before), record(after));
    }
}

/// What stays the same of an event wherever it is recorded, byte for byte.
fn record(line: &str) -> BTreeMap<String, String> {
    let members = members(line).into_iter();
    let stays = members.filter(|(name, _)| !["position", "recordedAt"].contains(&name.as_str()));
    stays.map(|(name, value)| (name, value.get().to_owned())).collect()
}

#[test]
fn the_whole_log_verifies_and_nothing_of_it_is_unsigned() {
    let log = &*IMPORTED;
    let answer: Value = log.bench.annals(["verify", "--format", "json"]).succeeds().json();
    for (member, value) in [
        ("ok", json!(true)),
        ("size", json!(log.loans.len())),
        ("events", json!(log.loans.len())),
        ("unsignedTail", json!(0)),
        ("problems", json!([])),
    ] {
        assert_eq!(answer[member], value, "{member}");
    }
}

#[test]
fn a_log_verifies_at_every_moment_while_it_grows() {
    let bench = Workbench::new();
    let mut import = bench.spawn(["import", "-", "--source", "feed", "--quiet"]);
    let mut stdin = import.0.stdin.take().unwrap();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 0..400_000 {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                let event = json!({"eventType": "Counted", "aggregateType": "Counter",
                    "aggregateId": (n / 5).to_string(), "payload": {"n": n}});
                writeln!(stdin, "{event}").unwrap();
            }
            drop(stdin);
        });
        let mut sizes = BTreeSet::new();
        // The store is made with the first events; behind enough of them the writer is at full speed.
        let len = |file: &str| std::fs::metadata(bench.path(file)).map_or(0, |file| file.len());
        while len("annals.db") + len("annals.db-wal") < 1 << 20 {
            std::thread::sleep(Duration::from_millis(10));
        }
        for _ in 0..10 {
            let answer = bench.annals(["verify", "--format", "json", "--quiet"]).succeeds().json();
            sizes.insert(answer["size"].as_u64().unwrap());
        }
        is_over.store(true, Ordering::Relaxed);
        assert!(sizes.len() > 3, "it hardly grew: {sizes:?}");
    });
    assert!(import.0.wait().unwrap().success());
}
