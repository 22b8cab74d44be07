//! A backup or restore that is interrupted anywhere leaves the log as it was, or replaced as a whole; nothing half has
//! a name that somebody could believe; and the next one works. Linux only, as the unreliable disk is.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::time::Duration;

use annals_durability::{Deed, DeedTrial, DiskFault, Ended, Interruption};

/// How many processes are killed, each at a moment of its own.
const KILLS: u32 = 12;

/// In so many of the last operations on the disk names are given and made durable.
const LAST_OPERATIONS: u64 = 4;

/// How often the power is cut before each of these.
const CUTS_AT_THE_END: u32 = 2;

/// Later than this, by far, no such process ends.
const OPERATIONS_MAX: u64 = 4_000;

fn trial(deed: Deed) -> DeedTrial {
    let victim = Path::new(env!("CARGO_BIN_EXE_annals-durability-victim"));
    DeedTrial::new(victim, deed, fastrand::u64(..)).unwrap()
}

fn interrupted(trial: &mut DeedTrial, interruption: &Interruption) -> Ended {
    trial.interrupt(interruption).unwrap_or_else(|failure| panic!("{interruption:?}: {failure}"))
}

/// Cuts the power at operations that lie ever further apart, and at the last ones, in which names are given.
fn cut_everywhere(deed: Deed) {
    let mut trial = trial(deed);
    let (mut operation, mut cuts) = (1, Vec::new());
    while interrupted(&mut trial, &Interruption::Cut(operation)) == Ended::Cut {
        cuts.push(operation);
        operation += 1 + operation / 5;
        assert!(operation < OPERATIONS_MAX, "{deed:?} never ends");
    }
    // Between the last that was reached and the first that was not lies the end.
    let (mut reached, mut end) = (cuts.last().copied().unwrap_or(0), operation);
    while end - reached > 1 {
        let middle = reached + (end - reached) / 2;
        match interrupted(&mut trial, &Interruption::Cut(middle)) {
            Ended::Cut => reached = middle,
            _ => end = middle,
        }
    }
    // What a cut leaves there is a matter of chance.
    for operation in reached.saturating_sub(LAST_OPERATIONS - 1).max(1)..=reached {
        for _ in 0..CUTS_AT_THE_END {
            assert_eq!(interrupted(&mut trial, &Interruption::Cut(operation)), Ended::Cut);
        }
    }
    for _ in 0..CUTS_AT_THE_END {
        assert_eq!(interrupted(&mut trial, &Interruption::CutAfterwards), Ended::Cut);
    }
}

fn kill_everywhere(deed: Deed) {
    let mut trial = trial(deed);
    let kills = (0..KILLS).filter(|kill| {
        let moment = Duration::from_millis(u64::from(*kill) * 5);
        interrupted(&mut trial, &Interruption::Kill(moment)) == Ended::Killed
    });
    assert!(kills.count() > 0, "no process was killed in time");
}

/// Lets the disk fill up or fail for good, early and late.
fn starve(deed: Deed, file: &'static str) {
    let mut trial = trial(deed);
    for room in [0, 3_000, 60_000] {
        let full = Interruption::Disk(DiskFault::Full { room, suffix: file });
        assert_ne!(interrupted(&mut trial, &full), Ended::Killed);
    }
    for call in ["write", "sync"] {
        for first in [1, 3, 9] {
            let fault = DiskFault::Calls(format!("{call}:io:{file}:{first}:1000000"));
            assert_ne!(interrupted(&mut trial, &Interruption::Disk(fault)), Ended::Killed);
        }
    }
}

#[test]
fn a_backup_during_which_the_power_goes_never_looks_like_one() {
    cut_everywhere(Deed::BackUp);
}

#[test]
fn a_backup_that_is_killed_never_looks_like_one() {
    kill_everywhere(Deed::BackUp);
}

#[test]
fn a_backup_for_which_the_disk_fails_or_has_no_room_never_looks_like_one() {
    starve(Deed::BackUp, ".unfinished");
}

#[test]
fn a_restore_during_which_the_power_goes_leaves_a_whole_log() {
    cut_everywhere(Deed::Restore);
}

#[test]
fn a_restore_that_is_killed_leaves_a_whole_log() {
    kill_everywhere(Deed::Restore);
}

#[test]
fn a_restore_for_which_the_disk_fails_or_has_no_room_leaves_a_whole_log() {
    starve(Deed::Restore, ".unfinished");
}
