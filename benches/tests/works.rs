//! Every work runs with a few hundred events and says what it is asked to say. Nothing here looks at a clock.

use annals_benches::{
    BenchError, ClientsCommand, Report, ServerCommand, Settings, Work, WorkerCommand, measure,
};
use serde_json::{Value, json};

fn settings(folder: &tempfile::TempDir) -> Settings {
    Settings {
        server: None,
        dir: folder.path().to_owned(),
        rounds: 2,
        events: Some(300),
        loan_log: None,
        jq_worker: WorkerCommand::new(env!("CARGO_BIN_EXE_works"), ["jq-worker"]),
        serve: ServerCommand { program: "annals".into() },
        clients: ClientsCommand {
            program: env!("CARGO_BIN_EXE_works").into(),
            argument: "clients".to_owned(),
        },
    }
}

fn measured(works: &[Work]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let report: Report = measure(works, &settings(&folder), |_| {}).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the databases are deleted afterwards");
    json!(report)
}

/// Every member is there, and a number above zero.
fn assert_numbers(figure: &Value, members: &[&str]) {
    for member in members {
        assert!(figure[member].as_f64().is_some_and(|number| number > 0.0), "{member} in {figure:#}");
    }
}

const BESIDE_FLOORS: &[&str] =
    &["events", "rounds", "eventsPerSecond", "lean", "equal", "ratioLean", "ratioEqual"];
const LATENCIES: &[&str] = &["p50Ms", "p99Ms", "p999Ms"];

fn parts(report: &Value) -> Vec<&str> {
    report["works"].as_array().unwrap().iter().map(|figure| figure["part"].as_str().unwrap()).collect()
}

#[test]
fn single_and_guarded_appends_stand_beside_their_floors() {
    let report = measured(&[Work::W1, Work::W2]);
    assert_eq!(parts(&report), ["acknowledged", "awaited by a task", "acknowledged"]);
    for (figure, work) in report["works"].as_array().unwrap().iter().zip(["W1", "W1", "W2"]) {
        assert_eq!(figure["work"], work);
        assert_numbers(figure, BESIDE_FLOORS);
        assert_numbers(figure, LATENCIES);
        assert_numbers(figure, &["leanP50Ms", "leanP999Ms", "equalP50Ms"]);
    }
    assert_numbers(&report["works"][2], &["leanGatheredPer64"]);
}

#[test]
fn guarded_appends_beside_others_stand_beside_themselves() {
    let report = measured(&[Work::Neighbours]);
    let figure = &report["works"][0];
    assert_numbers(figure, &["events", "eventsPerSecond", "alone", "ratioAlone", "walMebibytesMax"]);
}

#[test]
fn bulk_appends_are_timed_until_acknowledged_and_until_indexed() {
    let report = measured(&[Work::W3]);
    assert_eq!(parts(&report), ["acknowledged", "until indexed"]);
    let [acknowledged, indexed] = [&report["works"][0], &report["works"][1]];
    assert_numbers(acknowledged, BESIDE_FLOORS);
    assert_numbers(acknowledged, LATENCIES);
    assert_numbers(acknowledged, &["bytesPerEvent", "leanBytesPerEvent", "equalBytesPerEvent"]);
    assert_numbers(indexed, BESIDE_FLOORS);
    assert_eq!(indexed["p50Ms"], Value::Null, "the time of an append is another figure");
}

#[test]
fn reading_stands_beside_raw_clients_that_give_the_same_answers() {
    let report = measured(&[Work::W4, Work::W5]);
    let questions = ["latest 50 of an aggregate", "type and time range", "indexed payload field"];
    assert_eq!(parts(&report), [&["one aggregate", "all events"][..], &questions].concat());
    let figures = report["works"].as_array().unwrap();
    figures.iter().for_each(|figure| assert_numbers(figure, BESIDE_FLOORS));
    assert_eq!((&figures[0]["events"], &figures[1]["events"]), (&json!(3), &json!(300)));
    for figure in &figures[2..] {
        assert_numbers(
            figure,
            &["eventsPerAnswer", "p50Ms", "leanP50Ms", "equalP50Ms", "p50TimesLean", "p50TimesEqual"],
        );
    }
}

#[test]
fn verification_import_and_growth_have_figures_of_their_own() {
    let report = measured(&[Work::Verify, Work::Import, Work::Growth]);
    let figures = report["works"].as_array().unwrap();
    figures.iter().for_each(|figure| assert_numbers(figure, &["eventsPerSecond"]));
    figures.iter().for_each(|figure| assert_eq!(figure["events"], 300, "{figure:#}"));
    assert_eq!(figures[0]["lean"], Value::Null);
    assert_numbers(&figures[1], &["w3", "ratioW3"]);
    assert_numbers(&figures[2], &["costRatio", "costRatioIndexed", "eventsPerSecondWhenSmall"]);
}

#[test]
fn the_conditions_are_stated() {
    let report = measured(&[]);
    let conditions = &report["conditions"];
    assert_numbers(
        conditions,
        &["cores", "syncP50Ms", "syncP99Ms", "clients", "batch", "inFlight", "rounds"],
    );
    let about = |member: &str, bytes: f64| (conditions[member].as_f64().unwrap() - bytes).abs() < 5.0;
    assert!(about("payloadBytes", 390.0), "{}", conditions["payloadBytes"]);
    assert!(about("metadataBytes", 155.0), "{}", conditions["metadataBytes"]);
    assert!(conditions["database"].as_str().unwrap().starts_with("SQLite 3."));
}

#[test]
fn a_work_that_does_not_exist_is_named() {
    let error = "W9".parse::<Work>().unwrap_err().to_string();
    assert!(error.contains("\"W9\"") && error.contains("W1, W2"), "{error}");
    assert_eq!("w3".parse::<Work>().unwrap(), Work::W3);
}

#[test]
fn settings_with_which_nothing_can_be_measured_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |settings: Settings| measure(&[], &settings, |_| {}).unwrap_err();
    let missing = folder.path().join("missing");
    let error = refused(Settings { dir: missing.clone(), ..settings(&folder) });
    assert!(matches!(&error, BenchError::File { path, .. } if *path == missing), "{error}");
    assert!(matches!(refused(Settings { rounds: 0, ..settings(&folder) }), BenchError::Settings { .. }));
    assert!(matches!(
        refused(Settings { events: Some(3), ..settings(&folder) }),
        BenchError::Settings { .. }
    ));
}
