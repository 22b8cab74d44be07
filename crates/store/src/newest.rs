use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use annals_event::{Position, RecordedEvent};

use crate::error::StoreError;
use crate::event_store::EventStore;
use crate::page::{Page, PageRequest};
use crate::query::Query;

/// So many events are read at a time.
const READ_EVENTS_MAX: usize = 200;

/// So many bytes of payload and metadata.
const READ_BYTES_MAX: usize = 128 << 10;

/// So many events are kept at the most, unless one alone is longer than all may be.
const KEPT_EVENTS_MAX: usize = 2 * READ_EVENTS_MAX;

/// Who looks for some events only, and is farther than this from the end of the log, is better off with the store's index.
const NEAR: u64 = 1_000;

/// The newest events of a log, read once for all who follow it.
///
/// When a log grows, everybody who follows it wants the same events at the same moment. The first one reads them, and they
/// are kept for the others until newer ones take their place. Whoever is behind what is kept reads the store.
pub struct NewestEvents {
    store: Arc<dyn EventStore>,
    kept: Mutex<Kept>,
    /// Held by the one who reads. Taken before `kept`, which is never held across a wait.
    turn: tokio::sync::Mutex<()>,
}

/// Events without a gap between them.
#[derive(Default)]
struct Kept {
    events: VecDeque<RecordedEvent>,
    bytes: usize,
    /// Behind the last of them.
    end: u64,
}

impl NewestEvents {
    /// Of a log of which nothing was read yet.
    #[must_use]
    pub fn of(store: Arc<dyn EventStore>) -> Self {
        Self { store, kept: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }

    pub(crate) fn store(&self) -> &dyn EventStore {
        &*self.store
    }

    /// The next events forwards that match, as [`EventStore::read_page`] has them; the page may be of a log that has grown
    /// since. A size that is asked for is the store's own matter.
    ///
    /// # Errors
    /// As [`EventStore::read_page`].
    pub(crate) async fn read_page(&self, query: &Query, request: PageRequest) -> Result<Page, StoreError> {
        let from = request.after.map_or(0, |after| after.next().0);
        if let Some(page) = self.kept().page(query, request, from) {
            return Ok(page);
        }
        let turn = self.turn.lock().await;
        // Whoever had the turn before may have read it.
        if let Some(page) = self.kept().page(query, request, from) {
            return Ok(page);
        }
        let size = self.store.head().await?.size;
        if size <= from {
            return Ok(Page { size, ..Page::default() });
        }
        let is_behind = from < self.kept().end;
        let is_far = !query.items.is_empty() && size - from > NEAR;
        if is_behind || is_far {
            drop(turn);
            return self.store.read_page(query, request).await;
        }
        let next = PageRequest {
            after: request.after,
            events_max: READ_EVENTS_MAX,
            bytes_max: READ_BYTES_MAX,
            ..PageRequest::default()
        };
        let read = self.store.read_page(&Query::all(), next).await?;
        let mut kept = self.kept();
        kept.add(from, read.events);
        let nothing = Page { size: read.size, ..Page::default() };
        Ok(kept.page(query, request, from).unwrap_or(nothing))
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing that is done with it can leave it half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Adds what stands from a position on, which is at the end of what is kept or behind it.
    fn add(&mut self, from: u64, read: Vec<RecordedEvent>) {
        if from != self.end {
            *self = Self { end: from, ..Self::default() };
        }
        self.end += read.len() as u64;
        self.bytes += read.iter().map(bytes).sum::<usize>();
        self.events.extend(read);
        while self.events.len() > KEPT_EVENTS_MAX || self.bytes > 2 * READ_BYTES_MAX && self.events.len() > 1
        {
            self.bytes -= self.events.pop_front().as_ref().map_or(0, bytes);
        }
    }

    /// The page that begins at a position, if that is among what is kept.
    fn page(&self, query: &Query, request: PageRequest, from: u64) -> Option<Page> {
        let first = self.end - self.events.len() as u64;
        if !(first..self.end).contains(&from) {
            return None;
        }
        let mut page = Page { size: self.end, ..Page::default() };
        let mut page_bytes = 0;
        for event in self.events.range(usize::try_from(from - first).ok()?..) {
            if page.events.len() >= request.events_max.max(1) || page_bytes >= request.bytes_max.max(1) {
                page.resume = event.position.0.checked_sub(1).map(Position);
                break;
            }
            if query.matches(event) {
                page_bytes += bytes(event);
                page.events.push(event.clone());
            }
        }
        Some(page)
    }
}

/// Of payload and metadata.
fn bytes(event: &RecordedEvent) -> usize {
    let [payload, metadata] = [&event.payload, &event.metadata];
    [payload, metadata].into_iter().filter_map(|text| Some(text.value()?.as_str().len())).sum()
}
