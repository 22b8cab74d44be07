//! A process that is killed while it writes loses nothing that it acknowledged.

use std::path::Path;

use annals_durability::Trial;

/// How many processes are killed; `ANNALS_KILLS` asks for another number.
const KILLS: u64 = 200;

#[test]
fn what_was_acknowledged_survives_kills() {
    let kills =
        std::env::var("ANNALS_KILLS").map_or(KILLS, |kills| kills.parse().expect("a number of kills"));
    let seed = fastrand::u64(..);
    let victim = Path::new(env!("CARGO_BIN_EXE_annals-durability-victim"));
    let mut trial = Trial::new(victim, None, seed).unwrap();
    let begun = std::time::Instant::now();
    for kill in 1..=kills {
        trial.kill().unwrap_or_else(|failure| panic!("kill {kill} of seed {seed}: {failure}"));
    }
    println!("{kills} kills survived, {:.3} s each", begun.elapsed().as_secs_f64() / kills as f64);
}
