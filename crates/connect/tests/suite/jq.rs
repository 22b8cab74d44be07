//! Mappings in jq, run in a worker process.

use std::time::Duration;

use annals_connect::{ImportError, JqMapping, Mapping};
use annals_jq::WorkerCommand;
use annals_store::MemoryStore;

use crate::support::{events, example, import_of, jq, run, shown, store_in_1970};

#[tokio::test]
async fn the_example_maps_every_line_and_keeps_its_bytes() {
    let log = example("loans-small.jsonl");
    let program = String::from_utf8(example("loans.jq")).unwrap();
    let store = MemoryStore::new();
    let outcome = run(&store, import_of("loans-small.jsonl", jq(&program)), &log).await.unwrap();
    let lines: Vec<&str> = std::str::from_utf8(&log).unwrap().lines().collect();
    assert_eq!(outcome.counts(), [lines.len() as u64, 0, 0, 0]);
    let events = events(&store).await;
    let payloads: Vec<&str> = events.iter().map(|event| event.payload.value().unwrap().as_str()).collect();
    assert_eq!(payloads, lines);
    assert_eq!(
        shown(&events[0]).split(" | ").take(5).collect::<Vec<_>>(),
        ["A_SUBMITTED.COMPLETE", "LoanApplication/200116", "v1", "2026-04-01T07:46:36.856000Z", "112"]
    );
    let again = run(&store, import_of("loans-small.jsonl", jq(&program)), &log).await.unwrap();
    assert_eq!(again.counts(), [0, lines.len() as u64, 0, 0]);
}

#[tokio::test]
async fn a_program_returns_no_one_or_several_events_or_refuses() {
    let program = r#"
        if .n == 0 then empty
        elif .n == 1 then {eventType: "One", aggregate: "A/\($source)", tags: ["line:\($line)"]}
        elif .n == 2 then {eventType: "Two", aggregate: "A/x", payload: {a: .x}}, {eventType: "Two", aggregate: "A/x", payload: {b: .x}}
        elif .n == 3 then [{eventType: "Three", aggregate: "A/x"}, {eventType: "Three", aggregate: "A/x"}]
        elif .n == 4 then error("we do not want \(.n)")
        elif .n == 5 then .x.y
        elif .n == 6 then {eventType: "Six", aggregate: "A/x"}, {eventType: "Six"}
        elif .n == 7 then {eventType: "Seven", aggregate: "A/x", version: 7}
        else "text" end"#;
    let lines: String = (0..9).map(|n| format!("{{\"n\": {n}, \"x\": 1.50}}\n")).collect();
    let text = format!("{lines}not json\n");
    let store = store_in_1970();
    let outcome = run(&store, import_of("n.jsonl", jq(program)), text.as_bytes()).await.unwrap();
    assert_eq!(outcome.counts(), [5, 0, 1, 6]);
    assert_eq!(
        outcome.refused(),
        [
            (5, "mapping-refused"),
            (6, "mapping-failed"),
            (7, "member-missing"),
            (8, "member-unknown"),
            (9, "member-invalid"),
            (10, "record-not-json"),
        ]
    );
    let reasons: Vec<&str> =
        outcome.dead_letters.iter().map(|letter| letter["reason"].as_str().unwrap()).collect();
    assert!(reasons[0].contains("we do not want 4"), "{reasons:?}");
    assert!(reasons[2].starts_with("event 2 of the program: aggregateType is missing"), "{reasons:?}");
    assert!(reasons[3].contains("schemaVersion"), "{reasons:?}");
    let found: Vec<String> = events(&store).await.iter().map(shown).collect();
    assert_eq!(
        found,
        [
            r#"One | A/n.jsonl | v1 | 1970-01-01T00:00:00.000000Z | anonymous | {"n": 1, "x": 1.50} | {} | {"source":"file:n.jsonl:2"}"#,
            r#"Two | A/x | v1 | 1970-01-01T00:00:00.000000Z | anonymous | {"a":1.50} | {} | {"source":"file:n.jsonl:3"}"#,
            r#"Two | A/x | v1 | 1970-01-01T00:00:00.000000Z | anonymous | {"b":1.50} | {} | {"source":"file:n.jsonl:3"}"#,
            r#"Three | A/x | v1 | 1970-01-01T00:00:00.000000Z | anonymous | {"n": 3, "x": 1.50} | {} | {"source":"file:n.jsonl:4"}"#,
            r#"Three | A/x | v1 | 1970-01-01T00:00:00.000000Z | anonymous | {"n": 3, "x": 1.50} | {} | {"source":"file:n.jsonl:4"}"#,
        ]
    );
}

#[tokio::test]
async fn a_row_of_csv_is_an_object_of_strings_and_so_is_its_payload() {
    let text = "id,what,total\r\n7,\"placed, \"\"now\"\"\",1.50\r\n8,paid,\r\n";
    let program = r#"{eventType: .what, aggregate: "Order/\(.id)"}"#;
    let store = store_in_1970();
    let outcome = run(&store, import_of("orders.csv", jq(program)), text.as_bytes()).await.unwrap();
    assert_eq!(outcome.counts(), [2, 0, 0, 0]);
    let found: Vec<String> = events(&store).await.iter().map(shown).collect();
    assert_eq!(
        found,
        [
            r#"placed, "now" | Order/7 | v1 | 1970-01-01T00:00:00.000000Z | anonymous | {"id":"7","what":"placed, \"now\"","total":"1.50"} | {} | {"source":"file:orders.csv:2"}"#,
            r#"paid | Order/8 | v1 | 1970-01-01T00:00:00.000000Z | anonymous | {"id":"8","what":"paid","total":""} | {} | {"source":"file:orders.csv:3"}"#,
        ]
    );
}

#[tokio::test]
async fn a_record_on_which_the_program_never_ends_fails_alone() {
    let Mapping::Jq(mapping) =
        jq("(if .n == 700 then def f: f; f else . end) | {eventType: \"E\", aggregate: \"A/1\"}")
    else {
        panic!("not jq")
    };
    let limits = annals_jq::Limits { record_deadline: Duration::from_millis(400), ..Default::default() };
    let import = import_of("n.jsonl", Mapping::Jq(mapping.with_limits(limits)));
    let text: String = (0..1_200).map(|n| format!("{{\"n\":{n}}}\n")).collect();
    let store = MemoryStore::new();
    let outcome = run(&store, import, text.as_bytes()).await.unwrap();
    assert_eq!(outcome.refused(), [(701, "mapping-failed")]);
    assert_eq!(outcome.counts(), [1_199, 0, 0, 1]);
    let found: Vec<String> =
        events(&store).await.iter().map(|event| event.payload.value().unwrap().to_string()).collect();
    let expected: Vec<&str> = text.lines().filter(|line| *line != "{\"n\":700}").collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn an_import_without_a_worker_says_so() {
    let worker = WorkerCommand::new("/nonexistent/annals", ["jq-worker"]);
    let mapping = Mapping::Jq(JqMapping::compile("test.jq", ".", worker).unwrap());
    let error = run(&MemoryStore::new(), import_of("a.jsonl", mapping), b"{}").await.err().unwrap();
    assert!(matches!(error, ImportError::Worker { line: 0, .. }), "{error}");
    assert!(error.to_string().contains("/nonexistent/annals"), "{error}");
}
