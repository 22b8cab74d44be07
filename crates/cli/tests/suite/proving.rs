use serde_json::json;

use crate::workbench::Workbench;

const PAID: &str = "0192f0c1-7b3e-7c4a-9d52-000000000002";

#[test]
fn a_receipt_is_checked_without_the_store() {
    let bench = Workbench::with_orders();
    bench.write("vkey", bench.annals(["checkpoint", "--vkey"]).succeeds().stdout);
    let receipt = bench.annals(["receipt", PAID, "--event", "paid.json", "--quiet"]).succeeds();
    bench.write("paid.tlog-proof", receipt.stdout);
    for file in ["annals.db", "annals.db-index"] {
        std::fs::remove_file(bench.path(file)).unwrap();
    }
    let verify = || {
        bench.annals([
            "verify",
            "--receipt",
            "paid.tlog-proof",
            "--event",
            "paid.json",
            "--vkey",
            "vkey",
            "--format",
            "json",
        ])
    };
    let proved = verify().succeeds().json();
    assert_eq!(
        (&proved["ok"], &proved["position"], &proved["eventId"]),
        (&json!(true), &json!(1), &json!(PAID))
    );
    assert_eq!(proved["checkpoint"]["size"], json!(4));

    bench.write("paid.json", bench.read("paid.json").replace("99.90", "99.91"));
    let refused = verify().exits(6);
    assert_eq!(refused.json()["ok"], json!(false));
    assert_eq!(refused.json()["problems"].as_array().unwrap().len(), 1);
}

#[test]
fn without_store_and_key_a_receipt_cannot_be_trusted() {
    let bench = Workbench::with_orders();
    bench.annals(["receipt", "1", "--output", "r", "--event", "e"]).succeeds();
    let ran = bench.annals(["--store", "none.db", "verify", "--receipt", "r", "--event", "e"]);
    ran.exits(2).tells("verifier-key-missing");
}

#[test]
fn a_log_verifies_against_a_checkpoint_and_a_key_that_were_kept() {
    let bench = Workbench::with_orders();
    bench.write("kept", bench.annals(["checkpoint"]).succeeds().stdout);
    bench.write("vkey", bench.annals(["checkpoint", "--vkey"]).succeeds().stdout);
    bench.annals(["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"]).succeeds();
    let ran =
        bench.annals(["verify", "--checkpoint", "kept", "--vkey", "vkey", "--format", "json"]).succeeds();
    let answer = ran.json();
    for (member, value) in [
        ("ok", json!(true)),
        ("size", json!(5)),
        ("events", json!(5)),
        ("unsignedTail", json!(0)),
        ("problems", json!([])),
    ] {
        assert_eq!(answer[member], value, "{member}");
    }
    assert!(answer["root"].is_string() && answer["checkpoints"].as_u64().unwrap() >= 2);
}

#[test]
fn a_checkpoint_of_another_log_does_not_verify() {
    let (bench, other) = (Workbench::with_orders(), Workbench::with_orders());
    bench.write("kept", other.annals(["checkpoint"]).succeeds().stdout);
    let ran = bench.annals(["verify", "--checkpoint", "kept", "--format", "json"]).exits(6);
    assert_eq!(ran.json()["ok"], json!(false));
    let problem = &ran.json()["problems"][0];
    assert!(
        problem["code"].is_string() && problem["detail"].is_string() && problem["position"].is_null(),
        "{problem}"
    );
    ran.tells("verification-failed");
}

#[test]
fn an_altered_row_is_found_and_named_by_its_position() {
    let bench = Workbench::with_orders();
    let bytes = std::fs::read(bench.path("annals.db")).unwrap();
    let place = bytes.windows(9).position(|window| window == b"4111 1111").unwrap();
    let mut altered = bytes;
    altered[place] = b'5';
    std::fs::write(bench.path("annals.db"), altered).unwrap();
    let ran = bench.annals(["verify", "--format", "json"]).exits(6).tells("verification-failed");
    let answer = ran.json();
    assert!(
        answer["problems"].as_array().unwrap().iter().any(|problem| problem["position"] == 1),
        "{answer}"
    );
}

#[test]
fn without_its_signing_state_events_are_recorded_and_every_command_that_writes_warns() {
    let bench = Workbench::with_orders();
    std::fs::remove_dir_all(bench.path("state")).unwrap();
    let ran = bench
        .annals(["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}", "--quiet"])
        .succeeds();
    assert!(ran.stderr.contains("warning[signing-state-missing]"), "{}", ran.stderr);
    let answer = bench.annals(["verify", "--format", "json"]).succeeds().json();
    assert_eq!(answer["unsignedTail"], json!(1));
    bench.annals(["checkpoint"]).exits(5).tells("not-yet-signed");
}

#[test]
fn the_key_is_readable_by_its_owner_only() {
    let bench = Workbench::with_orders();
    let folder = bench.path("config/annals/keys");
    let key = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(key.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(key.metadata().unwrap().is_file());
}

#[test]
fn tiles_are_written_once_and_then_only_what_is_new() {
    let bench = Workbench::with_orders();
    let tiles = || bench.annals(["tiles", "--output", "public", "--format", "json"]).succeeds().json();
    assert_eq!(tiles()["newEvents"], json!(4));
    assert_eq!(bench.read("public/checkpoint"), bench.annals(["checkpoint"]).stdout);
    assert!(
        bench.path("public/tile/0/000.p/4").exists() && bench.path("public/tile/entries/000.p/4").exists()
    );
    bench.annals(["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"]).succeeds();
    assert_eq!(tiles()["newEvents"], json!(1));
    assert_eq!(tiles()["newEvents"], json!(0));
}

#[test]
fn a_checkpoint_is_printed_as_it_was_signed_whatever_the_format() {
    let bench = Workbench::with_orders();
    let plain = bench.annals(["checkpoint"]).succeeds().stdout;
    assert_eq!(bench.annals(["checkpoint", "--format", "json"]).succeeds().stdout, plain);
    assert_eq!(plain.lines().nth(1), Some("4"));
}

#[test]
fn while_another_process_writes_its_checkpoint_is_waited_for() {
    let bench = Workbench::new();
    let mut writer = bench.writer();
    for size in 1..=3 {
        writer.append();
        let checkpoint = bench.annals(["checkpoint"]).succeeds().stdout;
        assert_eq!(checkpoint.lines().nth(1), Some(size.to_string().as_str()));
    }
}
