use serde_json::json;

use crate::workbench::{Ran, Workbench};

/// A log of four orders whose key lies in `log.key`.
fn bench() -> Workbench {
    let bench = Workbench::new();
    bench.write("orders.jsonl", include_str!("../cmd/session.in/orders.jsonl"));
    bench.annals(["--key", "log.key", "import", "orders.jsonl"]).succeeds();
    bench
}

fn keyed<const N: usize>(bench: &Workbench, args: [&str; N]) -> Ran {
    bench.annals(["--key", "log.key"].into_iter().chain(args))
}

fn append(bench: &Workbench) -> Ran {
    keyed(bench, ["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"])
}

fn keep(bench: &Workbench, name: &str, command: &[&str]) {
    bench.write(name, bench.annals(command).succeeds().stdout);
}

/// The id of the key that signed the newest checkpoint, and its size.
fn newest(bench: &Workbench) -> (String, u64) {
    let shown = keyed(bench, ["key", "show", "--format", "json"]).succeeds().json();
    assert_eq!(shown["fits"], json!(true), "{shown}");
    (shown["keyId"].as_str().unwrap().to_owned(), shown["newestCheckpoint"]["size"].as_u64().unwrap())
}

#[test]
fn an_auditor_goes_on_with_the_key_that_she_kept() {
    let bench = bench();
    keep(&bench, "old.vkey", &["checkpoint", "--vkey"]);
    keep(&bench, "old.checkpoint", &["checkpoint"]);
    for size in [6, 8] {
        keyed(&bench, ["key", "rotate"]).succeeds();
        append(&bench).succeeds();
        let args = ["verify", "--vkey", "old.vkey", "--checkpoint", "old.checkpoint", "--format", "json"];
        let verified = keyed(&bench, args).succeeds().json();
        assert_eq!((&verified["size"], &verified["unsignedTail"]), (&json!(size), &json!(0)));
    }
    let verified = keyed(&bench, ["verify", "--vkey", "old.vkey", "--format", "json"]).json();
    let parts: Vec<_> =
        verified["keys"].as_array().unwrap().iter().map(|key| (&key["after"], &key["until"])).collect();
    assert_eq!(parts, [(&json!(null), &json!(4)), (&json!(4), &json!(6)), (&json!(6), &json!(null))]);
    assert_eq!(bench.annals(["checkpoint", "--vkey"]).succeeds().stdout.lines().count(), 3);
}

#[test]
fn a_receipt_is_checked_with_the_old_key_and_the_notes_of_the_rotations() {
    let bench = bench();
    keep(&bench, "old.vkey", &["checkpoint", "--vkey"]);
    keyed(&bench, ["key", "rotate", "--output", "one.note"]).succeeds();
    keyed(&bench, ["key", "rotate", "--output", "two.note"]).succeeds();
    append(&bench).succeeds();
    keyed(&bench, ["receipt", "0", "--output", "r", "--event", "e"]).succeeds();
    let check = ["verify", "--receipt", "r", "--event", "e", "--vkey", "old.vkey"];
    bench.annals(check).exits(6);
    bench.annals(check.into_iter().chain(["--rotation", "one.note"])).exits(6);
    let both = ["--rotation", "one.note", "--rotation", "two.note"];
    bench.annals(check.into_iter().chain(both)).succeeds();
    bench.write(
        "forged.note",
        bench.read("two.note").replace("rotation, version 1\n", "rotation, version 1\nx"),
    );
    let forged = ["--rotation", "one.note", "--rotation", "forged.note"];
    bench.annals(check.into_iter().chain(forged)).exits(6).tells("key-rotation-refused");
}

#[test]
fn the_old_private_key_is_gone_and_none_is_ever_printed() {
    let bench = bench();
    let old = bench.read("log.key");
    let rotated = keyed(&bench, ["key", "rotate"]).succeeds();
    assert_ne!(bench.read("log.key"), old);
    assert!(!bench.files().iter().any(|file| file.contains(".next")), "{:?}", bench.files());
    for ran in [rotated, keyed(&bench, ["key", "show"]), keyed(&bench, ["key", "show", "--format", "json"])] {
        assert!(!format!("{}{}", ran.stdout, ran.stderr).contains("PRIVATE"), "{}", ran.stdout);
    }
    for line in [old.trim(), bench.read("log.key").trim()] {
        // PRIVATE+KEY+name+hash+secret; base64 may hold '+' too.
        let secret = line.splitn(5, '+').nth(4).unwrap();
        assert!(!bench.read_bytes("annals.db").windows(secret.len()).any(|bytes| bytes == secret.as_bytes()));
    }
}

