//! A disk that fails or fills up costs no acknowledged event; the store says what happened to which file, and
//! takes appends again, at once or when it is opened anew. Linux only, as the unreliable disk is.
#![cfg(target_os = "linux")]

use std::path::Path;

use annals_durability::{DiskFault, Ended, Trial};

fn trial() -> Trial {
    let victim = Path::new(env!("CARGO_BIN_EXE_annals-durability-victim"));
    Trial::new(victim, None, fastrand::u64(..)).unwrap()
}

/// The files that are written while a log grows.
const FILES: [&str; 7] = [
    "annals.db",
    "annals.db-wal",
    "annals.db-index",
    "annals.db-index-wal",
    "annals.db-lock",
    "/states",
    ".lock",
];

/// Lets calls fail, a few times or for good, early or late.
fn let_calls_fail(call: &str, error: &str) {
    let mut trial = trial();
    for file in FILES {
        for first in [1, 4, 30] {
            for count in [1, 1_000_000] {
                let fault = format!("{call}:{error}:{file}:{first}:{count}");
                trial.begin_anew().unwrap();
                let ended = trial.misbehave(DiskFault::Calls(fault.clone()));
                let ended = ended.unwrap_or_else(|failure| panic!("{fault}: {failure}"));
                refusals_are_clear(&trial, ended, &fault);
            }
        }
    }
}

/// Every answer names the log or the file, and whoever gave up was told why.
fn refusals_are_clear(trial: &Trial, ended: Ended, fault: &str) {
    let refusals = trial.refusals().unwrap();
    assert!(ended == Ended::Closed || !refusals.is_empty(), "{fault}: the victim gave up for no reason");
    let folder = trial.log().parent().and_then(Path::parent).unwrap().display().to_string();
    for refusal in refusals {
        assert!(refusal.contains(&folder), "{fault}: names no file: {refusal}");
        // The page of this error says what to do.
        let is_of_the_signer = refusal.contains("cannot ");
        assert!(is_of_the_signer || refusal.contains("; "), "{fault}: does not say what to do: {refusal}");
    }
}

#[test]
fn survives_writes_that_fail() {
    let_calls_fail("write", "io");
}

#[test]
fn survives_syncs_that_fail() {
    let_calls_fail("sync", "io");
}

#[test]
fn survives_reads_that_fail() {
    let_calls_fail("read", "io");
}

#[test]
fn survives_lengths_that_cannot_be_set() {
    let_calls_fail("length", "io");
}

#[test]
fn survives_writes_for_which_there_is_no_room() {
    let_calls_fail("write", "full");
}

#[test]
fn goes_on_when_there_is_room_for_the_log_again() {
    let mut trial = trial();
    for suffix in ["annals.db", "annals.db-wal"] {
        for room in [0, 50_000, 200_000] {
            let fault = DiskFault::Full { room, suffix };
            trial.begin_anew().unwrap();
            let ended = trial.misbehave(fault.clone());
            let ended = ended.unwrap_or_else(|failure| panic!("{fault:?}: {failure}"));
            refusals_are_clear(&trial, ended, &format!("{fault:?}"));
        }
    }
}

/// More events than may wait for the index, while it cannot be written.
#[test]
fn goes_on_when_there_is_room_for_the_index_again_before_which_too_many_events_waited() {
    let mut trial = trial();
    for suffix in ["annals.db-index", "annals.db-index-wal"] {
        for room in [60_000, 150_000] {
            let fault = DiskFault::Full { room, suffix };
            let ended = trial.misbehave_with_a_short_tail(fault.clone());
            let ended = ended.unwrap_or_else(|failure| panic!("{fault:?}: {failure}"));
            assert_eq!(ended, Ended::Closed, "{fault:?}: nobody went on");
            refusals_are_clear(&trial, ended, &format!("{fault:?}"));
            let told = trial.refusals().unwrap();
            assert!(suffix == "annals.db-index" || !told.is_empty(), "{fault:?}: nobody had to wait");
        }
    }
}

#[test]
fn goes_on_when_a_full_disk_has_room_again() {
    let mut trial = trial();
    for room in [0, 5_000, 50_000, 120_000, 200_000, 300_000, 500_000] {
        trial.begin_anew().unwrap();
        let ended = trial.misbehave(DiskFault::Full { room, suffix: "" });
        let ended = ended.unwrap_or_else(|failure| panic!("room for {room} bytes: {failure}"));
        refusals_are_clear(&trial, ended, &format!("room for {room} bytes"));
    }
}
