//! Reducers, upcasters and snapshots, as they are configured.

use serde_json::json;

use crate::workbench::Workbench;

const TOTAL: &str = "if .event.eventType == \"OrderPaid\" then\n  .state | .paid = true\nelse\n  .state + {total: (.event.payload.total | tonumber)}\nend";

fn with_reducer(program: &str) -> Workbench {
    let bench = Workbench::with_orders();
    bench.write("etc/order.jq", program);
    bench.write("etc/annals.toml", "[[history.reducers]]\naggregate_type = 'Order'\nreducer = 'order.jq'\n");
    bench
}

#[test]
fn a_jq_reducer_is_found_beside_the_file_that_names_it() {
    let bench = with_reducer(TOTAL);
    let answer = bench.annals(["state", "Order/1", "--config", "etc/annals.toml"]).succeeds();
    assert!(answer.stdout.contains(r#""state":{"total":99.90,"paid":true}"#), "{}", answer.stdout);
    let merged = bench.annals(["state", "Customer/42", "--config", "etc/annals.toml"]).succeeds().json();
    assert_eq!(merged["state"]["name"], "Ann, the First");
}

#[test]
fn a_reducer_that_fails_names_event_line_and_value_and_gives_no_state() {
    let bench = with_reducer(".state\n| .x = (.event.payload.total | tonumber)");
    bench.write("etc/order.jq", ".event as $event | .state\n| .x = ($event.payload.note | tonumber)");
    let failed =
        bench.annals(["state", "Order/1", "--config", "etc/annals.toml"]).exits(2).tells("reducer-failed");
    assert_eq!(failed.stdout, "");
    for part in ["order.jq", "Order/1 version 1", "0192f0c1-7b3e-7c4a-9d52-000000000001", "first, of many"] {
        assert!(failed.stderr.contains(part), "{part}: {}", failed.stderr);
    }
    let all = ["state", "--aggregate-type", "Order", "--config", "etc/annals.toml"];
    let failed = bench.annals(all).exits(2).tells("reducer-failed");
    assert!(failed.stderr.contains("Order/1") && failed.stderr.contains("Order/2"), "{}", failed.stderr);
    bench.annals(["state", "Customer/42", "--config", "etc/annals.toml"]).succeeds();
}

#[test]
fn a_reducer_is_tried_before_it_is_configured() {
    let bench = Workbench::with_orders();
    bench.write("total.jq", TOTAL);
    let checked = bench.annals(["reducers", "check", "total.jq", "--on", "Order/1"]).succeeds();
    assert!(checked.stdout.contains(r#""state":{"total":99.90,"paid":true}"#), "{}", checked.stdout);
    bench.write("spoilt.jq", "if .event.version == 2 then error(\"no\") else {seen: true} end");
    let words = ["reducers", "check", "spoilt.jq", "--on", "Order/1", "--format", "table"];
    let failed = bench.annals(words).exits(2).tells("reducer-failed");
    assert!(failed.stdout.contains("+ /seen  true"), "{}", failed.stdout);
    bench.write("none.jq", "this is no program");
    bench.annals(["reducers", "check", "none.jq", "--on", "Order/1"]).exits(2).tells("invalid-jq-program");
    bench.annals(["reducers", "check", "gone.jq", "--on", "Order/1"]).exits(2).tells("unusable-file");
}

#[test]
fn upcasters_follow_each_other_and_change_nothing_that_is_stored() {
    let bench = Workbench::with_orders();
    bench.write("one.jq", ".amount = .total | del(.total)");
    bench.write("two.jq", "{amount, of: $event.actorId}");
    let upcaster = |version: u8, file: &str| {
        format!(
            "[[history.upcasters]]\nevent_type = 'OrderPlaced'\nschema_version = {version}\nfile = '{file}'\n"
        )
    };
    bench.write("annals.toml", [upcaster(1, "one.jq"), upcaster(2, "two.jq")].concat());
    let state = bench.annals(["state", "Order/2"]).succeeds().json()["state"].clone();
    assert_eq!(state, json!({"amount": 5, "of": "bob"}));
    assert_eq!(bench.annals(["show", "2"]).succeeds().json()["payload"], json!({"total": 5}));
    bench.write("two.jq", "error(\"why not\")");
    let failed = bench.annals(["state", "Order/2"]).exits(2).tells("upcaster-failed");
    assert!(failed.stderr.contains("two.jq") && failed.stderr.contains("why not"), "{}", failed.stderr);
}

#[test]
fn what_is_configured_twice_or_unknown_is_refused() {
    let bench = Workbench::with_orders();
    let reducer = "[[history.reducers]]\naggregate_type = 'Order'\nreducer = 'merge'\n";
    bench.write("annals.toml", reducer.repeat(2));
    assert!(bench.annals(["state", "Order/1"]).exits(2).tells("usage").stderr.contains("two reducers"));
    bench.write("annals.toml", reducer.replace("'merge'", "'mrege'"));
    assert!(
        bench.annals(["state", "Order/1"]).exits(2).tells("invalid-configuration").stderr.contains("mrege")
    );
    bench.write("annals.toml", "snapshots.every_events = 0");
    bench.annals(["state", "Order/1"]).exits(2).tells("invalid-configuration");
}

#[test]
fn whoever_writes_takes_the_snapshots_that_are_due_and_they_change_no_answer() {
    let bench = Workbench::new();
    bench.write("annals.toml", "snapshots.every_events = 10");
    let lines: Vec<String> = (0..25)
        .map(|n| {
            format!(
                r#"{{"eventType":"T","aggregateType":"A","aggregateId":"1","payload":{{"n{}":{n}}}}}"#,
                n % 7
            )
        })
        .collect();
    bench.annals_reading(["append", "-"], &lines.join("\n")).succeeds();
    let listed = bench.annals(["snapshots"]).succeeds().lines();
    let versions: Vec<_> = listed.iter().map(|snapshot| snapshot["version"].as_u64().unwrap()).collect();
    assert_eq!(versions, [10, 20]);
    assert!(listed.iter().all(|snapshot| snapshot["isCurrent"] == true && snapshot["takenAt"].is_string()));
    assert_eq!(bench.annals(["stats"]).succeeds().json()["snapshots"]["count"], 2);
    let then = bench.annals(["state", "A/1", "--version", "23"]).succeeds().stdout;
    bench.write("annals.toml", "[[history.reducers]]\naggregate_type = 'A'\nreducer = 'replace'\n");
    assert!(
        bench.annals(["snapshots"]).succeeds().lines().iter().all(|snapshot| snapshot["isCurrent"] == false)
    );
    bench.write("annals.toml", "");
    assert_eq!(bench.annals(["snapshots", "--drop"]).succeeds().json(), json!({"dropped": 2}));
    assert_eq!(bench.annals(["state", "A/1", "--version", "23"]).succeeds().stdout, then);
    let taken = bench.annals(["snapshot", "A/1"]).succeeds().json();
    assert_eq!((&taken["aggregate"], &taken["version"]), (&json!("A/1"), &json!(25)));
}

#[test]
fn events_are_recorded_while_a_reducer_is_not_right() {
    let bench = with_reducer("this is no program");
    let event =
        ["append", "--type", "T", "--aggregate", "Order/1", "--payload", "{}", "--config", "etc/annals.toml"];
    let recorded = bench.annals(event).succeeds();
    assert!(recorded.stderr.contains("warning[invalid-jq-program]"), "{}", recorded.stderr);
    bench.annals(["state", "Order/1", "--config", "etc/annals.toml"]).exits(2).tells("invalid-jq-program");
}
