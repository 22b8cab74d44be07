//! Whatever is changed behind the store's back, `annals verify` finds it, and names the events it concerns.

#[path = "support/recorded_log.rs"]
mod recorded_log;
#[path = "support/seeded.rs"]
mod seeded;
#[path = "support/tampering.rs"]
mod tampering;
#[path = "suite/workbench.rs"]
#[expect(dead_code, reason = "other tests of the binary use the rest")]
mod workbench;

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::types::Value as Stored;
use serde_json::{Value, json};

use recorded_log::RecordedLog;
use seeded::Seeded;
use tampering::{ChangedByte, TABLES, behind_its_back, change_a_byte};
use workbench::Workbench;

static LOG: LazyLock<RecordedLog> = LazyLock::new(RecordedLog::new);

/// What `verify` says of a log that is not as it was.
struct Found {
    answer: Value,
}

impl Found {
    fn codes(&self) -> BTreeSet<&str> {
        self.problems().map(|problem| problem["code"].as_str().unwrap()).collect()
    }

    fn names(&self, positions: impl IntoIterator<Item = u64>) -> bool {
        let named: BTreeSet<u64> =
            self.problems().filter_map(|problem| problem["position"].as_u64()).collect();
        positions.into_iter().any(|position| named.contains(&position))
    }

    fn problems(&self) -> impl Iterator<Item = &Value> {
        self.answer["problems"].as_array().unwrap().iter()
    }
}

/// Demands that something is found.
fn verify_finds(bench: &Workbench, extra: &[&str]) -> Found {
    let args = ["verify", "--format", "json"].iter().chain(extra);
    let ran = bench.annals(args).exits(6).tells("verification-failed");
    let answer = ran.json();
    assert_eq!(answer["ok"], json!(false));
    assert!(!answer["problems"].as_array().unwrap().is_empty(), "{answer}");
    Found { answer }
}

fn verify_is_content(bench: &Workbench) -> Value {
    let answer = bench.annals(["verify", "--format", "json"]).succeeds().json();
    assert_eq!((&answer["ok"], &answer["problems"]), (&json!(true), &json!([])));
    answer
}

fn number_from(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{variable}={text}")))
}

#[test]
fn a_sound_log_verifies_with_and_without_its_index() {
    let bench = LOG.last().copy();
    let answer = verify_is_content(&bench);
    for (member, value) in [("size", 2_000), ("events", 2_000), ("unsignedTail", 0)] {
        assert_eq!(answer[member], json!(value), "{member}");
    }
    // One for each run at the least: a long one is signed every second.
    assert!(answer["checkpoints"].as_u64().unwrap() >= 4, "{answer}");
    std::fs::remove_file(bench.path("annals.db-index")).unwrap();
    verify_is_content(&bench);
}

#[test]
fn every_one_of_many_random_changes_of_a_byte_is_found() {
    let cases = number_from("ANNALS_TAMPER_CASES").unwrap_or(200);
    let since_epoch = std::time::UNIX_EPOCH.elapsed().unwrap();
    let seed = number_from("ANNALS_TAMPER_SEED").unwrap_or_else(|| u64::from(since_epoch.subsec_nanos()));
    println!("{cases} cases of ANNALS_TAMPER_SEED={seed}");
    let next = AtomicU64::new(0);
    LazyLock::force(&LOG);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let case = next.fetch_add(1, Ordering::Relaxed);
                    if case >= cases {
                        break;
                    }
                    check_a_change(seed, case);
                }
            });
        }
    });
}

