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
