//! The trials catch what they are there to catch: each seeded bug is put into the store in turn, and the same
//! cycles, which find nothing in the store as it is, must find it.
#![cfg(target_os = "linux")]

use std::path::Path;

use annals_durability::{DiskFault, Failure, Trial};
use annals_failpoint::{Bug, Point};
use fastrand::Rng;

/// So many cycles are tried before a bug counts as not caught.
const CYCLES_MAX: u32 = 300;

/// So many find nothing in the store as it is.
const CYCLES_WITHOUT_BUG: u32 = 120;

/// One cycle: a cut, a kill, a death beside a durable step, or a disk that fails, in turn. What it was, and what
/// it found.
fn cycle(trial: &mut Trial, rng: &mut Rng, number: u32) -> (String, Result<(), Failure>) {
    let point = rng.choice(Point::ALL).expect("there are points");
    match number % 5 {
        0 => ("a power cut".into(), trial.cut()),
        1 => ("a kill".into(), trial.kill()),
        2 => (format!("a death at {}", point.name()), trial.die_at(point, 1, false)),
        3 => (format!("a power cut at {}", point.name()), trial.die_at(point, 1, true)),
        _ => {
            let call = rng.choice(["write", "sync"]).unwrap_or("sync");
            let file = rng.choice(["annals.db-wal", "annals.db-index-wal"]).unwrap_or("annals.db-wal");
            let fault = format!("{call}:io:{file}:{}:{}", rng.u8(1..60), rng.u8(1..4));
            (format!("the fault {fault}"), trial.misbehave(DiskFault::Calls(fault)).map(drop))
        }
    }
}

/// The first cycle that finds something, in words.
fn first_find(bug: Option<Bug>, cycles: u32) -> Option<String> {
    let seed = fastrand::u64(..);
    let victim = Path::new(env!("CARGO_BIN_EXE_annals-durability-victim"));
    let mut trial = Trial::new(victim, bug, seed).unwrap();
    let mut rng = Rng::with_seed(seed);
    (1..=cycles).find_map(|number| {
        let (what, found) = cycle(&mut trial, &mut rng, number);
        Some(format!("in cycle {number}, {what}: {}", found.err()?))
    })
}

#[test]
fn every_seeded_bug_is_caught() {
    let mut missed = Vec::new();
    for bug in Bug::ALL {
        match first_find(Some(bug), CYCLES_MAX) {
            Some(find) => println!("seeded bug {} caught {find}", bug.name()),
            None => missed.push(bug.name()),
        }
    }
    assert!(missed.is_empty(), "not caught within {CYCLES_MAX} cycles: {}", missed.join(", "));
}

#[test]
fn the_same_cycles_find_nothing_in_the_store_as_it_is() {
    assert_eq!(first_find(None, CYCLES_WITHOUT_BUG), None);
}
