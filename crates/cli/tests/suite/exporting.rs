use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::workbench::Workbench;

fn manifest_line(manifest: &str, name: &str) -> String {
    let line = manifest.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
    line.unwrap_or_else(|| panic!("no {name} in {manifest}")).to_owned()
}

#[test]
fn the_manifest_says_what_the_file_is_and_the_logs_key_signs_it() {
    let bench = Workbench::with_orders();
    bench
        .annals(["export", "--output", "out.jsonl", "--type", "OrderPlaced", "--to", "2026-11-20"])
        .succeeds();
    let manifest = bench.read("out.jsonl.manifest");
    let hash: [u8; 32] = Sha256::digest(bench.read("out.jsonl")).into();
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(manifest_line(&manifest, "sha256"), hex);
    assert_eq!(manifest_line(&manifest, "events"), "2");
    assert_eq!(manifest_line(&manifest, "log-size"), "4");
    assert!(
        manifest.contains("\nfilter type OrderPlaced\nfilter to 2026-11-20T23:59:59.999999Z\n"),
        "{manifest}"
    );
    let checkpoint = bench.annals(["checkpoint"]).succeeds().stdout;
    assert!(manifest.contains(&checkpoint), "{manifest}");

    let key: annals::VerifierKey = bench.annals(["checkpoint", "--vkey"]).stdout.trim().parse().unwrap();
    assert!(annals::Note::parse(manifest.as_bytes()).unwrap().verify([&key]).is_ok());
    let forged = manifest.replace("events 2", "events 3");
    assert!(annals::Note::parse(forged.as_bytes()).unwrap().verify([&key]).is_err());
}

#[test]
fn a_manifest_states_a_checkpoint_and_what_no_checkpoint_covers_is_signed_first() {
    let bench = Workbench::with_orders();
    let append = ["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"];
    bench.annals(append).succeeds();
    // As if the process had been killed before it signed: the newest checkpoint covers four of five events.
    let database = rusqlite::Connection::open(bench.path("annals.db")).unwrap();
    let triggers: Vec<String> = database
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'checkpoints'")
        .and_then(|mut named| named.query_map([], |row| row.get(0))?.collect())
        .unwrap();
    triggers.iter().for_each(|name| database.execute_batch(&format!("DROP TRIGGER {name}")).unwrap());
    assert_eq!(database.execute("DELETE FROM checkpoints WHERE size = 5", []).unwrap(), 1);
    drop(database);

    bench.annals(["export", "--output", "out.jsonl"]).succeeds();
    let (manifest, checkpoint) = (bench.read("out.jsonl.manifest"), bench.annals(["checkpoint"]).stdout);
    assert_eq!(manifest_line(&manifest, "log-size"), "5");
    assert_eq!(manifest_line(&manifest, "log-root"), checkpoint.lines().nth(2).unwrap());
    assert_eq!(manifest_line(&manifest, "log"), checkpoint.lines().next().unwrap());
    assert!(manifest.contains(&checkpoint), "{manifest}");
    assert_eq!(checkpoint.lines().nth(1), Some("5"));
}

#[test]
fn a_key_that_does_not_speak_for_the_log_any_more_signs_no_manifest() {
    let bench = Workbench::new();
    bench.write("orders.jsonl", include_str!("../cmd/session.in/orders.jsonl"));
    bench.annals(["--key", "log.key", "import", "orders.jsonl"]).succeeds();
    std::fs::copy(bench.path("log.key"), bench.path("old.key")).unwrap();
    bench.annals(["--key", "log.key", "key", "rotate"]).succeeds();
    bench
        .annals(["--key", "old.key", "export", "--output", "out.jsonl"])
        .exits(6)
        .tells("signing-key-mismatch");
    assert!(!bench.path("out.jsonl").exists() && !bench.path("out.jsonl.manifest").exists());
    bench.annals(["--key", "log.key", "export", "--output", "out.jsonl"]).succeeds();
}

#[test]
fn an_export_imports_again_to_the_same_records() {
    let bench = Workbench::with_orders();
    bench
        .annals(["append", "--type", "T", "--aggregate", "A/1", "--payload", "{\n \"a\" : 1.10\r\n}"])
        .succeeds();
    bench.annals(["export", "--output", "out.jsonl"]).succeeds();
    bench.annals(["--store", "again.db", "import", "out.jsonl"]).succeeds();
    let read = |store: &str| bench.annals(["--store", store, "events", "--raw"]).succeeds().lines();
    let without_place = |mut event: Value| {
        event.as_object_mut().unwrap().remove("recordedAt");
        event
    };
    let first: Vec<Value> = read("annals.db").into_iter().map(without_place).collect();
    let second: Vec<Value> = read("again.db").into_iter().map(without_place).collect();
    assert_eq!(first, second);
    assert_eq!(first[4]["payloadText"], "{\n \"a\" : 1.10\r\n}");
}

#[test]
fn what_is_redacted_stands_nowhere_in_any_form() {
    let bench = Workbench::with_orders();
    for name in ["out.json", "out.jsonl", "out.csv"] {
        let ran = bench.annals([
            "export",
            "--output",
            name,
            "--redact",
            "/payload/card",
            "--redact",
            "/payload/none",
        ]);
        let ran = ran.succeeds();
        assert!(ran.stderr.contains("/payload/none"), "{}", ran.stderr);
        let text = bench.read(name);
        assert!(!text.contains("4111") && text.contains("[redacted]"), "{text}");
        let manifest = bench.read(&format!("{name}.manifest"));
        assert!(manifest.contains("\nredacted 1 /payload/card\nredacted 0 /payload/none\n"), "{manifest}");
    }
}

#[test]
fn csv_holds_no_formula_and_a_description_of_each_event() {
    let bench = Workbench::with_orders();
    bench.annals(["export", "--output", "out.csv"]).succeeds();
    let text = bench.read("out.csv");
    assert!(text.contains(",'=cmd|' /C calc'!A0,"), "{text}");
    assert!(text.contains("OrderPlaced on Order/2 by bob: total 5"), "{text}");
}

#[test]
fn without_the_key_nothing_is_exported_unless_the_manifest_is_left_out() {
    let bench = Workbench::with_orders();
    std::fs::remove_dir_all(bench.path("config")).unwrap();
    bench.annals(["export", "--output", "out.jsonl"]).exits(5).tells("signing-key-missing");
    assert!(!bench.path("out.jsonl").exists());
    bench.annals(["export", "--output", "out.jsonl", "--no-manifest"]).succeeds();
    assert!(bench.path("out.jsonl").exists() && !bench.path("out.jsonl.manifest").exists());
}

#[test]
fn a_failed_export_leaves_nothing_half() {
    let bench = Workbench::with_orders();
    bench.annals(["export", "--output", "no/such/folder/out.jsonl"]).exits(2).tells("unusable-file");
    std::fs::create_dir(bench.path("taken")).unwrap();
    bench.annals(["export", "--output", "taken"]).exits(2).tells("unusable-file");
    assert!(!bench.files().iter().any(|name| name.ends_with(".partial")), "{:?}", bench.files());
}
