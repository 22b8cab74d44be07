//! Every work runs on a PostgreSQL server with a few hundred events and says what it is asked to say. Nothing here looks
//! at a clock.

#![cfg(unix)]

use annals_benches::{BenchError, ClientsCommand, ServerCommand, Settings, Work, WorkerCommand, measure};
use annals_test_postgres::{fresh_schema_name, log_url, shared_server};
use serde_json::{Value, json};

fn settings(folder: &tempfile::TempDir) -> Settings {
    let program = env!("CARGO_BIN_EXE_works");
    Settings {
        server: Some(log_url(shared_server(), &fresh_schema_name()).parse().unwrap()),
        dir: folder.path().to_owned(),
        rounds: 2,
        events: Some(300),
        loan_log: None,
        jq_worker: WorkerCommand::new(program, ["jq-worker"]),
        serve: ServerCommand { program: "annals".into() },
        clients: ClientsCommand { program: program.into(), argument: "clients".to_owned() },
    }
}

fn measured(works: &[Work]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let report = json!(measure(works, &settings(&folder), |_| {}).unwrap());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "keys are deleted afterwards");
    report
}

/// Every member is there, and a number above zero.
fn assert_numbers(figure: &Value, members: &[&str]) {
    for member in members {
        assert!(figure[member].as_f64().is_some_and(|number| number > 0.0), "{member} in {figure:#}");
    }
}

const BESIDE_LEAN: &[&str] = &["events", "rounds", "eventsPerSecond", "lean", "ratioLean"];

fn figures(report: &Value) -> &[Value] {
    report["works"].as_array().unwrap()
}

fn parts(report: &Value) -> Vec<&str> {
    figures(report).iter().map(|figure| figure["part"].as_str().unwrap()).collect()
}

#[test]
fn appends_stand_beside_raw_clients_of_the_same_server() {
    let report = measured(&[Work::W1, Work::W2, Work::W3]);
    let expected = ["acknowledged", "one process", "four processes", "acknowledged", "until indexed"];
    assert_eq!(parts(&report), expected);
    for figure in figures(&report) {
        assert_numbers(figure, BESIDE_LEAN);
        assert_eq!((&figure["events"], &figure["equal"]), (&json!(300), &Value::Null), "{figure:#}");
    }
    assert_numbers(&figures(&report)[1], &["connections", "ratioConnections", "p50Ms", "p999Ms"]);
    assert_numbers(&figures(&report)[2], &["p50Ms", "p999Ms"]);
    assert_numbers(&figures(&report)[3], &["bytesPerEvent", "leanBytesPerEvent"]);
    let database = report["conditions"]["database"].as_str().unwrap();
    assert!(database.starts_with("PostgreSQL 1"), "{database}");
    let own = report["conditions"]["own"].as_str().unwrap();
    assert!(own.contains("fsync = on") && own.contains("synchronous_commit = on"), "{own}");
}

#[test]
fn answers_are_those_of_raw_clients_over_few_blocks_and_over_many() {
    let report = measured(&[Work::W4, Work::W5]);
    assert_eq!(parts(&report).len(), 8);
    figures(&report).iter().for_each(|figure| assert_numbers(figure, BESIDE_LEAN));
    for figure in &figures(&report)[2..] {
        assert_numbers(figure, &["eventsPerAnswer", "p50Ms", "leanP50Ms", "p50TimesLean"]);
    }
}

#[test]
fn what_is_measured_in_files_only_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let refused = measure(&[Work::Growth], &settings(&folder), |_| {}).unwrap_err();
    assert!(matches!(refused, BenchError::Settings { .. }), "{refused}");
}
