use serde_json::{Value, json};

use crate::workbench::{Ran, Workbench};

fn append(bench: &Workbench) -> Ran {
    bench.annals(["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"]).succeeds()
}

fn back_up(bench: &Workbench, args: &[&str]) -> Ran {
    bench.annals(["backup", "--format", "json"].iter().chain(args))
}

fn restore(bench: &Workbench, args: &[&str]) -> Ran {
    bench.annals(["restore", "--format", "json"].iter().chain(args))
}

/// Changes one event behind the back of a log.
fn alter(bench: &Workbench, log: &str) {
    let database = rusqlite::Connection::open(bench.path(log)).unwrap();
    database
        .execute_batch("DROP TRIGGER events_update; UPDATE events SET payload = '{}' WHERE position = 1")
        .unwrap();
    let trigger = "CREATE TRIGGER events_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END";
    database.execute_batch(trigger).unwrap();
}

#[test]
fn a_backup_verifies_by_itself_where_nobody_knows_the_log() {
    let (bench, auditor) = (Workbench::with_orders(), Workbench::new());
    let made = back_up(&bench, &["backup.db"]).succeeds().json();
    let verified = bench.annals(["verify", "--format", "json"]).succeeds().json();
    for same in ["ok", "size", "root", "unsignedTail"] {
        assert_eq!(made[same], verified[same], "{same}");
    }
    assert_eq!((&made["checkpoint"], &made["size"]), (&json!(4), &json!(4)));

    std::fs::copy(bench.path("backup.db"), auditor.path("backup.db")).unwrap();
    let there = auditor.annals(["verify", "backup.db", "--format", "json"]).succeeds().json();
    assert_eq!(there, verified);
    assert_eq!(auditor.files(), ["backup.db"], "verification leaves nothing beside it");
}

#[test]
fn a_backup_holds_no_private_key() {
    let bench = Workbench::new();
    let args = ["--key", "my.key", "append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"];
    bench.annals(args).succeeds();
    back_up(&bench, &["backup.db"]).succeeds();
    let backup = std::fs::read(bench.path("backup.db")).unwrap();
    let text = bench.read("my.key");
    let base64 = text.trim().splitn(5, '+').nth(4).unwrap();
    let seed = annals_key_seed(text.trim());
    assert_eq!(seed.len(), 32);
    for secret in [b"PRIVATE+KEY".as_slice(), base64.as_bytes(), &seed] {
        assert!(!backup.windows(secret.len()).any(|bytes| bytes == secret));
    }
}

