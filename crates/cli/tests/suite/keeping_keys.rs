use serde_json::json;

use crate::workbench::Workbench;

fn append(bench: &Workbench) -> crate::workbench::Ran {
    bench.annals(["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"])
}

#[test]
fn without_memory_of_what_was_signed_nothing_is_signed_until_a_checkpoint_is_adopted() {
    let bench = Workbench::with_orders();
    bench.write("kept", bench.annals(["checkpoint"]).succeeds().stdout);
    std::fs::remove_dir_all(bench.path("state")).unwrap();

    let warned = append(&bench).succeeds();
    assert!(warned.stderr.contains("warning[signing-state-missing]"), "{}", warned.stderr);
    bench.annals(["checkpoint"]).tells("not-yet-signed");
    let adopted = bench.annals(["key", "adopt", "--checkpoint", "kept", "--format", "json"]).succeeds();
    assert_eq!(adopted.json()["size"], json!(4));

    append(&bench).succeeds();
    let verified = bench.annals(["verify", "--checkpoint", "kept", "--format", "json"]).succeeds();
    assert_eq!((&verified.json()["size"], &verified.json()["unsignedTail"]), (&json!(6), &json!(0)));
}

#[test]
fn another_logs_checkpoint_is_not_adopted() {
    let (bench, other) = (Workbench::with_orders(), Workbench::with_orders());
    bench.write("kept", other.annals(["checkpoint"]).succeeds().stdout);
    bench.annals(["key", "adopt", "--checkpoint", "kept"]).exits(6).tells("foreign-checkpoint");
}

#[test]
fn a_key_file_that_is_named_is_made_with_the_log() {
    let bench = Workbench::new();
    let args = ["--key", "my.key", "append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"];
    bench.annals(args).succeeds();
    assert!(bench.read("my.key").starts_with("PRIVATE+KEY+"));
    bench.annals(["verify", "--format", "json"]).succeeds();
}

#[test]
fn a_log_has_the_origin_that_it_was_made_with() {
    let bench = Workbench::new();
    let args =
        ["--origin", "example.com/books", "append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"];
    bench.annals(args).succeeds();
    assert!(bench.annals(["checkpoint"]).succeeds().stdout.starts_with("example.com/books\n1\n"));
}

#[test]
fn who_only_reads_on_a_machine_that_signs_is_told_that_nothing_is_signed() {
    let bench = Workbench::with_orders();
    std::fs::remove_dir_all(bench.path("state")).unwrap();
    let commands: [&[&str]; 8] = [
        &["events"],
        &["stats"],
        &["show", "0"],
        &["aggregates"],
        &["verify"],
        &["checkpoint"],
        &["checkpoint", "--vkey"],
        &["receipt", "0", "--output", "r", "--event", "e"],
    ];
    for command in commands {
        let told = bench.annals(command.iter().chain(&["--quiet"])).succeeds();
        let warnings = told.stderr.matches("warning[signing-state-missing]").count();
        assert_eq!(warnings, 1, "{command:?}: {}", told.stderr);
        assert!(told.stderr.contains("annals key adopt --checkpoint FILE"));
    }
    bench.annals(["key", "rotate"]).exits(5).tells("signing-state-missing");
    let shown = bench.annals(["key", "show", "--format", "json"]).succeeds().json();
    assert_eq!((&shown["fits"], &shown["problem"]["code"]), (&json!(false), &json!("signing-state-missing")));
}

#[test]
fn who_reads_a_log_that_another_machine_signs_is_told_nothing() {
    let bench = Workbench::with_orders();
    std::fs::remove_dir_all(bench.path("state")).unwrap();
    std::fs::remove_dir_all(bench.path("config")).unwrap();
    assert_eq!(bench.annals(["events"]).succeeds().stderr, "");
}

#[test]
fn a_damaged_memory_of_what_was_signed_is_told_and_replaced_by_adopting() {
    let bench = Workbench::with_orders();
    bench.write("kept", bench.annals(["checkpoint"]).succeeds().stdout);
    let shown = bench.annals(["key", "show", "--format", "json"]).succeeds().json();
    std::fs::write(shown["stateFile"].as_str().unwrap(), "torn").unwrap();
    assert!(append(&bench).succeeds().stderr.contains("warning[signing-state-unreadable]"));
    assert!(bench.annals(["stats"]).succeeds().stderr.contains("warning[signing-state-unreadable]"));
    bench.annals(["key", "adopt", "--checkpoint", "kept"]).succeeds();
    assert_eq!(append(&bench).succeeds().stderr, "");
    bench.annals(["verify", "--checkpoint", "kept"]).succeeds();
}

#[test]
fn an_old_memory_of_what_was_signed_learns_from_the_kept_checkpoints() {
    let bench = Workbench::with_orders();
    let state = bench.annals(["key", "show", "--format", "json"]).succeeds().json()["stateFile"].clone();
    let state = std::path::PathBuf::from(state.as_str().unwrap());
    let old = std::fs::read(&state).unwrap();
    append(&bench).succeeds();
    std::fs::write(&state, old).unwrap();
    assert_eq!(append(&bench).succeeds().stderr, "");
    assert!(std::fs::read_to_string(&state).unwrap().contains("\n6\n"));
}
