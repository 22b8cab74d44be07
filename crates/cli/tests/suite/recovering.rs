use serde_json::json;

use crate::workbench::{Ran, Workbench};

fn append(bench: &Workbench) -> Ran {
    bench.annals(["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"])
}

/// A log of which six events were signed, set back to its first four by an old copy of its file.
fn restored() -> Workbench {
    let bench = Workbench::with_orders();
    std::fs::copy(bench.path("annals.db"), bench.path("backup.db")).unwrap();
    append(&bench).succeeds();
    append(&bench).succeeds();
    bench.write("six", bench.annals(["checkpoint"]).succeeds().stdout);
    for file in bench.files().iter().filter(|file| file.starts_with("annals.db")) {
        std::fs::remove_file(bench.path(file)).unwrap();
    }
    std::fs::copy(bench.path("backup.db"), bench.path("annals.db")).unwrap();
    bench
}

#[test]
fn a_restored_backup_is_told_by_every_command_and_never_signed() {
    let bench = restored();
    for args in [&["events"][..], &["stats"], &["show", "0"], &["aggregates"], &["verify"], &["checkpoint"]] {
        let told = bench.annals(args).succeeds();
        assert_eq!(told.stderr.matches("warning[log-rewound]").count(), 1, "{args:?}: {}", told.stderr);
    }
    assert!(append(&bench).succeeds().stderr.contains("warning[log-rewound]"));
    bench.annals(["key", "rotate"]).exits(6).tells("log-rewound");
    bench.annals(["key", "adopt", "--checkpoint", "six"]).exits(6).tells("log-rewound");
    // Past the size that was signed, with other events.
    append(&bench).succeeds();
    assert!(append(&bench).succeeds().stderr.contains("warning[log-forked]"));
    bench.annals(["key", "adopt", "--checkpoint", "six"]).exits(6).tells("log-forked");
    let verified = bench.annals(["verify", "--format", "json"]).succeeds().json();
    assert_eq!((&verified["size"], &verified["unsignedTail"]), (&json!(7), &json!(3)));
    bench.annals(["verify", "--checkpoint", "six"]).exits(6);
}

#[test]
fn no_manifest_of_a_restored_log_contradicts_what_was_signed() {
    let bench = restored();
    let export = |name: &str| bench.annals(["export", "--output", name]);
    let unexported = |name: &str, code: &str| {
        let refused = export(name).exits(6).tells(code);
        assert!(refused.stderr.contains("--no-manifest"), "{}", refused.stderr);
        assert!(!bench.path(name).exists() && !bench.path(&format!("{name}.manifest")).exists());
    };
    unexported("four.jsonl", "log-rewound");
    // As many events as were signed, of which two are others.
    append(&bench).succeeds();
    append(&bench).succeeds();
    unexported("six.jsonl", "log-forked");
    bench.annals(["export", "--output", "six.jsonl", "--no-manifest"]).succeeds();
    assert_eq!(bench.read("six.jsonl").lines().count(), 6);
    assert!(!bench.path("six.jsonl.manifest").exists());
}

#[test]
fn a_restored_log_goes_on_under_a_new_origin_and_stays_as_it_is() {
    let bench = restored();
    let old = bench.read_bytes("annals.db");
    let origin = bench.annals(["checkpoint"]).stdout.lines().next().unwrap().to_owned();
    let recover = ["recover", "--new-origin=example.com/books-2", "--to", "new.db", "--format", "json"];
    let recovered = bench.annals(recover).succeeds().json();
    assert_eq!(recovered["origin"], json!("example.com/books-2"));
    let predecessor = &recovered["predecessor"];
    assert_eq!(predecessor["origin"], json!(origin));
    assert_eq!(
        (&predecessor["size"], &predecessor["checkpoint"], &predecessor["signed"]),
        (&json!(4), &json!(4), &json!(6))
    );
    // Interrupted or not, it can be repeated.
    assert_eq!(bench.annals(recover).succeeds().json(), recovered);
    assert_eq!(bench.read_bytes("annals.db"), old, "the old file was altered");

    let verify = ["--store", "new.db", "verify", "--predecessor", "annals.db", "--format", "json"];
    let verified = bench.annals(verify).succeeds().json();
    assert_eq!((&verified["size"], &verified["unsignedTail"]), (&json!(1), &json!(0)));
    assert_eq!(verified["predecessor"]["origin"], json!(origin));
    let first = bench.annals(["--store", "new.db", "show", "0", "--format", "json"]).succeeds().json();
    assert_eq!(first["eventType"], json!("LogRecovered"));
    assert!(first["payload"]["checkpoint"].as_str().unwrap().starts_with(&format!("{origin}\n4\n")));
}

#[test]
fn the_events_are_carried_over_by_export_and_import() {
    let bench = restored();
    bench.annals(["recover", "--new-origin", "--to", "new.db"]).succeeds();
    bench.annals(["export", "--output", "books.jsonl", "--no-manifest"]).succeeds();
    bench.annals(["--store", "new.db", "import", "books.jsonl", "--map", "annals"]).succeeds();
    let of = |store: &str, query: &[&str]| {
        let lines = bench.annals(["--store", store, "events"].iter().chain(query)).succeeds().lines();
        let kept = ["eventId", "eventType", "aggregateId", "version", "timestamp", "payload"];
        lines.iter().map(|event| kept.map(|member| event[member].clone())).collect::<Vec<_>>()
    };
    assert_eq!(of("new.db", &["--after", "0"]), of("annals.db", &[]));
    bench.annals(["--store", "new.db", "verify", "--predecessor", "annals.db"]).succeeds();
}

#[test]
fn a_predecessor_that_is_another_log_or_was_altered_is_found() {
    let bench = restored();
    bench.annals(["recover", "--new-origin", "--to", "new.db"]).succeeds();
    let other = Workbench::with_orders();
    let other = other.path("annals.db").display().to_string();
    let refused =
        bench.annals(["--store", "new.db", "verify", "--predecessor", &other, "--format", "json"]).exits(6);
    assert_eq!(refused.json()["problems"][0]["code"], json!("predecessor-differs"));
    bench.annals(["verify", "--predecessor", "backup.db"]).exits(6);

    let connection = rusqlite::Connection::open(bench.path("annals.db")).unwrap();
    connection
        .execute_batch("DROP TRIGGER events_update; UPDATE events SET actor_id = 'x' WHERE position = 1")
        .unwrap();
    drop(connection);
    let found =
        bench.annals(["--store", "new.db", "verify", "--predecessor", "annals.db", "--format", "json"]);
    let problems = found.exits(6).json()["problems"].clone();
    let codes: Vec<_> = problems.as_array().unwrap().iter().map(|problem| problem["code"].clone()).collect();
    assert!(codes.contains(&json!("event-altered")), "{codes:?}");
}

#[test]
fn a_place_where_a_log_is_and_the_old_origin_are_refused() {
    let bench = restored();
    let old = bench.read_bytes("annals.db");
    bench.annals(["recover", "--new-origin", "--to", "annals.db"]).exits(4).tells("log-not-empty");
    bench.annals(["recover", "--new-origin", "--to", "backup.db"]).exits(4).tells("log-not-empty");
    let origin = bench.annals(["checkpoint"]).stdout.lines().next().unwrap().to_owned();
    let same = format!("--new-origin={origin}");
    bench.annals(["recover", &same, "--to", "new.db"]).exits(2).tells("usage");
    assert!(!bench.path("new.db").exists());
    assert_eq!(bench.read_bytes("annals.db"), old);
}
