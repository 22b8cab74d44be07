use serde_json::{Value, json};

use crate::workbench::Workbench;

fn positions(bench: &Workbench, args: &[&str]) -> Vec<u64> {
    let args = [&["events"], args].concat();
    bench.annals(args).succeeds().lines().iter().map(|event| event["position"].as_u64().unwrap()).collect()
}

#[test]
fn every_filter_narrows_the_answer_and_all_together_too() {
    let bench = Workbench::with_orders();
    let cases: [(&[&str], &[u64]); 16] = [
        (&["--aggregate", "Order/1"], &[0, 1]),
        (&["--aggregate", "Order/1", "--aggregate", "Order/2"], &[0, 1, 2]),
        (&["--aggregate-type", "Customer"], &[3]),
        (&["--aggregate-id", "2"], &[2]),
        (&["--type", "OrderPlaced"], &[0, 2]),
        (&["--type", "OrderPlaced", "--type", "OrderPaid"], &[0, 1, 2]),
        (&["--actor", "ann"], &[0, 3]),
        (&["--tag", "customer:42"], &[0]),
        (&["--correlation", "c-1"], &[0, 1]),
        (&["--from", "2026-11-20T09:05:00.5Z", "--to", "2026-11-20T23:30:00Z"], &[1, 2]),
        (&["--to", "2026-11-20"], &[0, 1, 2]),
        (&["--to", "2026-11-20", "--tz", "Europe/Berlin"], &[0, 1]),
        (&["--recorded-from", "1h"], &[0, 1, 2, 3]),
        (&["--recorded-to", "1h"], &[]),
        (&["--where", "/total > 5", "--where", "/card exists"], &[1]),
        (&["--aggregate", "Order/1", "--actor", "ann", "--where", "/note contains x"], &[]),
    ];
    for (args, expected) in cases {
        assert_eq!(positions(&bench, args), expected, "{args:?}");
    }
}

#[test]
fn an_answer_can_be_read_in_parts_and_backwards() {
    let bench = Workbench::with_orders();
    assert_eq!(positions(&bench, &["--limit", "2", "--offset", "1"]), [1, 2]);
    assert_eq!(positions(&bench, &["--after", "1", "--limit", "1"]), [2]);
    assert_eq!(positions(&bench, &["--reverse", "--after", "2"]), [1, 0]);
    assert!(positions(&bench, &["--limit", "0"]).is_empty());
}

