//! Servers that are told to stop while they are busy.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::http::Server;
use crate::serving::Served;
use crate::workbench::Workbench;

fn event(aggregate: &str) -> String {
    json!({"eventType": "T", "aggregate": format!("A/{aggregate}"), "payload": {}}).to_string()
}

/// A request that is begun by hand.
struct Begun(TcpStream);

impl Begun {
    fn new(server: &Server, head: &str) -> Self {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        write!(stream, "{head} HTTP/1.1\r\nhost: localhost\r\n").unwrap();
        Self(stream)
    }

    fn says(mut self, text: &str) -> Self {
        self.0.write_all(text.as_bytes()).unwrap();
        self
    }

    /// The answer, until the server ends the connection.
    fn answer(mut self) -> String {
        let mut answer = String::new();
        self.0.read_to_string(&mut answer).unwrap();
        answer
    }
}

/// Appends one event after the other until the server is gone; the ids of those that were acknowledged.
fn append_until_gone(server: &Server, client: usize) -> Vec<Value> {
    let mut acknowledged = Vec::new();
    while let Some(answer) = server.append(&event(&format!("{client}-{}", acknowledged.len()))) {
        acknowledged.push(answer.is(201).json()["events"][0]["eventId"].clone());
    }
    acknowledged
}

#[test]
fn a_server_that_stops_under_load_has_stored_exactly_what_it_acknowledged() {
    let bench = Workbench::new();
    let served = Served::start(&bench);
    let server = served.server.clone();
    let lines = [event("slow"), event("slow"), event("slow")];
    let body_bytes: usize = lines.iter().map(|line| line.len() + 1).sum();
    let slow = Begun::new(&server, "POST /v1/events")
        .says(&format!("content-type: application/x-ndjson\r\ncontent-length: {body_bytes}\r\n\r\n"))
        .says(&format!("{}\n", lines[0]));
    let feed = Begun::new(&server, "GET /v1/feed").says("\r\n");
    let is_loaded = AtomicBool::new(false);
    let (mut acknowledged, last) = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..8)
            .map(|client| {
                let (server, is_loaded) = (&server, &is_loaded);
                scope.spawn(move || {
                    let _ = server.append(&event(&format!("first-{client}"))).unwrap().is(201);
                    is_loaded.store(true, Ordering::Relaxed);
                    append_until_gone(server, client)
                })
            })
            .collect();
        while !is_loaded.load(Ordering::Relaxed) {
            std::thread::yield_now();
        }
        std::thread::sleep(Duration::from_millis(500));
        served.is_told(Signal::TERM);
        // What was begun before is finished.
        std::thread::sleep(Duration::from_millis(200));
        let report = slow.says(&format!("{}\n{}\n", lines[1], lines[2])).answer();
        assert!(report.starts_with("HTTP/1.1 200 ") && report.contains(r#""appended":3"#), "{report}");
        let followed = feed.answer();
        assert!(followed.ends_with("0\r\n\r\n"), "a feed ends, and is not cut off: {followed}");
        let acknowledged: Vec<Value> =
            clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
        (acknowledged, served.stopped())
    });
    assert!(last.contains("stopped"), "{last}");
    assert!(acknowledged.len() > 20, "{} appends", acknowledged.len());

    let stored = bench.annals(["events", "--format", "jsonl"]).succeeds().lines();
    let mut ids: Vec<Value> = stored
        .iter()
        .filter(|event| !event["aggregateId"].as_str().unwrap().starts_with("first-"))
        .filter(|event| event["aggregateId"] != "slow")
        .map(|event| event["eventId"].clone())
        .collect();
    let by_text = |id: &Value| id.to_string();
    ids.sort_by_key(by_text);
    acknowledged.sort_by_key(by_text);
    assert_eq!(ids, acknowledged);
    let verified = bench.annals(["verify", "--format", "json"]).succeeds().json();
    assert_eq!(verified["unsignedTail"], 0);
}

#[test]
fn a_server_that_lingers_says_that_it_stops_and_answers_until_then() {
    let bench = Workbench::new();
    bench.write("annals.toml", "server.linger_seconds = 3\n");
    let served = Served::start(&bench);
    served.server.get("/readyz").is(200);
    served.is_told(Signal::TERM);
    let begun = Instant::now();
    while served.server.get("/readyz").status != 503 {
        assert!(begun.elapsed() < Duration::from_secs(2), "it says that it is ready");
    }
    assert_eq!(served.server.get("/readyz").json()["status"], "stopping");
    served.server.append(&event("late")).unwrap().is(201);
    assert!(served.stopped().contains("stopped"));
    assert_eq!(bench.annals(["events", "--format", "jsonl"]).succeeds().lines().len(), 1);
}

#[test]
fn a_request_that_never_ends_holds_nothing_up_for_longer_than_is_configured() {
    let bench = Workbench::new();
    bench.write("annals.toml", "server.stop_seconds = 1\n");
    let served = Served::start(&bench);
    let endless = Begun::new(&served.server, "POST /v1/events")
        .says("content-type: application/x-ndjson\r\ncontent-length: 1000000\r\n\r\n")
        .says(&format!("{}\n", event("kept")));
    served.server.append(&event("other")).unwrap().is(201);
    let last = served.stop();
    assert!(last.contains("cut off"), "{last}");
    drop(endless);
    // Nothing of it was acknowledged.
    let stored = bench.annals(["events", "--format", "jsonl"]).succeeds().lines();
    assert!(stored.iter().any(|event| event["aggregateId"] == "other"), "{stored:?}");
}
