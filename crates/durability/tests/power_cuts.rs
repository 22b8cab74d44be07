//! What was acknowledged or signed is on disk when the power is cut. Linux only, as the unreliable disk is.
#![cfg(target_os = "linux")]

use std::path::Path;

use annals_durability::Trial;

/// How often the power is cut; `ANNALS_CUTS` asks for another number.
const CUTS: u64 = 100;

#[test]
fn what_was_acknowledged_survives_power_cuts() {
    let cuts = std::env::var("ANNALS_CUTS").map_or(CUTS, |cuts| cuts.parse().expect("a number of cuts"));
    let seed = fastrand::u64(..);
    let victim = Path::new(env!("CARGO_BIN_EXE_annals-durability-victim"));
    let mut trial = Trial::new(victim, None, seed).unwrap();
    let begun = std::time::Instant::now();
    for cut in 1..=cuts {
        trial.cut().unwrap_or_else(|failure| panic!("cut {cut} of seed {seed}: {failure}"));
    }
    println!("{cuts} power cuts survived, {:.3} s each", begun.elapsed().as_secs_f64() / cuts as f64);
}
