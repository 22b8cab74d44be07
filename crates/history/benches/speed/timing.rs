//! Times and how they compare.

use std::time::{Duration, Instant};

use crate::logs::Outcome;

/// The shortest time that the work took in several rounds.
pub(crate) async fn best(rounds: usize, work: impl AsyncFn() -> Outcome<()>) -> Outcome<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..rounds {
        let start = Instant::now();
        work().await?;
        best = best.min(start.elapsed());
    }
    Ok(best)
}

/// The value in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The time within which so many of a thousand calls were answered, in milliseconds.
pub(crate) fn permille(times: &mut [Duration], permille: usize) -> f64 {
    times.sort_unstable();
    let at = times.len().saturating_sub(1) * permille / 1_000;
    times.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
}
