use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use annals_event::Timestamp;
use annals_store::Clock;

/// The database's clock, as it was last heard of and carried on by this machine's.
///
/// Every answer to an append says what time it is there, so that the two cannot drift apart.
pub(crate) struct DatabaseClock {
    heard: Mutex<(Instant, Timestamp)>,
}

impl DatabaseClock {
    pub(crate) fn at(moment: Timestamp) -> Self {
        Self { heard: Mutex::new((Instant::now(), moment)) }
    }

    /// Notes what the database's clock shows now.
    pub(crate) fn hear(&self, moment: Timestamp) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = (Instant::now(), moment);
    }
}

impl Clock for DatabaseClock {
    fn now(&self) -> Timestamp {
        let (heard, moment) = *self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        later(moment, heard.elapsed())
    }
}

fn later(moment: Timestamp, by: Duration) -> Timestamp {
    let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
    Timestamp::from_micros(moment.as_micros().saturating_add(micros)).unwrap_or(moment)
}