#[test]
fn a_rotation_that_was_killed_before_its_event_never_was() {
    let bench = bench();
    let before = newest(&bench);
    // The key that waits is made first; a rotation of another log makes one that is sound.
    let other = bench_with_origin_of(&bench);
    let waiting = bench.path("log.key.next");
    std::fs::rename(other.path("log.key"), &waiting).unwrap();
    append(&bench).succeeds();
    assert_eq!(newest(&bench), (before.0.clone(), 5));
    let shown = keyed(&bench, ["key", "show", "--format", "json"]).json();
    assert!(shown["waitingKeyFile"].as_str().unwrap().ends_with("log.key.next"));

    let waited = std::fs::read_to_string(&waiting).unwrap();
    keyed(&bench, ["key", "rotate"]).succeeds();
    assert_eq!(bench.read("log.key"), waited);
    assert_ne!(newest(&bench).0, before.0);
    bench.annals(["verify"]).succeeds();
}

/// Another log of the same origin, whose key is another.
fn bench_with_origin_of(bench: &Workbench) -> Workbench {
    let origin = bench.annals(["checkpoint"]).stdout.lines().next().unwrap().to_owned();
    let other = Workbench::new();
    let args = ["--key", "log.key", "--origin", &origin, "append", "--type", "T", "--aggregate", "A/1"];
    other.annals(args.into_iter().chain(["--payload", "{}"])).succeeds();
    other
}

#[test]
fn a_rotation_that_was_killed_behind_its_event_is_finished_by_the_next_writer() {
    let bench = bench();
    std::fs::copy(bench.path("log.key"), bench.path("old")).unwrap();
    keyed(&bench, ["key", "rotate"]).succeeds();
    let rotated = newest(&bench);
    // As it was before the new key had its place.
    std::fs::rename(bench.path("log.key"), bench.path("log.key.next")).unwrap();
    std::fs::rename(bench.path("old"), bench.path("log.key")).unwrap();
    let warned = append(&bench).succeeds();
    assert!(!warned.stderr.contains("warning"), "{}", warned.stderr);
    assert_eq!(newest(&bench), (rotated.0, 6));
    assert!(!bench.path("log.key.next").exists());
    bench.annals(["verify"]).succeeds();
}

#[test]
fn an_old_key_from_a_backup_signs_nothing() {
    let bench = bench();
    std::fs::copy(bench.path("log.key"), bench.path("old")).unwrap();
    keyed(&bench, ["key", "rotate"]).succeeds();
    std::fs::rename(bench.path("old"), bench.path("log.key")).unwrap();
    let warned = append(&bench).succeeds();
    assert!(warned.stderr.contains("warning[signing-key-mismatch]"), "{}", warned.stderr);
    keyed(&bench, ["key", "rotate"]).exits(6).tells("signing-key-mismatch");
    let shown = keyed(&bench, ["key", "show", "--format", "json"]).succeeds().json();
    assert_eq!((&shown["fits"], &shown["problem"]["code"]), (&json!(false), &json!("signing-key-mismatch")));
    let verified = bench.annals(["verify", "--format", "json"]).succeeds().json();
    assert_eq!(verified["unsignedTail"], json!(1));
}

#[test]
fn while_somebody_writes_nobody_else_rotates_or_adopts() {
    let bench = Workbench::with_orders();
    bench.write("kept", bench.annals(["checkpoint"]).succeeds().stdout);
    bench.write("annals.toml", "[store]\nlock_wait_seconds = 0\n");
    let mut writer = bench.writer();
    writer.append();
    for args in [&["key", "rotate"][..], &["key", "adopt", "--checkpoint", "kept"]] {
        let refused = bench.annals(args).exits(7).tells("already-written");
        assert!(refused.stderr.contains(&writer.pid()), "{}", refused.stderr);
    }
    bench.annals(["key", "show"]).succeeds();
    writer.finish();
    bench.annals(["key", "rotate"]).succeeds();
    bench.annals(["verify", "--checkpoint", "kept"]).succeeds();
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_not_used_to_rotate() {
    use std::os::unix::fs::PermissionsExt;

    let bench = bench();
    std::fs::set_permissions(bench.path("log.key"), std::fs::Permissions::from_mode(0o644)).unwrap();
    keyed(&bench, ["key", "rotate"]).exits(2).tells("signing-key-exposed");
    let shown = keyed(&bench, ["key", "show", "--format", "json"]).succeeds().json();
    assert_eq!(shown["problem"]["code"], json!("signing-key-exposed"));
    std::fs::set_permissions(bench.path("log.key"), std::fs::Permissions::from_mode(0o600)).unwrap();
    keyed(&bench, ["key", "rotate"]).succeeds();
    let mode = std::fs::metadata(bench.path("log.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
