//! Traces, as a collector receives them that others wrote.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::serving::Served;
use crate::workbench::Workbench;

const PACKAGE: &str = "opentelemetry-proto==1.45.2";

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/collector.py");

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

const CLIENT_SPAN: &str = "00f067aa0ba902b7";

/// A collector while it runs.
struct Collector {
    process: Child,
    told: BufReader<ChildStdout>,
    port: u16,
}

impl Collector {
    fn start() -> Self {
        let mut command = Command::new(python());
        let mut process = command.arg(SCRIPT).stdout(Stdio::piped()).spawn().unwrap();
        let mut told = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        told.read_line(&mut line).unwrap();
        Self { process, told, port: line.trim().parse().unwrap() }
    }

    /// Every span that was told, once nothing more is.
    fn end(mut self) -> Vec<Value> {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        (&mut self.told).lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        // It may have been ended before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The interpreter of an environment that has the package, made below the folder for builds.
fn python() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("opentelemetry-proto");
    let python = folder.join("bin/python");
    if !is_done(Command::new(&python).args(["-c", "import opentelemetry.proto.trace.v1.trace_pb2"])) {
        let made = is_done(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))
            && is_done(Command::new(&python).args(["-m", "pip", "install", "--quiet", PACKAGE]));
        assert!(
            made,
            "{PACKAGE} cannot be installed with 'python3 -m venv' and pip; it needs Python 3.10 or later"
        );
    }
    python
}

fn is_done(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

#[test]
fn a_collector_is_told_how_a_request_stands_in_the_trace_of_its_client() {
    let collector = Collector::start();
    let bench = Workbench::new();
    let url = format!("http://127.0.0.1:{}/v1/traces", collector.port);
    bench.write("annals.toml", format!("server.traces = {{ otlp_url = '{url}', service_name = 'books' }}\n"));
    let served = Served::start(&bench);
    let event = json!({"eventType": "T", "aggregate": "A/1", "payload": {}}).to_string();
    let traceparent = format!("traceparent: 00-{TRACE}-{CLIENT_SPAN}-01\r\n");
    served.server.append_with(&traceparent, &event).unwrap().is(201);
    served.server.get("/v1/events/0").is(200);
    let context = served.server.get("/v1/events/0").is(200).json()["context"].clone();
    served.stop();

    let spans = collector.end();
    let named = |name: &str| {
        spans.iter().find(|span| span["name"] == name).unwrap_or_else(|| panic!("no {name} in {spans:?}"))
    };
    let request = named("POST /v1/events");
    assert_eq!(request["traceId"], TRACE);
    assert_eq!(request["parentSpanId"], CLIENT_SPAN);
    assert_eq!(request["kind"], "SPAN_KIND_SERVER");
    assert_eq!(request["attributes"]["http.response.status_code"], 201);
    assert_eq!(request["resource"]["service.name"], "books");
    // Whoever reads the event goes on from where it was recorded.
    let span = request["spanId"].as_str().unwrap();
    assert_eq!(context["traceparent"], format!("00-{TRACE}-{span}-01"));

    let stored = named("append");
    assert_eq!((&stored["traceId"], &stored["parentSpanId"]), (&json!(TRACE), &json!(span)));
    // Whoever begins no trace is in one of her own.
    let read = named("GET /v1/events/{event}");
    assert_ne!(read["traceId"], TRACE);
    assert_eq!(read["parentSpanId"], "");
}

#[test]
fn a_collector_that_is_not_there_holds_nothing_up() {
    let bench = Workbench::new();
    // Nobody listens there: the port was free and is given back.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    bench.write("annals.toml", format!("server.traces.otlp_url = 'http://{free}/v1/traces'\n"));
    let served = Served::start(&bench);
    let event = json!({"eventType": "T", "aggregate": "A/1", "payload": {}}).to_string();
    served.server.append(&event).unwrap().is(201);
    assert!(served.stop().contains("stopped"));
    bench.write(
        "annals.toml",
        "server.traces = { otlp_url = 'http://localhost:4318/v1/traces', ratio = 2.0 }\n",
    );
    bench.annals(["serve", "--listen", "127.0.0.1:0"]).exits(2).tells("invalid-configuration");
}
