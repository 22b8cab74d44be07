use std::sync::Arc;
use std::time::Duration;

use annals_event::{JsonPointer, Limits};
use annals_store::{Clock, Randomness, SystemClock, SystemRandomness};
use annals_tlog::Origin;

/// How a SQLite store is opened.
#[derive(Clone)]
pub struct SqliteOptions {
    /// Where times of recording come from.
    pub clock: Arc<dyn Clock>,
    /// Where secrets and the random part of event ids come from.
    pub randomness: Arc<dyn Randomness>,
    /// What an event may hold.
    pub limits: Limits,
    /// The identity of a log that is created; a random one when there is none.
    pub origin: Option<Origin>,
    /// Payload paths that are indexed. Changing them rebuilds the index, not the truth.
    pub payload_paths: Vec<JsonPointer>,
    /// How long to wait for another process that writes the log.
    pub lock_wait: Duration,
    /// How many events may wait to be indexed before appends wait for the index.
    pub tail_events_max: usize,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            randomness: Arc::new(SystemRandomness),
            limits: Limits::default(),
            origin: None,
            payload_paths: Vec::new(),
            lock_wait: Duration::from_secs(5),
            tail_events_max: 32_768,
        }
    }
}
