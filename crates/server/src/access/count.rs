use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How many things an answer shows, while it is written and afterwards.
#[derive(Debug, Clone, Default)]
pub(crate) struct Count(Arc<Counting>);

#[derive(Debug, Default)]
struct Counting {
    shown: AtomicU64,
    is_finished: AtomicBool,
}

impl Count {
    /// A count that stays what it is.
    pub(crate) fn of(shown: u64) -> Self {
        let count = Self::default();
        count.add(shown);
        count.finish();
        count
    }

    pub(crate) fn add(&self, shown: u64) {
        self.0.shown.fetch_add(shown, Ordering::Relaxed);
    }

    /// Notes that nothing more comes.
    pub(crate) fn finish(&self) {
        self.0.is_finished.store(true, Ordering::Release);
    }

    /// How many were shown, and whether nothing more comes.
    pub(super) fn read(&self) -> (u64, bool) {
        let is_finished = self.0.is_finished.load(Ordering::Acquire);
        (self.0.shown.load(Ordering::Relaxed), is_finished)
    }
}
