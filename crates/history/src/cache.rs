use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use annals_event::{StreamName, StreamVersion};
use moka::policy::EvictionPolicy;
use moka::sync::Cache as Entries;

use crate::fingerprint::Fingerprint;
use crate::moment::Moment;
use crate::state_at::StateAt;

/// An answer is kept for so long.
const LIFETIME: Duration = Duration::from_secs(5 * 60);

/// So many answers are kept; of more the one that was not asked for longest goes.
const ENTRIES_MAX: u64 = 100;

/// Answers that were given lately. A question is known together with the stream's last version and the rules, so that
/// no answer outlives what it follows from.
pub(crate) struct Cache {
    states: Entries<CacheKey, Arc<StateAt>>,
    /// The last version of a stream, and the size of the log in which it is that. While the log does not grow, nothing
    /// needs to be read to know that an answer is still right.
    heads: Entries<StreamName, (u64, StreamVersion)>,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// What an answer follows from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct CacheKey {
    pub(crate) stream: StreamName,
    pub(crate) moment: Moment,
    pub(crate) head: StreamVersion,
    pub(crate) fingerprint: Fingerprint,
}

/// How often the cache could answer, since the process began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CacheStatistics {
    /// Questions that it answered.
    pub hits: u64,
    /// Questions that it could not answer.
    pub misses: u64,
    /// Answers that it keeps.
    pub entries: u64,
}

impl CacheStatistics {
    /// The share of the questions that it answered; `None` when none was asked.
    #[must_use]
    pub fn hit_rate(&self) -> Option<f64> {
        let asked = self.hits + self.misses;
        (asked > 0).then(|| self.hits as f64 / asked as f64)
    }
}

impl Cache {
    pub(crate) fn new() -> Self {
        Self { states: entries(), heads: entries(), hits: AtomicU64::new(0), misses: AtomicU64::new(0) }
    }

    /// The last version of a stream in a log of this size, if it is known.
    pub(crate) fn head(&self, stream: &StreamName, size: u64) -> Option<StreamVersion> {
        let (known_size, head) = self.heads.get(stream)?;
        (known_size == size).then_some(head)
    }

    pub(crate) fn keep_head(&self, stream: StreamName, size: u64, head: StreamVersion) {
        self.heads.insert(stream, (size, head));
    }

    pub(crate) fn get(&self, key: &CacheKey) -> Option<Arc<StateAt>> {
        let known = self.states.get(key);
        let counter = if known.is_some() { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
        known
    }

    pub(crate) fn keep(&self, key: CacheKey, state: Arc<StateAt>) {
        self.states.insert(key, state);
    }

    pub(crate) fn statistics(&self) -> CacheStatistics {
        self.states.run_pending_tasks();
        CacheStatistics {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            entries: self.states.entry_count(),
        }
    }
}

fn entries<K, V>() -> Entries<K, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    let builder = Entries::builder().max_capacity(ENTRIES_MAX).time_to_live(LIFETIME);
    builder.eviction_policy(EvictionPolicy::lru()).build()
}
