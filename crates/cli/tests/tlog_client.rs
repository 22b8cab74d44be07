//! A client of transparency logs that others wrote reads what `annals tiles` writes, from a server that knows
//! nothing of either, and believes exactly what was signed.

#[path = "suite/http.rs"]
#[cfg(unix)]
#[expect(dead_code, reason = "other tests of the binary use the rest")]
mod http;
#[path = "support/independent_verifier.rs"]
mod independent_verifier;
#[path = "support/static_server.rs"]
mod static_server;
#[path = "suite/workbench.rs"]
#[expect(dead_code, reason = "other tests of the binary use the rest")]
mod workbench;

#[cfg(unix)]
use std::io::{BufRead as _, BufReader};
#[cfg(unix)]
use std::sync::atomic::{AtomicBool, Ordering};
#[cfg(unix)]
use std::time::Duration;

use serde_json::{Value, json};

#[cfg(unix)]
use http::Server;
use independent_verifier::audit;
use static_server::StaticServer;
use workbench::Workbench;

const LOANS: &str = include_str!("../../../examples/data/loans-small.jsonl");
const MAPPING: &str = include_str!("../../../examples/data/loans.jq");

/// A log that was published.
struct Published {
    bench: Workbench,
    server: StaticServer,
    verifier_key: String,
}

impl Published {
    fn with_events(count: usize) -> Self {
        let bench = Workbench::new();
        bench.write("loans.jq", MAPPING);
        let server = StaticServer::of(bench.path("public"));
        let mut published = Self { bench, server, verifier_key: String::new() };
        published.grow_to(count);
        let printed = published.bench.annals(["checkpoint", "--vkey"]).succeeds().stdout;
        published.verifier_key = printed.trim().to_owned();
        published
    }

    /// Imports the source, which grew, and publishes what is new.
    fn grow_to(&self, count: usize) {
        self.bench.write("loans.jsonl", LOANS.split_inclusive('\n').take(count).collect::<String>());
        self.bench.annals(["import", "loans.jsonl", "--map", "loans.jq"]).succeeds();
        self.bench.annals(["tiles", "--output", "public"]).succeeds();
    }

    fn audit(&self) -> Value {
        audit(&self.server.url(), &self.verifier_key, None)
    }

    /// Changes one byte of a published file, has the log audited, and puts the file back: why it was refused.
    fn refusal_after_changing(&self, file: &str, place: usize) -> String {
        let sound = std::fs::read(self.bench.path("public").join(file)).unwrap();
        let mut changed = sound.clone();
        changed[place] ^= 1;
        self.bench.write(&format!("public/{file}"), changed);
        let answer = self.audit();
        self.bench.write(&format!("public/{file}"), sound);
        assert_eq!(answer["accepted"], json!(false), "byte {place} of {file}: {answer}");
        answer["reason"].as_str().unwrap().to_owned()
    }

    fn len(&self, file: &str) -> usize {
        std::fs::read(self.bench.path("public").join(file)).unwrap().len()
    }
}

#[test]
fn the_checkpoint_every_tile_and_every_entry_are_accepted() {
    let log = Published::with_events(700);
    let answer = log.audit();
    assert_eq!(answer["accepted"], json!(true), "{answer}");
    // Two full tiles and a partial one of level 0, a partial one of level 1.
    assert_eq!((&answer["size"], &answer["tiles"], &answer["bundles"]), (&json!(700), &json!(4), &json!(3)));
    for proven in answer["entries"].as_array().unwrap() {
        let event = log.bench.annals(["show", &proven["index"].to_string(), "--format", "json"]).json();
        let entry = &proven["entry"];
        for member in ["eventId", "eventType", "aggregateType", "recordedAt", "timestamp"] {
            assert_eq!(entry[member], event[member], "{member} of {proven}");
        }
        assert!(!entry.to_string().contains(event["aggregateId"].as_str().unwrap()), "{entry}");
    }
}

#[test]
fn the_log_is_consistent_with_every_checkpoint_that_was_kept_while_it_grew() {
    let log = Published::with_events(100);
    let sizes = [100, 256, 257, 700, 1_024, 1_457];
    for (place, size) in sizes.into_iter().enumerate() {
        log.grow_to(size);
        log.bench.write(&format!("kept-{size}"), log.bench.annals(["checkpoint"]).succeeds().stdout);
        for kept in &sizes[..=place] {
            let file = log.bench.path(&format!("kept-{kept}"));
            let answer = audit(&log.server.url(), &log.verifier_key, Some(&file));
            assert_eq!(answer["accepted"], json!(true), "{kept} in {size}: {answer}");
            assert_eq!((&answer["grewFrom"], &answer["size"]), (&json!(kept), &json!(size)));
        }
    }
}

