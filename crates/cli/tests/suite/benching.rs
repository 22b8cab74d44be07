use crate::workbench::Workbench;

#[test]
fn a_measurement_leaves_nothing_behind_and_opens_no_store() {
    let bench = Workbench::new();
    let report = bench
        .annals(["bench", "W1", "--events", "200", "--rounds", "1", "--format", "json"])
        .succeeds()
        .json();
    assert!(bench.files().is_empty(), "{:?}", bench.files());
    let figure = &report["works"][0];
    assert_eq!(figure["work"], "W1");
    for member in ["eventsPerSecond", "lean", "equal", "ratioLean", "ratioEqual", "p50Ms", "p99Ms", "p999Ms"]
    {
        assert!(figure[member].as_f64().is_some_and(|number| number > 0.0), "{member}: {figure}");
    }
    assert!(report["conditions"]["syncP50Ms"].as_f64().is_some());
}

#[test]
fn a_server_stands_beside_the_same_in_process() {
    let bench = Workbench::new();
    let command =
        ["bench", "H1", "H2", "H3", "H4", "H5", "--events", "300", "--rounds", "1", "--format", "json"];
    let report = bench.annals(command).succeeds().json();
    assert!(bench.files().is_empty(), "{:?}", bench.files());
    let figures = report["works"].as_array().unwrap();
    let has = |work: &str, members: &[&str]| {
        let mut of_work = figures.iter().filter(|figure| figure["work"] == work).peekable();
        assert!(of_work.peek().is_some(), "{work}");
        for figure in of_work {
            for member in members {
                assert!(figure[*member].as_f64().is_some_and(|number| number > 0.0), "{member}: {figure}");
            }
        }
    };
    for work in ["H1", "H2", "H3", "H4"] {
        has(work, &["eventsPerSecond", "inProcess", "ratioInProcess", "p50Ms"]);
    }
    has("H3", &["inProcessP50Ms", "p50TimesInProcess", "eventsPerAnswer"]);
    has("H5", &["subscribers", "acknowledgedP50Ms", "p50Ms", "p99Ms"]);
    if cfg!(target_os = "linux") {
        has("H4", &["serverMegabytesBefore", "serverMegabytesPeak"]);
        has("H5", &["serverMegabytesBefore", "megabytesIdle"]);
    }
    assert!(report["conditions"]["overHttp"].as_str().unwrap().contains("loopback"));
}

#[test]
fn a_person_gets_a_table_and_sentences() {
    let bench = Workbench::new();
    let command = ["bench", "w3", "w5", "import", "--events", "200", "--rounds", "1", "--format", "table"];
    let text = bench.annals(command).succeeds().stdout;
    for wanted in [
        "work    part                       events/s",
        "W3, acknowledged: the store took",
        "times the lean floor's rate",
        "W5, indexed payload field: half of the answers",
        "of the rate of bulk append",
        "bytes of payload",
    ] {
        assert!(text.contains(wanted), "{wanted:?} in {text}");
    }
}

#[test]
fn what_cannot_be_measured_is_told() {
    let bench = Workbench::new();
    let refused = bench.annals(["bench", "W9"]).exits(2).tells("usage");
    assert!(refused.stderr.contains("W9") && refused.stderr.contains("W1, W2"), "{}", refused.stderr);
    bench.annals(["bench", "W1", "--rounds", "0"]).exits(2).tells("usage");
    bench.annals(["bench", "W1", "--events", "5"]).exits(2).tells("usage");
    let missing = bench.annals(["bench", "W1", "--dir", "missing"]).exits(2).tells("unusable-file");
    assert!(missing.stderr.contains("missing"), "{}", missing.stderr);
    let no_log = ["bench", "import", "--events", "100", "--loan-log", "missing.jsonl"];
    bench.annals(no_log).exits(2).tells("unusable-file");
}
