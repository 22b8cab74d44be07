use std::sync::atomic::{AtomicI64, Ordering};

use annals::{Clock, SystemClock, Timestamp};

/// No moment that anything happens at.
const NOW: i64 = i64::MIN;

/// The clock of a log that is told its past first. While it is told, it shows the time of the story, so that what was
/// known when can be asked as of any other log; then it shows the time.
#[derive(Debug)]
pub(super) struct StoryClock(AtomicI64);

impl StoryClock {
    /// Shows a moment from now on.
    pub(super) fn show(&self, moment: Timestamp) {
        self.0.store(moment.as_micros(), Ordering::Relaxed);
    }

    /// Shows the time from now on.
    pub(super) fn go(&self) {
        self.0.store(NOW, Ordering::Relaxed);
    }
}

impl Default for StoryClock {
    /// One that shows the time.
    fn default() -> Self {
        Self(AtomicI64::new(NOW))
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        match self.0.load(Ordering::Relaxed) {
            NOW => SystemClock.now(),
            micros => Timestamp::from_micros(micros).unwrap_or_else(|_| SystemClock.now()),
        }
    }
}