#[test]
fn json_is_one_array_and_raw_gives_the_producers_bytes_as_strings() {
    let bench = Workbench::with_orders();
    let events = bench.annals(["events", "--format", "json"]).succeeds().json();
    assert_eq!(events.as_array().unwrap().len(), 4);
    let raw = bench.annals(["events", "--raw", "--limit", "1"]).succeeds().lines();
    assert!(raw[0]["payloadText"].as_str().unwrap().starts_with(r#"{"total": 99.90, "#));
    assert!(raw[0].get("payload").is_none());
}

#[test]
fn a_payload_of_several_lines_is_one_line_of_jsonl() {
    let bench = Workbench::new();
    bench.annals(["append", "--type", "T", "--aggregate", "A/1", "--payload", "{\n  \"a\": 1\n}"]).succeeds();
    assert_eq!(bench.annals(["events"]).succeeds().lines()[0]["payload"], json!({"a": 1}));
    let raw = bench.annals(["show", "0", "--raw"]).succeeds().json();
    assert_eq!(raw["payloadText"], json!("{\n  \"a\": 1\n}"));
}

#[test]
fn an_event_is_shown_by_position_and_by_id() {
    let bench = Workbench::with_orders();
    let by_position = bench.annals(["show", "2"]).succeeds().json();
    let by_id = bench.annals(["show", "0192f0c1-7b3e-7c4a-9d52-000000000003"]).succeeds().json();
    assert_eq!(by_position, by_id);
    bench.annals(["show", "0192f0c1-7b3e-7c4a-9d52-00000000000f"]).exits(5).tells("not-found");
    bench.annals(["show", "4"]).exits(5).tells("not-found");
    bench.annals(["show", "18446744073709551615"]).exits(5).tells("not-found");
    bench.annals(["show", "first"]).exits(2).tells("usage");
}

#[test]
fn aggregates_have_their_version_and_last_change() {
    let bench = Workbench::with_orders();
    let aggregates = bench.annals(["aggregates", "--type", "Order"]).succeeds().lines();
    assert_eq!(
        aggregates[0],
        json!({
            "aggregateType": "Order", "aggregateId": "1", "version": 2, "lastPosition": 1,
            "lastTimestamp": "2026-11-20T09:05:00.500000Z",
        })
    );
    assert_eq!(aggregates.len(), 2);
    assert_eq!(bench.annals(["aggregates", "--limit", "1"]).lines().len(), 1);
}

#[test]
fn statistics_count_by_type_actor_and_time() {
    let bench = Workbench::with_orders();
    let stats = bench.annals(["stats", "--format", "json", "--tz", "Europe/Berlin"]).succeeds().json();
    assert_eq!((&stats["events"], &stats["streams"]), (&json!(4), &json!(3)));
    assert_eq!(stats["byType"], json!({"OrderPlaced": 2, "OrderPaid": 1, "CustomerRenamed": 1}));
    assert_eq!(stats["byAggregateType"], json!({"Order": 3, "Customer": 1}));
    assert_eq!(stats["byActor"]["ann"], json!(2));
    assert_eq!(stats["distinct"], json!({"types": 3, "aggregateTypes": 2, "actors": 3}));
    assert_eq!(stats["perDay"], json!({"2026-11-20": 2, "2026-11-21": 2}));
    assert_eq!(stats["perHour"]["2026-11-20T09:00:00.000000Z"], json!(2));
    assert_eq!(stats["snapshots"], json!({"count": 0, "bytes": 0}));
    assert_eq!(stats["stateCache"], json!({"entries": 0, "hits": 0, "misses": 0, "hitRate": null}));
    assert!(stats["sizeOnDisk"].as_u64().unwrap() > 0);
    let csv = bench.annals(["stats", "--format", "csv", "--top", "1"]).succeeds().stdout;
    assert!(csv.contains("\nbyType.OrderPlaced,2\n") && !csv.contains("OrderPaid"), "{csv}");
}

#[test]
fn a_named_log_is_a_log_of_its_own_beside_the_main_one() {
    let bench = Workbench::with_orders();
    bench
        .annals(["--log", "access", "append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"])
        .succeeds();
    assert!(bench.path("annals.access.db").exists());
    let count = |args: &[&str]| bench.annals(args).succeeds().lines().len();
    assert_eq!((count(&["events"]), count(&["--log", "access", "events"])), (4, 1));
    let origin = |log: &str| -> Value {
        bench.annals(["--log", log, "checkpoint"]).succeeds().stdout.lines().next().unwrap().into()
    };
    assert_ne!(origin("main"), origin("access"));
}

#[test]
fn the_exit_is_quiet_when_nobody_reads_on() {
    let bench = Workbench::new();
    let line = r#"{"eventType":"T","aggregateType":"A","aggregateId":"1","payload":{}}"#;
    bench.annals_reading(["append", "-"], &format!("{line}\n").repeat(3_000)).succeeds();
    for format in ["table", "json", "jsonl", "csv"] {
        let mut running = bench.spawn(["events", "--format", format]);
        let mut stdout = running.0.stdout.take().unwrap();
        std::io::Read::read_exact(&mut stdout, &mut [0; 64]).unwrap();
        drop(stdout);
        assert!(running.0.wait().unwrap().success(), "{format}");
        let mut stderr = String::new();
        std::io::Read::read_to_string(&mut running.0.stderr.take().unwrap(), &mut stderr).unwrap();
        assert_eq!(stderr, "", "{format}");
    }
}
