use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use annals_event::{Limits, Timestamp};
use annals_store::{Clock, Randomness, Store, StoreError};
use async_trait::async_trait;

/// 2026-11-20T10:30:00Z, the moment at which every case starts.
const START_MICROS: i64 = 1_795_170_600_000_000;

/// What a store under test is made with, and made with again when it is reopened.
///
/// Clock and randomness are for the store's [`Preparer`](annals_store::Preparer) and for the time of
/// recording only: whatever else draws from them makes a random history unlike the model's.
#[derive(Clone)]
pub struct Setup {
    /// The time, which only the case moves.
    pub clock: Arc<TestClock>,
    /// Chance that is the same in every run.
    pub randomness: Arc<SeededRandomness>,
    /// What an event may hold.
    pub limits: Limits,
}

/// A store under test, with whatever it needs to live: files, servers, schemas.
#[async_trait]
pub trait TestStore: Send + Sync {
    /// The store.
    fn store(&self) -> Arc<dyn Store>;

    /// Closes the store and opens it again as another process would. A store that does not outlive its
    /// process stays as it is.
    async fn reopen(&mut self);
}

/// A clock that stands still until it is moved, also backwards.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

/// Bytes that follow from a seed.
#[derive(Debug)]
pub struct SeededRandomness(AtomicU64);

impl Setup {
    /// The setup of cases.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self {
            clock: Arc::new(TestClock(AtomicI64::new(START_MICROS))),
            randomness: Arc::new(SeededRandomness(AtomicU64::new(seed))),
            limits: Limits::default(),
        }
    }
}

impl TestClock {
    /// Moves the clock by so many microseconds, backwards when negative.
    pub fn advance(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::SeqCst);
    }

    /// Sets the clock.
    pub fn set(&self, moment: Timestamp) {
        self.0.store(moment.as_micros(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
            .expect("cases stay within the years 0001 to 9999")
    }
}

impl Randomness for SeededRandomness {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), StoreError> {
        for chunk in bytes.chunks_mut(8) {
            let number = mix(self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst));
            chunk.iter_mut().zip(number.to_be_bytes()).for_each(|(to, from)| *to = from);
        }
        Ok(())
    }
}

/// The output function of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators).
fn mix(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
