use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use annals_event::Timestamp;
use annals_store::Clock;

/// A clock that stands until it is moved.
pub(crate) struct TestClock(AtomicI64);

/// When the tests begin: 2026-11-20T10:30:00Z, in seconds since 1970.
pub(crate) const START: i64 = 1_795_170_600;

impl TestClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(START * 1_000_000)))
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst)).expect("a time")
    }
}
