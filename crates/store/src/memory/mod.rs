//! The reference model of a log: everything in memory, behind one lock, plain and linear.
//!
//! It exists to be obviously right. Every other store is compared with it, so nothing here is clever:
//! a query looks at every event, counters are counted, and what is derived can be derived anew.

mod append;
mod catalog;
mod checkpoints;
mod cursors;
mod dead_letters;
mod derived;
mod events;
mod inspection;
mod page;
mod proofs;
mod snapshots;
mod state;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use annals_event::Limits;
use annals_tlog::Origin;
use tokio::sync::watch;

use crate::clock::{Clock, Randomness, SystemClock, SystemRandomness};
use crate::prepare::Preparer;
use state::State;

/// A log that lives as long as its process: the reference model, and a store for tests.
pub struct MemoryStore {
    origin: Origin,
    preparer: Preparer,
    /// Everything that changes. It is never held across an await, and an append holds it from its first
    /// check to its last change, so that nobody sees half of one.
    state: Mutex<State>,
    /// The log's size, told after the state has changed.
    size: watch::Sender<u64>,
}

impl MemoryStore {
    /// An empty log of the origin `memory`, with the operating system's clock and randomness.
    #[must_use]
    pub fn new() -> Self {
        // A constant that is a valid origin.
        let origin = "memory".parse().expect("'memory' is a valid origin");
        Self::with(Arc::new(SystemClock), Arc::new(SystemRandomness), Limits::default(), origin)
    }

    /// An empty log with its sources of time and chance, its limits and its identity.
    #[must_use]
    pub fn with(
        clock: Arc<dyn Clock>,
        randomness: Arc<dyn Randomness>,
        limits: Limits,
        origin: Origin,
    ) -> Self {
        Self {
            preparer: Preparer::new(&origin, clock, randomness, limits),
            origin,
            state: Mutex::default(),
            size: watch::Sender::new(0),
        }
    }

    /// The state; every change of it is a single assignment or cannot panic, so a poisoned lock is usable.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}
