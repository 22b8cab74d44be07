//! The past of aggregates: states, differences, authors, timelines.

use serde_json::{Value, json};

use crate::workbench::Workbench;

/// Three events of one aggregate, of which the last one came late: it happened between the other two.
fn with_a_late_event() -> Workbench {
    let bench = Workbench::new();
    let event = |time: &str, actor: &str, payload: &str| {
        format!(
            r#"{{"eventType":"Set","aggregateType":"A","aggregateId":"1","timestamp":"2026-11-20T{time}:00Z","actorId":"{actor}","payload":{payload}}}"#
        )
    };
    let lines = [
        event("10:00", "ann", r#"{"a":1.5,"n":{"x":true,"gone":0},"list":[1,2]}"#),
        event("12:00", "bob", r#"{"a":2,"n":{"gone":null}}"#),
        event("11:00", "cyd", r#"{"b":"late","list":[1]}"#),
    ];
    bench.annals_reading(["append", "-"], &lines.join("\n")).succeeds();
    bench
}

fn without_ids(mut value: Value) -> Value {
    for object in value.as_array_mut().unwrap() {
        object.as_object_mut().unwrap().retain(|name, _| name != "eventId" && name != "recordedAt");
    }
    value
}

#[test]
fn a_state_says_behind_which_event_it_stands_and_keeps_its_digits() {
    let bench = with_a_late_event();
    let now = bench.annals(["state", "A/1", "--format", "json"]).succeeds();
    let state = r#""state":{"a":2,"n":{"x":true},"list":[1],"b":"late"}"#;
    assert!(now.stdout.contains(state), "{}", now.stdout);
    let answer = now.json();
    assert_eq!(answer["aggregate"], "A/1");
    assert_eq!((&answer["version"], &answer["position"]), (&json!(3), &json!(2)));
    assert_eq!((&answer["timestamp"], &answer["late"]), (&json!("2026-11-20T11:00:00.000000Z"), &json!([])));
    let members: Vec<_> = answer.as_object().unwrap().keys().cloned().collect();
    assert_eq!(members.len(), 6, "{members:?}");

    let first = bench.annals(["state", "A/1", "--version", "1"]).succeeds();
    assert_eq!(first.json()["state"]["a"], 1.5);
    let digits = Workbench::with_orders().annals(["state", "Order/1"]).succeeds();
    assert!(digits.stdout.contains(r#""total":99.90,"#), "{}", digits.stdout);
    let before = bench.annals(["state", "A/1", "--version", "0"]).succeeds().json();
    assert_eq!((&before["position"], &before["state"]), (&Value::Null, &json!({})));
}

#[test]
fn a_time_leaves_out_what_happened_later_and_names_what_came_late() {
    let bench = with_a_late_event();
    let then = bench.annals(["state", "A/1", "--at", "2026-11-20T11:30:00Z"]).succeeds().json();
    assert_eq!(then["state"], json!({"a": 1.5, "n": {"x": true, "gone": 0}, "list": [1], "b": "late"}));
    let late = without_ids(then["late"].clone());
    assert_eq!(
        late,
        json!([{"version":3,"position":2,"eventType":"Set","timestamp":"2026-11-20T11:00:00.000000Z","actorId":"cyd"}])
    );
    let words =
        bench.annals(["state", "A/1", "--at", "2026-11-20T11:30:00Z", "--format", "table"]).succeeds();
    assert!(
        words.stdout.contains("came late  version 3, Set at 2026-11-20 11:00:00.000 by cyd"),
        "{}",
        words.stdout
    );
    let known = ["state", "A/1", "--recorded", "--at", "2026-11-20T11:30:00Z"];
    assert_eq!(bench.annals(known).succeeds().json()["version"], 0);
}

#[test]
fn a_difference_tells_null_from_absence() {
    let bench = with_a_late_event();
    let diff = bench.annals(["diff", "A/1", "1", "now", "--format", "json"]).succeeds().json();
    assert_eq!(
        diff,
        json!([
            {"path": "/a", "old": 1.5, "new": 2},
            {"path": "/n/gone", "old": 0},
            {"path": "/list/1", "old": 2},
            {"path": "/b", "new": "late"},
        ])
    );
    bench.annals(["diff", "A/1", "1", "yesterday"]).exits(2).tells("usage");
    let same = bench.annals(["diff", "A/1", "2", "2", "--format", "table"]).succeeds();
    assert!(same.stdout.ends_with("nothing differs\n"), "{}", same.stdout);
}

#[test]
fn blame_names_the_event_that_set_each_value() {
    let bench = with_a_late_event();
    let blame = bench.annals(["blame", "A/1", "--format", "json"]).succeeds().json();
    let found: Vec<_> = blame
        .as_array()
        .unwrap()
        .iter()
        .map(|leaf| {
            (
                leaf["path"].as_str().unwrap(),
                leaf["version"].as_u64().unwrap(),
                leaf["actorId"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(found, [("/a", 2, "bob"), ("/n/x", 1, "ann"), ("/list/0", 3, "cyd"), ("/b", 3, "cyd")]);
    let members: Vec<_> = blame[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        members,
        ["actorId", "eventId", "eventType", "path", "position", "timestamp", "value", "version"]
    );
    let then = bench.annals(["blame", "A/1", "--version", "1"]).succeeds().lines();
    assert!(then.iter().all(|leaf| leaf["version"] == 1), "{then:?}");
}

#[test]
fn a_timeline_tells_what_each_event_changed() {
    let bench = with_a_late_event();
    let timeline = bench.annals(["history", "A/1", "--from", "2"]).succeeds().lines();
    assert_eq!(timeline.len(), 2);
    assert_eq!(timeline[0]["changes"], json!([{"path":"/a","old":1.5,"new":2},{"path":"/n/gone","old":0}]));
    let words =
        bench.annals(["history", "A/1", "--format", "table", "--to", "2026-11-20T12:00:00Z"]).succeeds();
    assert!(
        words.stdout.contains("  3  2026-11-20 11:00:00.000  Set by cyd, 1 h earlier\n"),
        "{}",
        words.stdout
    );
    assert!(words.stdout.contains("     ~ /a       1.5 → 2\n     - /n/gone  0\n"), "{}", words.stdout);
    let none = bench.annals(["history", "A/1", "--format", "table", "--from", "2027-01-01"]).succeeds();
    assert!(none.stderr.contains("no event lies between"), "{}", none.stderr);
}

#[test]
fn a_replay_streams_events_with_the_states_around_them() {
    let bench = with_a_late_event();
    let steps = bench.annals(["replay", "A/1", "--until", "2"]).succeeds().lines();
    assert_eq!(steps.len(), 2);
    assert_eq!(steps[0]["before"], json!({}));
    assert_eq!((&steps[0]["after"], &steps[1]["event"]["version"]), (&steps[1]["before"], &json!(2)));
    let refused = bench.annals(["replay", "A/1", "--step"]).exits(2).tells("usage");
    assert!(refused.stderr.contains("needs a terminal"), "{}", refused.stderr);
}

#[test]
fn all_states_of_a_type_are_one_answer() {
    let bench = Workbench::with_orders();
    let all = bench.annals(["state", "--aggregate-type", "Order", "--format", "json"]).succeeds().json();
    let one = |id: &str| bench.annals(["state", &format!("Order/{id}")]).succeeds().json();
    assert_eq!(all, json!([one("1"), one("2")]));
    let then = ["state", "--aggregate-type", "Order", "--at", "2026-11-20T10:00:00Z"];
    assert_eq!(bench.annals(then).succeeds().lines(), [one("1")]);
    bench.annals(["state"]).exits(2).tells("usage");
}

#[test]
fn what_is_not_there_is_not_found() {
    let bench = Workbench::with_orders();
    for command in ["history", "state", "blame", "replay"] {
        bench.annals([command, "Order/nobody"]).exits(5).tells("no-such-aggregate");
    }
    bench.annals(["state", "Order/1", "--version", "9"]).exits(5).tells("no-such-version");
    bench.annals(["undo", "Order/1", "9"]).exits(5).tells("no-such-version");
}

#[test]
fn the_past_is_read_while_another_process_writes() {
    let bench = Workbench::new();
    let mut writer = bench.writer();
    writer.append();
    assert_eq!(bench.annals(["state", "A/1"]).succeeds().json()["version"], 1);
    writer.append();
    assert_eq!(bench.annals(["state", "A/1"]).succeeds().json()["version"], 2);
    bench.annals(["snapshots"]).succeeds();
    writer.finish();
}