#[test]
fn a_log_that_was_written_anew_is_not_consistent_with_the_kept_checkpoint() {
    let (log, other) = (Published::with_events(300), Published::with_events(300));
    log.bench.write("kept", other.bench.annals(["checkpoint"]).succeeds().stdout);
    let answer = audit(&log.server.url(), &log.verifier_key, Some(&log.bench.path("kept")));
    assert_eq!(answer["accepted"], json!(false), "{answer}");
    let answer = audit(&log.server.url(), &other.verifier_key, None);
    assert_eq!(answer["accepted"], json!(false), "{answer}");
}

#[test]
fn one_changed_byte_of_the_checkpoint_is_refused() {
    let log = Published::with_events(300);
    let text = log.bench.read("public/checkpoint");
    let (mut start, mut tried) = (0, 0);
    for line in text.split_inclusive('\n') {
        if line != "\n" {
            let reason = log.refusal_after_changing("checkpoint", start + line.len() / 2);
            assert!(!reason.is_empty(), "{line}");
            tried += 1;
        }
        start += line.len();
    }
    assert_eq!(tried, 4, "origin, size, root and signature: {text}");
    assert_eq!(log.audit()["accepted"], json!(true));
}

#[test]
fn one_changed_byte_of_a_tile_or_an_entry_bundle_is_refused_where_it_stands() {
    let log = Published::with_events(700);
    for (file, told) in [
        ("tile/0/001", "tile/0/001"),
        ("tile/0/002.p/188", "right-edge"),
        ("tile/1/000.p/2", "right-edge"),
        ("tile/entries/000", "tile/entries/000"),
        ("tile/entries/002.p/188", "tile/entries/002.p/188"),
    ] {
        let len = log.len(file);
        for place in [0, len / 2, len - 1] {
            let reason = log.refusal_after_changing(file, place);
            assert!(reason.contains(told), "byte {place} of {file}: {reason}");
        }
    }
    assert_eq!(log.audit()["accepted"], json!(true));
}

#[test]
#[cfg(unix)]
fn a_server_that_is_written_to_is_believed_all_the_while() {
    let bench = Workbench::new();
    let mut running = bench.spawn(["serve", "--listen", "127.0.0.1:0"]);
    let mut said = BufReader::new(running.0.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    let server = Server::at(line.split_once(" at ").unwrap().1);
    let url = format!("http://{}", server.address);
    let event = |number: usize| {
        let event =
            json!({"eventType": "T", "aggregate": format!("A/{number}"), "payload": {"number": number}});
        json!({"events": vec![event; 20]}).to_string()
    };
    server.append(&event(0)).unwrap().is(201);
    while server.get("/checkpoint").status != 200 {
        std::thread::sleep(Duration::from_millis(50));
    }
    let verifier_key = bench.annals(["checkpoint", "--vkey"]).succeeds().stdout.trim().to_owned();

    let is_over = AtomicBool::new(false);
    let mut sizes = Vec::new();
    std::thread::scope(|scope| {
        let writers: Vec<_> = (1..=4)
            .map(|writer| {
                let (server, is_over, event) = (&server, &is_over, &event);
                scope.spawn(move || {
                    while !is_over.load(Ordering::Relaxed) {
                        server.append(&event(writer)).unwrap().is(201);
                    }
                })
            })
            .collect();
        for _ in 0..4 {
            bench.write("kept", server.get("/checkpoint").is(200).body);
            // Another one is signed before long.
            std::thread::sleep(Duration::from_millis(1_500));
            let answer = audit(&url, &verifier_key, Some(&bench.path("kept")));
            assert_eq!(answer["accepted"], json!(true), "{answer}");
            assert!(answer["grewFrom"].as_u64() < answer["size"].as_u64(), "it grew meanwhile: {answer}");
            sizes.push(answer["size"].as_u64().unwrap());
        }
        is_over.store(true, Ordering::Relaxed);
        writers.into_iter().for_each(|writer| writer.join().unwrap());
    });
    assert!(sizes.is_sorted_by(|one, next| one < next), "{sizes:?}");

    // What is proven is what is read.
    let answer = audit(&url, &verifier_key, None);
    for proven in answer["entries"].as_array().unwrap() {
        let event = server.get(&format!("/v1/events/{}", proven["index"])).is(200).json();
        assert_eq!(proven["entry"]["eventId"], event["eventId"], "{proven}");
    }
    running.is_told(rustix::process::Signal::TERM);
    assert!(running.0.wait().unwrap().success());
}
