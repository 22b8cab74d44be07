//! A process that dies beside any durable step, by itself or with the power, loses nothing; and one in which a
//! step fails goes on or says what to do.

use std::path::Path;

use annals_durability::{Ended, Trial};
use annals_failpoint::Point;

fn trial() -> Trial {
    let victim = Path::new(env!("CARGO_BIN_EXE_annals-durability-victim"));
    Trial::new(victim, None, fastrand::u64(..)).unwrap()
}

/// At which passings a point is tried. Some are passed once in a process's life.
fn passings(point: Point) -> &'static [u64] {
    match point {
        Point::LogBeforeRename
        | Point::LogAfterRename
        | Point::TruthBeforeRollback
        | Point::TruthBeforeReopen
        | Point::TruthAfterReopen
        | Point::FoldBefore
        | Point::FoldAfter
        | Point::SealBefore => &[1],
        Point::IndexBeforeCommit | Point::IndexAfterCommit => &[1, 2],
        _ => &[1, 2, 5],
    }
}

#[test]
fn a_process_that_dies_beside_a_durable_step_loses_nothing() {
    let mut trial = trial();
    for point in Point::ALL {
        for passing in passings(point) {
            let died = trial.die_at(point, *passing, false);
            died.unwrap_or_else(|failure| panic!("death at {} {passing}: {failure}", point.name()));
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_power_cut_beside_a_durable_step_loses_nothing() {
    let mut trial = trial();
    for point in Point::ALL {
        for passing in passings(point) {
            let died = trial.die_at(point, *passing, true);
            died.unwrap_or_else(|failure| panic!("power cut at {} {passing}: {failure}", point.name()));
        }
    }
}

#[test]
fn a_durable_step_that_fails_once_is_made_good_or_said() {
    let mut trial = trial();
    for point in Point::ALL {
        for passing in passings(point) {
            let ended = trial.fail_at(point, *passing);
            let ended =
                ended.unwrap_or_else(|failure| panic!("failure at {} {passing}: {failure}", point.name()));
            if ended == Ended::GaveUp {
                let refusals = trial.refusals().unwrap();
                assert!(!refusals.is_empty(), "{} {passing}: the victim gave up for no reason", point.name());
            }
        }
    }
}

/// How a victim comes through a commit that fails in the way that the failpoints say, and what it is told.
fn failed_commit(failpoints: &str) -> (Ended, Vec<String>) {
    let mut trial = trial();
    let ended = trial.fail_with(failpoints, Point::TruthBeforeCommit).unwrap();
    (ended, trial.refusals().unwrap())
}

#[test]
fn a_commit_that_failed_and_stored_nothing_is_tried_again_and_nobody_notices() {
    let (ended, refusals) = failed_commit("truth.commit.before=error@5");
    assert_eq!((ended, refusals), (Ended::Closed, vec![]));
}

#[test]
fn a_commit_that_failed_and_is_stored_all_the_same_is_acknowledged() {
    let (ended, refusals) = failed_commit("truth.commit.after=error@5");
    assert_eq!((ended, refusals), (Ended::Closed, vec![]));
}

#[test]
fn a_transaction_that_cannot_be_rolled_back_is_given_up_with_its_connection_and_nobody_notices() {
    // Not where a transaction begins: the fifth one may be that of a checkpoint, whose keeper is told.
    let (ended, refusals) = failed_commit("truth.commit.before=error@5,truth.rollback.before=error@1");
    assert_eq!((ended, refusals), (Ended::Closed, vec![]));
}

#[test]
fn bookkeeping_that_cannot_be_rolled_back_holds_up_nothing_behind_it() {
    let (ended, refusals) = failed_commit(
        "bookkeeping.commit.before=error@2,truth.rollback.before=error@1,truth.rollback.before=error@2",
    );
    assert_eq!(ended, Ended::Closed);
    assert!(refusals.iter().all(|refusal| refusal.contains("bookkeeping.commit.before")), "{refusals:?}");
}

#[test]
fn a_commit_that_fails_twice_is_said_to_be_unavailable_and_succeeds_when_repeated() {
    let (ended, refusals) = failed_commit("truth.commit.before=error@5,truth.commit.before=error@6");
    assert_eq!(ended, Ended::Closed);
    assert!(!refusals.is_empty());
}

#[test]
fn a_commit_of_which_nothing_can_be_known_ends_writing_until_the_log_is_opened_again() {
    for reopening in ["truth.reopen.before", "truth.reopen.after"] {
        let (ended, refusals) = failed_commit(&format!("truth.commit.before=error@5,{reopening}=error@1"));
        assert_eq!(ended, Ended::GaveUp, "{reopening}");
        let unknown = "whether the append is stored is not known, so open the log again and repeat it with the same event ids";
        assert!(refusals.iter().all(|refusal| refusal.contains(unknown)), "{reopening}: {refusals:?}");
    }
}
