use serde_json::Value;

use crate::workbench::{Ran, Workbench};

const CONFIGURATION: &str = r#"
[validation]
require_schema = false

[[validation.schemas]]
event_type = "OrderPlaced"
file = "schemas/order.json"

[[validation.schemas]]
event_type = "OrderPlaced"
schema_version = 2
file = "schemas/order-2.json"
"#;

/// A folder in which orders have a total, and from version 2 on a currency.
fn bench_with_schemas() -> Workbench {
    let bench = Workbench::new();
    bench.write("books/annals.toml", CONFIGURATION);
    bench.write("books/schemas/order.json", r#"{"properties":{"total":{"type":"number"}}}"#);
    bench.write("books/schemas/order-2.json", r#"{"required":["currency"]}"#);
    bench
}

fn line(event_type: &str, payload: &str) -> String {
    format!(r#"{{"eventType":"{event_type}","aggregate":"Order/1","payload":{payload}}}"#) + "\n"
}

fn append(bench: &Workbench, event_type: &str, payload: &str, more: &[&str]) -> Ran {
    let event = ["--type", event_type, "--aggregate", "Order/1", "--payload", payload];
    bench.annals([&["--config", "books/annals.toml", "append"], &event[..], more].concat())
}

#[test]
fn an_append_that_a_schema_does_not_allow_stores_nothing_not_even_a_store() {
    let bench = bench_with_schemas();
    let ran = append(&bench, "OrderPlaced", r#"{"total":"ten"}"#, &[]).exits(2).tells("schema-violated");
    assert!(ran.stderr.contains(r#"payload at /total: "ten" is not of type "number""#), "{}", ran.stderr);
    assert!(ran.stderr.contains("books/schemas/order.json#/properties/total/type"), "{}", ran.stderr);
    let lines = line("OrderPlaced", r#"{"total":1}"#) + &line("OrderPlaced", r#"{"total":[]}"#);
    let atomic = ["--config", "books/annals.toml", "append", "-", "--atomic"];
    let ran = bench.annals_reading(atomic, &lines).exits(2).tells("schema-violated");
    assert!(ran.stderr.contains("line 2: "), "{}", ran.stderr);
    assert!(!bench.path("annals.db").exists());
}

#[test]
fn schemas_are_for_their_type_and_version_and_others_pass_unless_each_must_have_one() {
    let bench = bench_with_schemas();
    append(&bench, "OrderPlaced", r#"{"total":1.10}"#, &[]).succeeds();
    append(&bench, "OrderPlaced", r#"{}"#, &["--schema-version", "2"]).exits(2).tells("schema-violated");
    append(&bench, "OrderPlaced", r#"{"currency":"EUR"}"#, &["--schema-version", "2"]).succeeds();
    append(&bench, "OrderPaid", r#"{"total":"ten"}"#, &[]).succeeds();
    bench.write("books/annals.toml", CONFIGURATION.replace("false", "true"));
    append(&bench, "OrderPaid", "{}", &[]).exits(2).tells("schema-missing");
    append(&bench, "OrderPlaced", "{}", &[]).succeeds();
}

#[test]
fn imports_and_lines_go_on_behind_what_is_refused() {
    let bench = bench_with_schemas();
    let wrong = line("OrderPlaced", r#"{"total":"ten"}"#);
    bench.write("in.jsonl", line("OrderPlaced", r#"{"total":1}"#) + &wrong + &line("OrderPaid", "{}"));
    let import = ["--config", "books/annals.toml", "import", "in.jsonl", "--format", "json"];
    let report = bench.annals(import).exits(3).tells("input-not-stored").json();
    assert_eq!((&report["appended"], &report["rejected"]), (&2.into(), &1.into()));
    let letter: Value = serde_json::from_str(&bench.read("annals.dead-letters.jsonl")).unwrap();
    assert_eq!((&letter["code"], &letter["line"]), (&"schema-violated".into(), &2.into()));
    assert_eq!(letter["record"], wrong.trim_end());
    let lines = wrong + &line("OrderPlaced", r#"{"total":3}"#);
    let ran = bench.annals_reading(["--config", "books/annals.toml", "append", "-"], &lines).exits(3);
    assert_eq!(ran.tells("schema-violated").stdout.lines().count(), 1);
}

#[test]
fn a_schema_that_cannot_be_used_stops_writers_before_there_is_a_store_and_no_reader() {
    let bench = bench_with_schemas();
    let append = |event_type| append(&bench, event_type, "{}", &[]);
    bench.write("books/schemas/order.json", "{\n  \"properties\": ]\n}");
    let ran = append("OrderPaid").exits(2).tells("invalid-schema");
    assert!(ran.stderr.contains("order.json: unexpected ']' (line 2, column 17"), "{}", ran.stderr);
    bench.write("books/schemas/order.json", r#"{"properties":{"a":{"$ref":"file:///etc/hostname"}}}"#);
    let ran = append("OrderPaid").exits(2).tells("invalid-schema");
    assert!(ran.stderr.contains("order.json#/properties/a/$ref: file:///etc/hostname"), "{}", ran.stderr);
    std::fs::remove_file(bench.path("books/schemas/order.json")).unwrap();
    let ran = append("OrderPaid").exits(2).tells("unusable-file");
    assert!(ran.stderr.contains("schemas/order.json"), "{}", ran.stderr);
    assert!(!bench.path("annals.db").exists());
    bench.annals(["--config", "books/annals.toml", "events"]).exits(5).tells("no-store");
}

#[test]
fn schemas_are_shown_and_a_wrong_key_or_version_among_them_is_named() {
    let bench = bench_with_schemas();
    let show = ["--config", "books/annals.toml", "config", "show"];
    let shown = bench.annals([&show[..], &["--format", "csv"]].concat()).succeeds().stdout;
    assert!(shown.contains(r#"schema_version = 2"#) && shown.contains("schemas/order-2.json"), "{shown}");
    for (wrong, named) in [("schema_version = 0", "schemaVersion 0"), ("versoin = 1", "versoin")] {
        bench.write("books/annals.toml", CONFIGURATION.replace("schema_version = 2", wrong));
        let ran = append(&bench, "OrderPlaced", "{}", &[]).exits(2).tells("invalid-configuration");
        assert!(ran.stderr.contains(named), "{}", ran.stderr);
    }
}

#[test]
fn a_variable_may_name_schemas() {
    let bench = bench_with_schemas();
    bench.write("none.json", "false");
    let mut command = bench.command(["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"]);
    command.env("ANNALS_VALIDATION_SCHEMAS", r#"[{event_type="T",file="none.json"}]"#);
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("error[schema-violated]"), "{told}");
}
