use serde_json::json;

use crate::workbench::Workbench;

const LINE: &str = r#"{"eventType":"T","aggregateType":"A","aggregateId":"1","payload":{"n":1.10}}"#;

#[test]
fn an_append_prints_what_was_recorded_and_keeps_the_producers_bytes() {
    let bench = Workbench::new();
    let ran = bench.annals([
        "append",
        "--type",
        "OrderPlaced",
        "--aggregate",
        "Order/a/b",
        "--payload",
        r#"{ "total" : 1.10 }"#,
        "--actor",
        "ann",
        "--tag",
        "customer:42",
        "--tag",
        "vip",
        "--metadata",
        r#"{"source":"x"}"#,
        "--correlation",
        "c",
        "--causation",
        "d",
        "--timestamp",
        "2026-11-20T10:30:00+01:00",
        "--schema-version",
        "3",
        "--event-id",
        "0192f0c1-7b3e-7c4a-9d52-0a4f5b2f6d11",
    ]);
    let event = ran.succeeds();
    assert!(event.stdout.contains(r#""payload":{ "total" : 1.10 }"#), "{}", event.stdout);
    let event = event.json();
    for (member, value) in [
        ("position", json!(0)),
        ("eventId", json!("0192f0c1-7b3e-7c4a-9d52-0a4f5b2f6d11")),
        ("eventType", json!("OrderPlaced")),
        ("aggregateType", json!("Order")),
        ("aggregateId", json!("a/b")),
        ("version", json!(1)),
        ("schemaVersion", json!(3)),
        ("timestamp", json!("2026-11-20T09:30:00.000000Z")),
        ("actorId", json!("ann")),
        ("tags", json!(["customer:42", "vip"])),
        ("metadata", json!({"source": "x", "correlationId": "c", "causationId": "d"})),
        ("context", json!({"source": "cli"})),
    ] {
        assert_eq!(event[member], value, "{member}");
    }
}

#[test]
fn repeating_an_append_stores_nothing_twice_and_says_so() {
    let bench = Workbench::new();
    let args = [
        "append",
        "--type",
        "T",
        "--aggregate",
        "A/1",
        "--payload",
        "{}",
        "--expect",
        "none",
        "--event-id",
        "0192f0c1-7b3e-7c4a-9d52-0a4f5b2f6d11",
    ];
    let first = bench.annals(args).succeeds().json();
    let again = bench.annals(args).succeeds();
    assert_eq!(again.json()["repeated"], json!(true));
    assert_eq!(again.json()["recordedAt"], first["recordedAt"]);
    assert!(again.stderr.contains("recorded before"), "{}", again.stderr);
    assert_eq!(bench.annals(["events"]).lines().len(), 1);
}

#[test]
fn the_same_id_with_other_content_is_a_conflict() {
    let bench = Workbench::new();
    let append = |payload| {
        bench.annals([
            "append",
            "--type",
            "T",
            "--aggregate",
            "A/1",
            "--payload",
            payload,
            "--event-id",
            "0192f0c1-7b3e-7c4a-9d52-0a4f5b2f6d11",
        ])
    };
    append("{}").succeeds();
    append(r#"{"other":1}"#).exits(4).tells("event-id-conflict");
}

#[test]
fn an_expectation_that_does_not_hold_is_a_conflict_and_stores_nothing() {
    let bench = Workbench::new();
    let append = |expect| {
        bench.annals(["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}", "--expect", expect])
    };
    append("exists").exits(4).tells("wrong-expected-version");
    append("none").succeeds();
    append("none").exits(4).tells("wrong-expected-version");
    append("1").succeeds();
    append("any").succeeds();
    assert_eq!(bench.annals(["events"]).lines().len(), 3);
}

#[test]
fn each_line_is_an_append_of_its_own_and_what_cannot_be_stored_is_named() {
    let bench = Workbench::new();
    let ran = bench.annals_reading(["append", "-"], &format!("{LINE}\n\nnonsense\n{LINE}"));
    assert_eq!(ran.lines().len(), 2);
    assert!(ran.stderr.contains("line 3"), "{}", ran.stderr);
    ran.exits(3).tells("record-not-json").tells("input-not-stored");
}

#[test]
fn with_atomic_all_lines_are_stored_or_none() {
    let bench = Workbench::new();
    bench
        .annals_reading(["append", "-", "--atomic"], &format!("{LINE}\nnonsense\n"))
        .exits(2)
        .tells("record-not-json");
    assert!(!bench.path("annals.db").exists());
    let ran = bench.annals_reading(["append", "-", "--atomic"], &format!("{LINE}\n{LINE}\n")).succeeds();
    assert_eq!(
        ran.lines().iter().map(|event| event["version"].clone()).collect::<Vec<_>>(),
        [json!(1), json!(2)]
    );
}

#[test]
fn what_arrives_is_stored_while_more_is_awaited() {
    let bench = Workbench::new();
    let mut writer = bench.writer();
    assert_eq!(writer.append()["version"], json!(1));
    assert_eq!(writer.append()["version"], json!(2));
    writer.finish();
}

#[test]
fn what_events_prints_can_be_appended_to_another_log() {
    let bench = Workbench::with_orders();
    let events = bench.annals(["events", "--raw"]).succeeds().stdout;
    let copied = bench.annals_reading(["--store", "copy.db", "append", "-"], &events).succeeds().lines();
    let originals = bench.annals(["events"]).lines();
    assert_eq!(copied.len(), originals.len());
    for (copy, original) in copied.iter().zip(&originals) {
        for member in ["eventId", "timestamp", "payload", "metadata", "context", "version"] {
            assert_eq!(copy[member], original[member], "{member}");
        }
    }
}
