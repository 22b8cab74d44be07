use std::ops::Range;
use std::time::{Duration, Instant};

use crate::errors::Result;

/// What one step may take: a reader that looks longer keeps the write-ahead log from starting anew.
const STEP_MAX: Duration = Duration::from_millis(20);

/// How long is looked away between two steps, so that whoever folds the write-ahead log finds a moment
/// without readers.
const PAUSE: Duration = Duration::from_millis(5);

/// Does `step` for a range in short steps, whose length follows from how long they take: rows may have a
/// hundred bytes or a million.
pub(super) fn in_steps(range: Range<u64>, mut step: impl FnMut(Range<u64>) -> Result<()>) -> Result<()> {
    let mut len: u64 = 256;
    let mut first = range.start;
    while first < range.end {
        let end = range.end.min(first.saturating_add(len));
        let began = Instant::now();
        step(first..end)?;
        len = next_len(len, began.elapsed());
        first = end;
        if first < range.end {
            std::thread::sleep(PAUSE);
        }
    }
    Ok(())
}

fn next_len(len: u64, took: Duration) -> u64 {
    if took > STEP_MAX {
        (len / 2).max(1)
    } else if took < STEP_MAX / 2 {
        len.saturating_mul(2)
    } else {
        len
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_cover_a_range_without_gaps_and_overlaps() {
        let mut next = 3;
        in_steps(3..1_000_000, |step| {
            assert_eq!(step.start, next);
            next = step.end;
            Ok(())
        })
        .unwrap();
        assert_eq!(next, 1_000_000);
    }

    #[test]
    fn slow_steps_become_shorter_and_fast_ones_longer() {
        assert_eq!(next_len(256, STEP_MAX * 2), 128);
        assert_eq!(next_len(1, STEP_MAX * 2), 1);
        assert_eq!(next_len(256, STEP_MAX / 4), 512);
        assert_eq!(next_len(256, STEP_MAX), 256);
    }
}
