//! A rotation that ends beside any durable step leaves one key that speaks for the log, the one that lies in its place,
//! and no two notes that contradict each other.

use std::path::Path;

use annals_durability::{Deed, DeedTrial, Ended, Interruption};
use annals_failpoint::Point;

/// No point is passed more often in one rotation.
const PASSINGS_MAX: u64 = 50;

fn trial() -> DeedTrial {
    let victim = Path::new(env!("CARGO_BIN_EXE_annals-durability-victim"));
    DeedTrial::new(victim, Deed::Rotate, fastrand::u64(..)).unwrap()
}

fn interrupted(trial: &mut DeedTrial, interruption: &Interruption) -> Ended {
    trial.interrupt(interruption).unwrap_or_else(|failure| panic!("{interruption:?}: {failure}"))
}

/// Interrupts rotations at every passing of every point; how many were.
fn interrupt_everywhere(by: fn(Point, u64) -> Interruption, ended: Ended) -> usize {
    let mut trial = trial();
    let mut interruptions = 0;
    for point in Point::ALL {
        let passings = 1..=PASSINGS_MAX;
        interruptions +=
            passings.take_while(|passing| interrupted(&mut trial, &by(point, *passing)) == ended).count();
    }
    interruptions
}

#[test]
fn a_process_that_dies_during_a_rotation_leaves_one_key() {
    let deaths = interrupt_everywhere(Interruption::Death, Ended::Killed);
    // The signing state twice, the new key, its place, two notes, the event: several steps each.
    assert!(deaths > 30, "only {deaths} steps were found");
}

#[cfg(target_os = "linux")]
#[test]
fn a_power_cut_during_a_rotation_leaves_one_key() {
    let cuts = interrupt_everywhere(Interruption::CutAt, Ended::Cut);
    assert!(cuts > 30, "only {cuts} steps were found");
}

#[test]
fn a_step_that_fails_during_a_rotation_leaves_one_key() {
    let mut trial = trial();
    let mut told = 0;
    // Some failures are made good, so that nobody is told.
    for point in Point::ALL {
        for passing in 1..=2 {
            told +=
                usize::from(interrupted(&mut trial, &Interruption::Failure(point, passing)) == Ended::GaveUp);
        }
    }
    assert!(told > 5, "only {told} failures were told");
}
