//! The questions to an aggregate's history.

mod blaming;
mod comparing;
mod folding;
mod many;
mod snapshots;
mod state;
mod stepping;
mod taking;
mod together;
mod undoing;

use std::sync::Arc;

use annals_event::StreamName;
use annals_store::{Clock, SnapshotKey, Store, SystemClock};

use crate::cache::{Cache, CacheStatistics};
use crate::fold::{Engine, Fold};
use crate::jq::{JqOptions, Workers};
use crate::rules::Rules;
use crate::snapshot::StoredState;

pub use blaming::{Blame, BlamedLeaf};
pub use comparing::Diff;
pub use many::States;
pub use snapshots::Snapshots;
pub use stepping::{Replay, Step, Timeline, TimelineEntry};
pub use taking::SnapshotRun;
pub(crate) use taking::Taking;
pub use undoing::{Undo, Undone};

/// Answers questions about the past of a log's aggregates. Cheap to clone.
#[derive(Clone)]
pub struct History {
    store: Arc<dyn Store>,
    engine: Arc<Engine>,
    clock: Arc<dyn Clock>,
    cache: Arc<Cache>,
}

impl History {
    /// The history of a log, read by these rules.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, rules: Rules, jq: JqOptions) -> Self {
        let workers = Arc::new(Workers::new(jq));
        Self {
            store,
            engine: Arc::new(Engine { rules, workers }),
            clock: Arc::new(SystemClock),
            cache: Arc::new(Cache::new()),
        }
    }

    /// The same with another clock, from which snapshots take their time.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// The same log, read by other rules: the processes, the cache and the snapshots are shared, and an answer of one
    /// set of rules is never given under another.
    #[must_use]
    pub fn with_rules(&self, rules: Rules) -> Self {
        let workers = Arc::clone(&self.engine.workers);
        Self { engine: Arc::new(Engine { rules, workers }), ..self.clone() }
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.engine.rules
    }

    /// How often the cache of states could answer.
    #[must_use]
    pub fn cache_statistics(&self) -> CacheStatistics {
        self.cache.statistics()
    }

    pub(crate) fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    fn snapshot_key(&self, stream: &StreamName) -> SnapshotKey {
        let reducer = self.engine.rules.fingerprint(&stream.aggregate_type).to_string();
        SnapshotKey { stream: stream.clone(), reducer }
    }

    fn fold(&self, stream: &StreamName, start: Option<StoredState>) -> Fold {
        Fold::new(&self.engine, stream.clone(), start)
    }
}
