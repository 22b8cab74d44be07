use crate::workbench::Workbench;

#[test]
fn nobody_but_the_log_itself_records_in_its_own_stream() {
    let bench = Workbench::with_orders();
    let origin = bench.annals(["checkpoint"]).stdout.lines().next().unwrap().to_owned();
    let own = format!("AnnalsLog/{origin}");
    let append = ["append", "--type", "SigningKeyRotated", "--aggregate", &own, "--payload", "{}"];
    bench.annals(append).exits(2).tells("reserved-stream");
    let record = format!(
        r#"{{"eventType":"SigningKeyRotated","aggregateType":"AnnalsLog","aggregateId":"{origin}","payload":{{}}}}"#
    );
    bench.write("own.jsonl", format!("{record}\n"));
    bench.annals(["import", "own.jsonl"]).exits(3);
    assert!(bench.read("annals.dead-letters.jsonl").contains("reserved-stream"));
    let size =
        |bench: &Workbench| bench.annals(["checkpoint"]).succeeds().stdout.lines().nth(1).unwrap().to_owned();
    assert_eq!(size(&bench), "4");
    // The log itself does, and its export into another log is a fact about it.
    bench.annals(["key", "rotate"]).succeeds();
    assert_eq!(size(&bench), "5");
    bench.annals(["export", "--output", "all.jsonl"]).succeeds();
    bench.annals(["--store", "other.db", "import", "all.jsonl"]).succeeds();
    bench.annals(["--store", "other.db", "verify"]).succeeds();
}

#[test]
fn commands_that_only_read_never_make_a_store() {
    let bench = Workbench::new();
    let commands: [&[&str]; 11] = [
        &["events"],
        &["show", "0"],
        &["aggregates"],
        &["stats"],
        &["tail"],
        &["verify"],
        &["checkpoint"],
        &["receipt", "0"],
        &["tiles", "--output", "t"],
        &["repair"],
        &["export", "--output", "x.jsonl"],
    ];
    for command in commands {
        bench.annals(command).exits(5).tells("no-store");
        assert!(bench.files().is_empty(), "{command:?}: {:?}", bench.files());
    }
}

#[test]
fn a_file_that_is_no_store_is_refused_and_left_as_it_is() {
    let bench = Workbench::new();
    let other = "CREATE TABLE mine (x)";
    for (name, bytes) in [("text.db", other.as_bytes()), ("empty.db", b""), ("zeros.db", &[0; 8192])] {
        bench.write(name, bytes);
        for command in [&["events"][..], &["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"]]
        {
            if name == "empty.db" && command[0] == "append" {
                continue; // An empty file is what an interrupted creation leaves; a writer may fill it.
            }
            let ran = bench.annals([&["--store", name], command].concat());
            assert!(matches!(ran.exit, 5 | 7), "{name} {command:?}: {} {}", ran.exit, ran.stderr);
            assert_eq!(std::fs::read(bench.path(name)).unwrap(), bytes, "{name} {command:?}");
        }
    }
}

#[test]
fn a_second_writer_is_told_who_writes_and_readers_are_not_held_up() {
    let bench = Workbench::with_orders();
    let mut writer = bench.writer();
    writer.append();
    bench.write("annals.toml", "[store]\nlock_wait_seconds = 0\n");
    let append = || bench.annals(["append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"]);
    let ran = append().exits(7).tells("already-written");
    assert!(ran.stderr.contains(&writer.pid()), "{} does not name {}", ran.stderr, writer.pid());
    assert_eq!(bench.annals(["events"]).succeeds().lines().len(), 5);
    drop(writer);
    append().succeeds();
}

#[test]
fn wrong_arguments_are_usage_errors() {
    let bench = Workbench::with_orders();
    let commands: [&[&str]; 9] = [
        &["no-such-command"],
        &["events", "--no-such-flag"],
        &["events", "--where", "total > 5"],
        &["events", "--where", "/total ~ 5"],
        &["events", "--aggregate", "Order"],
        &["events", "--tz", "Mars/Olympus", "--from", "2026-11-20"],
        &["append", "-", "--type", "T"],
        &["export", "--output", "x", "--format", "table"],
        &["import", "-"],
    ];
    for command in commands {
        let ran = bench.annals(command).exits(2);
        assert!(ran.stderr.starts_with("error["), "{command:?}: {}", ran.stderr);
    }
}

#[test]
fn an_error_never_shows_colours_to_a_file() {
    let bench = Workbench::new();
    for command in [&["events"][..], &["events", "--nope"]] {
        let ran = bench.annals(command);
        assert!(!ran.stderr.contains('\u{1b}'), "{:?}", ran.stderr);
    }
}

#[test]
fn a_payload_beyond_the_limit_is_refused_with_both_numbers() {
    let bench = Workbench::new();
    bench.write("annals.toml", "[limits]\npayload_bytes = 10\n");
    let ran =
        bench.annals(["append", "--type", "T", "--aggregate", "A/1", "--payload", r#"{"a":"0123456789"}"#]);
    let ran = ran.exits(2).tells("invalid-event");
    assert!(ran.stderr.contains("18") && ran.stderr.contains("10"), "{}", ran.stderr);
}

#[test]
#[cfg(unix)]
fn what_is_no_regular_file_is_never_replaced() {
    use std::os::unix::fs::FileTypeExt;

    let bench = Workbench::with_orders();
    let _socket = std::os::unix::net::UnixListener::bind(bench.path("device")).unwrap();
    let before = bench.files();
    bench
        .annals(["--store", "device", "append", "--type", "T", "--aggregate", "A/1", "--payload", "{}"])
        .exits(7)
        .tells("not-a-store");
    bench.annals(["--store", "device", "repair"]).exits(7).tells("not-a-store");
    bench.annals(["export", "--output", "device"]).exits(2).tells("unusable-file");
    assert!(std::fs::metadata(bench.path("device")).unwrap().file_type().is_socket());
    assert_eq!(bench.files(), before);
}
