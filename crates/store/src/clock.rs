use std::time::{SystemTime, UNIX_EPOCH};

use annals_event::Timestamp;

use crate::error::StoreError;

/// Where a store takes the time from.
pub trait Clock: Send + Sync + 'static {
    /// The moment that it is now.
    fn now(&self) -> Timestamp;
}

/// Where a store takes secrets and the random part of event ids from.
pub trait Randomness: Send + Sync + 'static {
    /// Fills `bytes` with bytes that nobody can predict.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when there are none to be had.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), StoreError>;
}

/// The clock of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

/// The randomness of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandomness;

impl Clock for SystemClock {
    /// The time of day; 1970 when the machine's clock stands before that or beyond the year 9999.
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since_epoch.as_micros())
            .ok()
            .and_then(|micros| Timestamp::from_micros(micros).ok())
            .unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), StoreError> {
        getrandom::fill(bytes).map_err(|error| StoreError::Unavailable {
            reason: "the operating system gives no randomness".into(),
            source: Some(std::sync::Arc::new(error)),
        })
    }
}