fn check_a_change(seed: u64, case: u64) {
    let mut random = Seeded::of_case(seed, case);
    let bench = LOG.last().copy();
    let table = *random.pick(&TABLES);
    let change = change_a_byte(&bench.path(""), table, &mut random);
    let ran = bench.annals(["verify", "--format", "json"]);
    let replay = format!("ANNALS_TAMPER_SEED={seed}, case {case}: {change:?}\n{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.exit, 6, "{replay}");
    let found = Found { answer: ran.json() };
    assert!(found.problems().next().is_some(), "{replay}");
    let concerned = positions_concerned(&change);
    assert!(concerned.is_empty() || found.names(concerned), "{replay}");
}

/// The events of which the changed row spoke, where a change of it alters one or hides some of them.
fn positions_concerned(change: &ChangedByte) -> Vec<u64> {
    let position = || match change.was("position") {
        Stored::Integer(position) => u64::try_from(*position).unwrap(),
        other => panic!("{other:?}"),
    };
    match change.table.name {
        "events" | "event_ids" | "payload_values" => vec![position()],
        "postings" => {
            let Stored::Blob(gaps) = change.was("gaps") else { panic!("{change:?}") };
            posted(position(), gaps)
        }
        _ => Vec::new(),
    }
}

/// The positions of a row of postings: the first, then each by its distance in LEB128.
fn posted(first: u64, gaps: &[u8]) -> Vec<u64> {
    let (mut positions, mut gap, mut shift) = (vec![first], 0, 0);
    for byte in gaps {
        gap |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            positions.push(positions.last().unwrap() + gap);
            (gap, shift) = (0, 0);
        }
    }
    positions
}

#[test]
fn a_deleted_row_is_named_wherever_it_stood() {
    for position in [0, 1_000, 1_999] {
        let bench = LOG.last().copy();
        behind_its_back(&bench.path("annals.db"), |truth| {
            truth.execute("DELETE FROM events WHERE position = ?1", [position]).unwrap();
        });
        let found = verify_finds(&bench, &[]);
        assert!(found.codes().contains("event-missing"), "{}", found.answer);
        assert!(found.names([position]), "{position}: {}", found.answer);
    }
}

#[test]
fn swapped_rows_are_both_named() {
    let bench = LOG.last().copy();
    behind_its_back(&bench.path("annals.db"), |truth| {
        truth
            .execute_batch(
                "UPDATE events SET position = -1 WHERE position = 300;
                 UPDATE events SET position = 300 WHERE position = 1700;
                 UPDATE events SET position = 1700 WHERE position = -1;",
            )
            .unwrap();
    });
    let found = verify_finds(&bench, &[]);
    // The rows are whole, each with its own leaf hash: what differs is the tree over them.
    assert!(found.codes().contains("tree-hash-altered"), "{}", found.answer);
    for tile in [256..512, 1_536..1_792] {
        assert!(found.names(tile.clone()), "{tile:?}: {}", found.answer);
    }
}

#[test]
fn contents_swapped_between_positions_are_named() {
    let bench = LOG.last().copy();
    behind_its_back(&bench.path("annals.db"), |truth| {
        truth
            .execute_batch(
                "CREATE TEMP TABLE kept AS SELECT position, payload FROM events WHERE position IN (300, 1700);
                 UPDATE events SET payload = (SELECT payload FROM kept WHERE position = 1700) WHERE position = 300;
                 UPDATE events SET payload = (SELECT payload FROM kept WHERE position = 300) WHERE position = 1700;
                 DROP TABLE kept;",
            )
            .unwrap();
    });
    let found = verify_finds(&bench, &[]);
    assert!(found.names([300]) && found.names([1_700]), "{}", found.answer);
}

#[test]
fn a_row_appended_without_the_head_is_named() {
    let bench = LOG.last().copy();
    behind_its_back(&bench.path("annals.db"), |truth| {
        truth
            .execute_batch(
                "CREATE TEMP TABLE forged AS SELECT * FROM events WHERE position = 1999;
                 UPDATE forged SET position = 2000, version = version + 1;
                 INSERT INTO events SELECT * FROM forged;
                 DROP TABLE forged;",
            )
            .unwrap();
    });
    let found = verify_finds(&bench, &[]);
    assert!(found.codes().contains("event-added") && found.names([2_000]), "{}", found.answer);
}

