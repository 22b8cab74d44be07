use std::time::{Duration, Instant};

use serde_json::json;

use crate::workbench::Workbench;

const MAPPING: &str = r#"
if .skip then empty
elif .wrong then error("it is wrong")
else {eventType: .kind, aggregateType: "Thing", aggregateId: .id, actorId: .who}
end
"#;

#[test]
fn a_jq_program_maps_skips_and_refuses_and_the_rest_is_imported() {
    let bench = Workbench::new();
    bench.write("map.jq", MAPPING);
    bench.write(
        "things.jsonl",
        concat!(
            r#"{"kind":"Made","id":"1","who":"ann"}"#,
            "\n",
            r#"{"skip":true}"#,
            "\n",
            r#"{"wrong":true}"#,
            "\n",
            "nonsense\n",
            r#"{"kind":"Made", "id":"2"}"#,
            "\n",
        ),
    );
    let ran = bench.annals(["import", "things.jsonl", "--map", "map.jq", "--format", "json"]);
    let ran = ran.exits(3).tells("input-not-stored");
    let report = ran.json();
    for (member, value) in [
        ("source", json!("things.jsonl")),
        ("read", json!(5)),
        ("appended", json!(2)),
        ("repeated", json!(0)),
        ("skipped", json!(1)),
        ("rejected", json!(2)),
    ] {
        assert_eq!(report[member], value, "{member}");
    }
    assert!(report["seconds"].is_number() && report["eventsPerSecond"].is_number());
    let letters = bench.read("annals.dead-letters.jsonl");
    assert!(letters.contains("it is wrong") && letters.contains(r#""line":4"#), "{letters}");
    let events = bench.annals(["events"]).succeeds().stdout;
    assert!(events.contains(r#""payload":{"kind":"Made", "id":"2"}"#), "{events}");
}

#[test]
fn what_cannot_be_stored_is_kept_in_the_log_where_that_is_wanted() {
    let bench = Workbench::new();
    bench.write("orders.jsonl", "{\"eventType\":\"T\"}\n");
    let import = ["import", "orders.jsonl", "--dead-letters-in-log"];
    for _ in 0..2 {
        bench.annals(import).exits(3).tells("input-not-stored").tells("in the log");
    }
    assert!(!bench.path("annals.dead-letters.jsonl").exists());
    bench.annals(["import", "orders.jsonl", "--dead-letters-in-log", "--dead-letters", "x"]).exits(2);
}

#[test]
fn importing_again_after_the_file_grew_adds_only_what_is_new() {
    let bench = Workbench::new();
    let line = |n: u32| {
        format!(
            "{{\"eventType\":\"T\",\"aggregateType\":\"A\",\"aggregateId\":\"1\",\"payload\":{{\"n\":{n}}}}}\n"
        )
    };
    bench.write("log.jsonl", line(1));
    bench.annals(["import", "log.jsonl"]).succeeds();
    bench.write("log.jsonl", line(1) + &line(2));
    let report = bench.annals(["import", "log.jsonl", "--format", "json"]).succeeds().json();
    assert_eq!((&report["appended"], &report["repeated"]), (&json!(1), &json!(1)));
}

#[test]
fn csv_rows_are_objects_by_header() {
    let bench = Workbench::new();
    bench.write(
        "map.jq",
        r#"{eventType: .type, aggregateType: "Row", aggregateId: .id, payload: {n: (.n | tonumber)}}"#,
    );
    bench.write("rows.csv", "id,type,n\n1,Counted,7\n");
    bench.annals(["import", "rows.csv", "--map", "map.jq"]).succeeds();
    assert_eq!(bench.annals(["show", "0"]).json()["payload"], json!({"n": 7}));
}

#[test]
fn standard_input_needs_a_name() {
    let bench = Workbench::new();
    bench.annals(["import", "-"]).exits(2).tells("usage");
    let line = r#"{"eventType":"T","aggregateType":"A","aggregateId":"1","payload":{}}"#;
    bench.annals_reading(["import", "-", "--source", "feed"], line).succeeds();
    assert_eq!(bench.annals(["show", "0"]).json()["context"]["source"], json!("file:feed:1"));
}

#[test]
fn an_import_that_cannot_begin_makes_no_store() {
    let bench = Workbench::new();
    bench.write("bad.jq", "{ eventType: ");
    bench.write("in.jsonl", "{}\n");
    bench.annals(["import", "missing.jsonl"]).exits(2).tells("unusable-file");
    bench.annals(["import", "in.jsonl", "--map", "no-such-preset"]).exits(2).tells("usage");
    bench.annals(["import", "in.jsonl", "--map", "missing.jq"]).exits(2).tells("unusable-file");
    bench.annals(["import", "in.jsonl", "--map", "bad.jq"]).exits(2).tells("invalid-jq-program");
    assert!(!bench.path("annals.db").exists());
}

#[test]
fn a_program_that_never_ends_is_stopped_and_only_its_record_is_refused() {
    let bench = Workbench::new();
    bench.write("annals.toml", "[import]\njq_record_milliseconds = 300\n");
    bench.write(
        "map.jq",
        r#"if .spin then last(repeat(1)) else {eventType: "T", aggregateType: "A", aggregateId: "1"} end"#,
    );
    bench.write("in.jsonl", "{\"spin\":true}\n{}\n");
    let report = bench.annals(["import", "in.jsonl", "--map", "map.jq", "--format", "json"]).exits(3).json();
    assert_eq!((&report["appended"], &report["rejected"]), (&json!(1), &json!(1)));
}

#[test]
#[cfg(unix)]
fn an_interrupted_import_keeps_and_signs_what_arrived_and_is_finished_by_repeating_it() {
    let bench = Workbench::new();
    let line = |n: u32| {
        format!("{{\"eventType\":\"T\",\"aggregateType\":\"A\",\"aggregateId\":\"{n}\",\"payload\":{{}}}}\n")
    };
    bench.write("in.jsonl", (0..100_000).map(line).collect::<String>());
    let mut importing = bench.spawn(["import", "in.jsonl"]);
    let deadline = Instant::now() + Duration::from_secs(20);
    while bench.annals(["events", "--limit", "1"]).stdout.is_empty() {
        assert!(Instant::now() < deadline, "nothing arrives");
    }
    let pid = rustix::process::Pid::from_child(&importing.0);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(importing.0.wait().unwrap().code(), Some(3));
    let answer = bench.annals(["verify", "--format", "json"]).succeeds().json();
    assert!((1..100_000).contains(&answer["events"].as_u64().unwrap()), "{answer}");
    assert_eq!(answer["unsignedTail"], json!(0));
    assert!(!bench.path("annals.dead-letters.jsonl").exists());
    let report = bench.annals(["import", "in.jsonl", "--format", "json"]).succeeds().json();
    assert_eq!(report["repeated"], answer["events"]);
    assert_eq!(report["appended"].as_u64().unwrap() + report["repeated"].as_u64().unwrap(), 100_000);
}
