use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use annals_event::{EventId, StreamName};
use annals_store::StoreError;

use super::segment::{Segment, StreamEnd};
use crate::errors::Result;

/// How long few events wait for others to be indexed with them.
struct Gathering {
    /// So many are indexed at once without waiting for more.
    enough: u64,
    patience: Duration,
}

/// When ids grow with time, whatever is new lies together.
const OF_ORDERED_IDS: Gathering = Gathering { enough: 4_096, patience: Duration::from_millis(50) };

/// When they do not, a batch touches a page per id, and the larger it is, the more ids share one.
const OF_SCATTERED_IDS: Gathering = Gathering { enough: 16_384, patience: Duration::from_millis(100) };

/// The tail as the writer, the indexer and all readers of one process share it.
///
/// Lock order: `waiting` may be held while `published` is taken, never the other way round.
#[derive(Default)]
pub(crate) struct Tail {
    published: RwLock<Published>,
    /// How many events wait to be indexed, and whether the store is closing; for the two condition variables.
    waiting: Mutex<Waiting>,
    /// Wakes the indexer: there is something to do.
    grown: Condvar,
    /// Wakes the writer and whoever flushes: something is done.
    indexed: Condvar,
}

#[derive(Default)]
struct Waiting {
    events: u64,
    /// How many of them have ids that lie among those that are indexed.
    scattered: u64,
    closing: bool,
    /// Why nothing could be indexed when it was last tried, if so.
    failed: Option<StoreError>,
}

impl Waiting {
    fn gathering(&self) -> Gathering {
        if self.scattered > self.events / 2 { OF_SCATTERED_IDS } else { OF_ORDERED_IDS }
    }

    fn are_enough(&self) -> bool {
        self.events >= self.gathering().enough
    }
}

/// The tail at one moment.
#[derive(Default)]
pub(crate) struct Published {
    /// Segments that the indexer works on, oldest first.
    sealed: VecDeque<Arc<Segment>>,
    /// The newest events.
    active: Segment,
    /// The size of the log, the tail included.
    pub(crate) size: u64,
    /// The greatest event id before the tail. Only a writer knows it.
    greatest_indexed_id: Option<EventId>,
}

impl Published {
    /// Every segment, oldest first.
    fn segments(&self) -> impl Iterator<Item = &Segment> {
        let active = (!self.active.is_empty()).then_some(&self.active);
        self.sealed.iter().map(Arc::as_ref).chain(active)
    }

    /// The first position of the tail: everything before it is in the index.
    pub(crate) fn first(&self) -> u64 {
        self.segments().next().map_or(self.size, |segment| segment.first)
    }

    /// How many of a segment's ids lie among those that are indexed.
    fn scattered(&self, segment: &Segment) -> u64 {
        let ids = segment.entries().map(|(_, entry)| Some(entry.event_id));
        ids.filter(|id| *id < self.greatest_indexed_id).count() as u64
    }

    /// The tail as answers and checks see it.
    pub(crate) fn view(&self) -> TailView<'_> {
        let segments: Vec<&Segment> = self.segments().collect();
        TailView { segments, first: self.first(), greatest_indexed_id: self.greatest_indexed_id }
    }
}

/// The tail at one moment, perhaps with events that are not committed yet.
pub(crate) struct TailView<'t> {
    /// The segments, oldest first.
    pub(crate) segments: Vec<&'t Segment>,
    /// The first position of the tail: everything before it is in the index.
    pub(crate) first: u64,
    /// The greatest event id before the tail. Only a writer knows it.
    pub(crate) greatest_indexed_id: Option<EventId>,
}

impl<'t> TailView<'t> {
    /// The same view with the events of the transaction that is being written.
    pub(crate) fn with_pending(mut self, pending: &'t Segment) -> Self {
        if !pending.is_empty() {
            self.segments.push(pending);
        }
        self
    }

    pub(crate) fn position_of(&self, id: EventId) -> Option<u64> {
        self.segments.iter().find_map(|segment| segment.position_of(id))
    }

    pub(crate) fn stream_end(&self, stream: &StreamName) -> Option<StreamEnd> {
        self.segments.iter().rev().find_map(|segment| segment.stream_end(stream))
    }
}