#[test]
fn rows_forged_with_the_right_hashes_in_place_of_signed_ones_contradict_what_was_signed() {
    let forged = LOG.at(1_900).copy();
    forge(&forged, 100);
    let kept = &LOG.last().checkpoint;
    forged.write("kept", kept);
    let found = verify_finds(&forged, &["--checkpoint", "kept"]);
    assert_eq!(found.codes(), BTreeSet::from(["checkpoint-contradicts-log"]), "{}", found.answer);
    assert!(found.names([1_900]), "{}", found.answer);

    // The same where the checkpoint is the store's own.
    behind_its_back(&forged.path("annals.db"), |truth| {
        truth.execute("INSERT INTO checkpoints VALUES (2000, ?1)", [kept]).unwrap();
    });
    let found = verify_finds(&forged, &[]);
    assert!(found.names([1_900]), "{}", found.answer);
}

#[test]
fn nobody_vouches_for_rows_forged_behind_the_last_checkpoint() {
    let forged = LOG.last().copy();
    forge(&forged, 5);
    // They are what an append without the key leaves: no alteration, and not signed.
    assert_eq!(verify_is_content(&forged)["unsignedTail"], json!(5));
}

#[test]
fn a_checkpoint_signed_with_a_key_that_was_put_beside_the_log_does_not_stand_against_the_kept_key() {
    let (forged, other) = (LOG.last().copy(), RecordedLog::new());
    behind_its_back(&forged.path("annals.db"), |truth| {
        truth.execute("INSERT INTO verifier_keys (vkey) VALUES (?1)", [other.verifier_key.trim()]).unwrap();
        truth
            .execute("UPDATE checkpoints SET note = ?1 WHERE size = 2000", [&other.last().checkpoint])
            .unwrap();
    });
    forged.write("vkey", &LOG.verifier_key);
    let found = verify_finds(&forged, &["--vkey", "vkey"]);
    assert!(found.codes().contains("checkpoint-altered"), "{}", found.answer);
}

