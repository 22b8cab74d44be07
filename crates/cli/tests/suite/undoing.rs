//! Bringing back earlier states.

use serde_json::{Value, json};

use crate::workbench::Workbench;

/// An order that was spoilt by its third event.
fn with_a_spoilt_order() -> Workbench {
    let bench = Workbench::new();
    let event = |payload: &str| {
        format!(r#"{{"eventType":"Set","aggregateType":"Order","aggregateId":"1","payload":{payload}}}"#)
    };
    let lines =
        [r#"{"total":10,"by":{"ann":1}}"#, r#"{"note":"x"}"#, r#"{"total":-1,"by":{"ann":null},"oops":[1]}"#];
    bench.annals_reading(["append", "-"], &lines.map(event).join("\n")).succeeds();
    bench
}

fn state(bench: &Workbench) -> Value {
    bench.annals(["state", "Order/1"]).succeeds().json()["state"].clone()
}

#[test]
fn a_merged_state_comes_back_and_the_event_names_what_it_undoes() {
    let bench = with_a_spoilt_order();
    let shown = bench.annals(["undo", "Order/1", "2"]).succeeds().json();
    assert_eq!(shown["payload"], json!({"total": 10, "by": {"ann": 1}, "oops": null}));
    assert_eq!((&shown["fromVersion"], &shown["undoneCount"]), (&json!(3), &json!(1)));
    assert_eq!(shown.get("appended"), None);
    assert_eq!(state(&bench)["total"], -1, "nothing is recorded without --append");

    let args = ["undo", "Order/1", "2", "--append", "--type", "OrderCorrected", "--actor", "ann"];
    let recorded = bench.annals(args).succeeds().json();
    assert_eq!(recorded["appended"]["version"], 4);
    assert_eq!(state(&bench), json!({"total": 10, "by": {"ann": 1}, "note": "x"}));
    let event = bench.annals(["show", "3", "--format", "json"]).succeeds().json();
    assert_eq!((&event["eventType"], &event["actorId"]), (&json!("OrderCorrected"), &json!("ann")));
    let undone = shown["undone"][0]["eventId"].clone();
    assert_eq!(event["metadata"], json!({"undoes": {"toVersion": 2, "count": 1, "events": [undone]}}));

    let again = bench.annals(args).succeeds().json();
    assert_eq!((&again["payload"], again.get("appended")), (&Value::Null, None));
}

#[test]
fn an_append_in_between_is_a_conflict() {
    let bench = with_a_spoilt_order();
    let seen = bench.annals(["undo", "Order/1", "2"]).succeeds().json()["fromVersion"].to_string();
    bench.annals(["append", "--type", "Set", "--aggregate", "Order/1", "--payload", "{}"]).succeeds();
    let undo = ["undo", "Order/1", "2", "--append", "--type", "T", "--expect", seen.as_str()];
    bench.annals(undo).exits(4).tells("wrong-expected-version");
    assert_eq!(bench.annals(["state", "Order/1"]).succeeds().json()["version"], 4);
}

#[test]
fn nothing_is_undone_that_no_payload_can_say() {
    let bench = with_a_spoilt_order();
    bench.write("count.jq", ".state | .count += 1");
    bench.write("annals.toml", "history.reducers = [{ aggregate_type = 'Order', reducer = 'count.jq' }]");
    let shown = bench.annals(["undo", "Order/1", "2"]).succeeds().json();
    assert_eq!(
        (&shown["payload"], &shown["changes"]),
        (&Value::Null, &json!([{"path":"/count","old":3,"new":2}]))
    );
    let refused = bench.annals(["undo", "Order/1", "2", "--append", "--type", "T"]);
    refused.exits(2).tells("undo-not-expressible");
    assert_eq!(state(&bench)["count"], 3, "nothing was recorded");
}

#[test]
fn a_replaced_state_comes_back_whole() {
    let bench = with_a_spoilt_order();
    bench.write("annals.toml", "history.reducers = [{ aggregate_type = 'Order', reducer = 'replace' }]");
    bench.annals(["undo", "Order/1", "1", "--append", "--type", "Back"]).succeeds();
    assert_eq!(state(&bench), json!({"total": 10, "by": {"ann": 1}}));
}

#[test]
fn what_undoes_passes_the_same_door_as_everything_else() {
    let bench = with_a_spoilt_order();
    bench.write("annals.toml", "validation.require_schema = true");
    bench.annals(["undo", "Order/1", "2", "--append", "--type", "T"]).exits(2).tells("schema-missing");
    bench.annals(["undo", "Order/1", "2", "--append"]).exits(2).tells("usage");
}