/// The bytes of a private key: `PRIVATE+KEY+name+id+base64(0x01 ‖ seed)`.
fn annals_key_seed(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let base64 = text.splitn(5, '+').nth(4).unwrap();
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for digit in base64.bytes().filter(|byte| *byte != b'=') {
        bits = bits << 6 | DIGITS.iter().position(|known| *known == digit).unwrap() as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes.split_off(1)
}

#[test]
fn a_backup_is_taken_while_another_process_writes() {
    let bench = Workbench::with_orders();
    let mut writer = bench.writer();
    for _ in 0..3 {
        writer.append();
    }
    let made = back_up(&bench, &["backup.db"]).succeeds().json();
    assert_eq!((&made["ok"], &made["size"]), (&json!(true), &json!(7)));
    writer.append();
    writer.finish();
    let verified = bench.annals(["verify", "backup.db", "--format", "json"]).succeeds().json();
    assert_eq!(verified["size"], json!(7));
}

#[test]
fn a_backup_replaces_nothing_unasked() {
    let bench = Workbench::with_orders();
    back_up(&bench, &["backup.db"]).succeeds();
    append(&bench);
    back_up(&bench, &["backup.db"]).exits(2).tells("file-exists");
    assert_eq!(back_up(&bench, &["--replace", "backup.db"]).succeeds().json()["size"], json!(5));
    bench.write("notes.txt", "x".repeat(200));
    back_up(&bench, &["--replace", "notes.txt"]).exits(7).tells("not-a-store");
    back_up(&bench, &["--replace", "annals.db"]).exits(7).tells("store-unavailable");
}

#[test]
fn a_log_that_does_not_verify_is_only_copied_when_asked() {
    let bench = Workbench::with_orders();
    alter(&bench, "annals.db");
    let refused = back_up(&bench, &["backup.db"]).exits(6).tells("verification-failed");
    assert_eq!(refused.json()["problems"][0]["code"], json!("event-altered"));
    assert!(!bench.files().iter().any(|file| file.contains("backup") || file.contains("unfinished")));

    let made = back_up(&bench, &["--even-if-altered", "backup.db"]).exits(6).json();
    assert_eq!(made["ok"], json!(false));
    let other = ["backup.db", "--to", "other/annals.db"];
    restore(&bench, &other).exits(6).tells("verification-failed");
    assert!(!bench.path("other/annals.db").exists());
    restore(&bench, &[&other[..], &["--even-if-altered"]].concat()).exits(6);
    assert!(bench.path("other/annals.db").exists());
}

#[test]
fn a_log_that_was_lost_is_restored_and_signed_on() {
    let bench = Workbench::with_orders();
    back_up(&bench, &["backup.db"]).succeeds();
    for file in bench.files().iter().filter(|file| file.starts_with("annals.db")) {
        std::fs::remove_file(bench.path(file)).unwrap();
    }
    let restored = restore(&bench, &["backup.db"]).succeeds().json();
    assert_eq!((&restored["unsigned"], &restored["kept"]), (&Value::Null, &Value::Null));
    append(&bench);
    let verified = bench.annals(["verify", "--format", "json"]).succeeds().json();
    assert_eq!((&verified["size"], &verified["unsignedTail"]), (&json!(5), &json!(0)));
}

#[test]
fn a_backup_that_is_older_than_what_was_signed_is_restored_and_not_signed() {
    let bench = Workbench::with_orders();
    back_up(&bench, &["backup.db"]).succeeds();
    append(&bench);
    restore(&bench, &["backup.db"]).exits(2).tells("file-exists");
    let restored = restore(&bench, &["--replace", "backup.db"]).succeeds().json();
    assert_eq!(restored["unsigned"]["code"], json!("log-rewound"));
    // What goes on under the old origin differs from what was signed, and stays unsigned however long it grows.
    for _ in 0..2 {
        let appended = append(&bench);
        assert!(appended.stderr.contains("warning[log-"), "{}", appended.stderr);
    }
    let kept = restored["kept"].as_str().unwrap();
    let verified = bench.annals(["verify", kept, "--format", "json"]).succeeds().json();
    assert_eq!((&verified["size"], &verified["unsignedTail"]), (&json!(5), &json!(0)));
}

#[test]
fn who_restores_without_key_and_memory_is_told() {
    let (bench, elsewhere) = (Workbench::with_orders(), Workbench::new());
    back_up(&bench, &["backup.db"]).succeeds();
    std::fs::copy(bench.path("backup.db"), elsewhere.path("backup.db")).unwrap();
    let restored = restore(&elsewhere, &["backup.db"]).succeeds().json();
    assert_eq!(restored["unsigned"]["code"], json!("signing-key-missing"));
    elsewhere.annals(["events", "--format", "jsonl"]).succeeds();
}

#[test]
fn a_damaged_backup_replaces_nothing() {
    let bench = Workbench::with_orders();
    back_up(&bench, &["backup.db"]).succeeds();
    let whole = std::fs::read(bench.path("backup.db")).unwrap();
    append(&bench);
    for (name, bytes) in [
        ("cut.db", whole[..whole.len() / 2].to_vec()),
        ("empty.db", Vec::new()),
        ("text.db", b"x".repeat(500)),
    ] {
        bench.write(name, bytes);
        let refused = restore(&bench, &["--replace", name]);
        assert_ne!(refused.exit, 0, "{name}");
    }
    alter(&bench, "backup.db");
    restore(&bench, &["--replace", "backup.db"]).exits(6).tells("verification-failed");
    let verified = bench.annals(["verify", "--format", "json"]).succeeds().json();
    assert_eq!(verified["size"], json!(5));
    assert!(!bench.files().iter().any(|file| file.contains("replaced") || file.contains("unfinished")));
}

#[test]
fn a_log_is_not_replaced_while_it_is_written() {
    let bench = Workbench::with_orders();
    back_up(&bench, &["backup.db"]).succeeds();
    bench.write("annals.toml", "[store]\nlock_wait_seconds = 0\n");
    let mut writer = bench.writer();
    writer.append();
    restore(&bench, &["--replace", "backup.db"]).exits(7).tells("already-written");
    writer.append();
    writer.finish();
    assert_eq!(bench.annals(["verify", "--format", "json"]).succeeds().json()["size"], json!(6));
}

#[test]
fn a_log_of_the_present_format_is_not_migrated_and_a_newer_one_is_refused() {
    let bench = Workbench::with_orders();
    let migrated = bench.annals(["migrate", "--format", "json"]).succeeds().json();
    assert_eq!((&migrated["from"], &migrated["backup"]), (&migrated["to"], &Value::Null));
    rusqlite::Connection::open(bench.path("annals.db"))
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let refused = bench.annals(["migrate"]).exits(7).tells("not-a-store");
    assert!(
        refused.stderr.contains("format 99") && refused.stderr.contains("newer annals"),
        "{}",
        refused.stderr
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_no_backup() {
    let bench = Workbench::with_orders();
    // A limit on the length of files stands for a disk without room.
    let annals = env!("CARGO_BIN_EXE_annals");
    let limited = ["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" backup backup.db", annals];
    let command = bench.command(["backup"]);
    let environment: Vec<_> =
        command.get_envs().map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned))).collect();
    let mut shell = std::process::Command::new("sh");
    shell.args(limited).current_dir(bench.path("")).env_clear().env("PATH", "/usr/bin:/bin");
    shell.envs(environment.into_iter().filter_map(|(name, value)| Some((name, value?))));
    let ran = shell.output().unwrap();
    assert_eq!(ran.status.code(), Some(7), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(!bench.files().iter().any(|file| file.contains("backup") || file.contains("unfinished")));
}