/// Appends events with the program itself, which has no key: everything but a signature is right.
fn forge(bench: &Workbench, count: usize) {
    let lines: String = (0..count)
        .map(|n| {
            let payload = json!({"customer": "c-0", "total": n});
            let event = json!({"eventType": "Forged", "aggregateType": "Order", "aggregateId": "forged",
                "payload": payload});
            format!("{event}\n")
        })
        .collect();
    bench.write("forged.jsonl", lines);
    let ran = bench.annals(["import", "forged.jsonl"]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
}

#[test]
fn an_event_that_the_index_hides_is_named() {
    // A row of postings stands for several events; this one begins with the first of its correlation id.
    for statement in [
        "DELETE FROM event_ids WHERE position = 776",
        "DELETE FROM payload_values WHERE position = 776 AND path = 0",
        "UPDATE postings SET term = term + 1 WHERE position = 776",
    ] {
        let bench = LOG.last().copy();
        let hidden = behind_its_back(&bench.path("annals.db-index"), |index| index.execute(statement, []));
        assert!(hidden.unwrap() > 0, "{statement}");
        let found = verify_finds(&bench, &[]);
        assert!(found.codes().contains("index-hides-event"), "{}", found.answer);
        assert!(found.names([776]), "{}", found.answer);
        bench.annals(["repair"]).succeeds();
        verify_is_content(&bench);
    }
}

#[test]
fn a_truncated_tail_is_found_with_a_checkpoint_that_was_kept() {
    let bench = LOG.last().copy();
    std::fs::remove_file(bench.path("annals.db-index")).unwrap();
    let earlier = LOG.at(1_900).copy();
    behind_its_back(&bench.path("annals.db"), |truth| {
        truth.execute("ATTACH ?1 AS earlier", [earlier.path("annals.db").to_str().unwrap()]).unwrap();
        truth
            .execute_batch(
                "DELETE FROM events WHERE position >= 1900;
                 DELETE FROM checkpoints WHERE size > 1900;
                 DELETE FROM subtrees WHERE (level, n) NOT IN (SELECT level, n FROM earlier.subtrees);
                 REPLACE INTO main.head SELECT * FROM earlier.head;
                 DETACH earlier",
            )
            .unwrap();
    });
    // In itself the rest is consistent.
    assert_eq!(verify_is_content(&bench)["size"], json!(1_900));
    bench.write("kept", &LOG.last().checkpoint);
    let found = verify_finds(&bench, &["--checkpoint", "kept"]);
    assert_eq!(found.codes(), BTreeSet::from(["truncated"]));
    assert!(found.names([1_900]), "{}", found.answer);
}

#[test]
fn a_schema_without_one_of_its_triggers_is_found_and_repaired() {
    for trigger in ["events_update", "events_delete", "checkpoints_delete"] {
        let bench = LOG.last().copy();
        let truth = rusqlite::Connection::open(bench.path("annals.db")).unwrap();
        truth.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
        truth.close().unwrap();
        let found = verify_finds(&bench, &[]);
        assert_eq!(found.codes(), BTreeSet::from(["schema-altered"]), "{}", found.answer);
        bench.annals(["repair"]).succeeds();
        verify_is_content(&bench);
    }
}

#[test]
fn an_index_file_that_is_none_any_more_is_found_and_repaired() {
    let sound = LOG.last().copy();
    let whole = std::fs::read(sound.path("annals.db-index")).unwrap();
    let zeroed = |range: std::ops::Range<usize>| {
        let mut bytes = whole.clone();
        bytes[range].fill(0);
        bytes
    };
    let damaged =
        [b"nonsense".to_vec(), whole[..whole.len() / 2].to_vec(), zeroed(100..4_096), zeroed(20_000..40_000)];
    for bytes in damaged {
        let bench = LOG.last().copy();
        bench.write("annals.db-index", bytes);
        let found = verify_finds(&bench, &[]);
        assert!(found.codes().contains("index-altered"), "{}", found.answer);
        bench.annals(["repair"]).succeeds();
        verify_is_content(&bench);
    }
}

#[test]
fn repair_mends_what_is_derived() {
    let derived = TABLES
        .into_iter()
        .filter(|table| table.file == "annals.db-index" || ["subtrees", "head"].contains(&table.name));
    for (case, table) in (0..).zip(derived) {
        let bench = LOG.last().copy();
        let change = change_a_byte(&bench.path(""), table, &mut Seeded::of_case(7, case));
        verify_finds(&bench, &[]);
        let ran = bench.annals(["repair"]);
        assert_eq!(ran.exit, 0, "{change:?}: {}", ran.stderr);
        let ran = bench.annals(["verify", "--format", "json"]);
        assert_eq!(ran.exit, 0, "{change:?}: {}", ran.stdout);
    }
}

#[test]
fn repair_leaves_altered_facts_to_be_found() {
    for (column, value) in [
        ("payload", r#"replace(payload, 'c-', 'd-')"#),
        ("timestamp", "timestamp + 1"),
        ("actor_id", "'nobody'"),
        ("version", "version + 1"),
        ("secret", "randomblob(16)"),
        ("leaf_hash", "randomblob(32)"),
    ] {
        let bench = LOG.last().copy();
        behind_its_back(&bench.path("annals.db"), |truth| {
            truth
                .execute(&format!("UPDATE events SET {column} = {value} WHERE position = 1234"), [])
                .unwrap();
        });
        assert!(verify_finds(&bench, &[]).names([1_234]), "{column}");
        bench.annals(["repair"]).succeeds();
        let found = verify_finds(&bench, &[]);
        assert!(found.names([1_234]), "{column}: {}", found.answer);
        assert!(found.codes().contains("event-altered"), "{column}: {}", found.answer);
    }
}