impl Tail {
    /// A tail of a log of which everything is indexed.
    pub(crate) fn starting_at(size: u64, greatest_indexed_id: Option<EventId>) -> Self {
        let published = Published { size, greatest_indexed_id, ..Published::default() };
        Self { published: RwLock::new(published), ..Self::default() }
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Published> {
        self.published.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows committed events to all readers and hands them to the indexer.
    pub(crate) fn publish(&self, committed: Segment) {
        let mut waiting = self.waiting();
        let (before, were_enough) = (waiting.events, waiting.are_enough());
        let mut published = self.published.write().unwrap_or_else(PoisonError::into_inner);
        waiting.events += committed.len();
        waiting.scattered += published.scattered(&committed);
        published.size = committed.end();
        published.active.absorb(committed);
        if before == 0 || (!were_enough && waiting.are_enough()) {
            self.grown.notify_one();
        }
    }

    /// Waits until at most `events_max` events wait to be indexed, so that a slow index slows the writer
    /// down rather than growing memory.
    ///
    /// # Errors
    /// Why nothing can be indexed, once the backlog is full.
    pub(crate) fn wait_for_room(&self, events_max: u64) -> Result<()> {
        let mut waiting = self.waiting();
        while waiting.events > events_max {
            if let Some(error) = &waiting.failed {
                return Err(error.clone());
            }
            waiting = self.indexed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    /// Waits for events to index: all that there are; `None` when the store closes and nothing is left.
    ///
    /// Few events wait for others for a moment: a batch costs a transaction and touches a page per key.
    pub(crate) fn next_batch(&self) -> Option<Vec<Arc<Segment>>> {
        let mut waiting = self.waiting();
        while waiting.events == 0 {
            if waiting.closing {
                return None;
            }
            waiting = self.grown.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        let few = |waiting: &mut Waiting| !waiting.are_enough() && !waiting.closing;
        let patience = waiting.gathering().patience;
        let gathered = self.grown.wait_timeout_while(waiting, patience, few);
        // The lock is held so that what is sealed is what was counted.
        gathered.unwrap_or_else(PoisonError::into_inner).0.scattered = 0;
        Some(self.seal())
    }

    /// Ends the newest segment; all segments, oldest first.
    pub(crate) fn seal(&self) -> Vec<Arc<Segment>> {
        let mut published = self.published.write().unwrap_or_else(PoisonError::into_inner);
        let active = std::mem::take(&mut published.active);
        if !active.is_empty() {
            published.sealed.push_back(Arc::new(active));
        }
        published.sealed.iter().cloned().collect()
    }

    /// How many events the tail holds.
    pub(crate) fn events(&self) -> u64 {
        self.waiting().events
    }

    /// Drops what is in the index, committed, below `mark`.
    pub(crate) fn drop_indexed(&self, mark: u64) {
        let mut waiting = self.waiting();
        waiting.failed = None;
        let mut published = self.published.write().unwrap_or_else(PoisonError::into_inner);
        while published.sealed.front().is_some_and(|segment| segment.end() <= mark) {
            let Some(segment) = published.sealed.pop_front() else { break };
            published.greatest_indexed_id = published.greatest_indexed_id.max(segment.greatest_id());
            waiting.events = waiting.events.saturating_sub(segment.len());
        }
        self.indexed.notify_all();
    }

    /// Notes why nothing can be indexed now, and waits for a while; the tail stays, so that answers stay right.
    /// `false` when the store closes: whoever opens it next catches up.
    pub(crate) fn pause_indexing(&self, error: StoreError, pause: Duration) -> bool {
        let mut waiting = self.waiting();
        waiting.failed = Some(error);
        self.indexed.notify_all();
        let paused = self.grown.wait_timeout_while(waiting, pause, |waiting| !waiting.closing);
        !paused.unwrap_or_else(PoisonError::into_inner).0.closing
    }

    /// Asks the indexer to end once everything is indexed.
    pub(crate) fn close(&self) {
        self.waiting().closing = true;
        self.grown.notify_all();
    }
}
