use annals_event::{Position, RecordedEvent};

use crate::error::StoreError;
use crate::event_store::EventStore;
use crate::page::{Direction, PageRequest};
use crate::query::Query;

/// What part of an answer is wanted, and in which order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The order.
    pub direction: Direction,
    /// Only behind this position, in the order asked for.
    pub after: Option<Position>,
    /// Only so many events; all when there is none.
    pub limit: Option<u64>,
    /// How many matching events to leave out first.
    pub offset: u64,
    /// Only positions below this size of the log; what is there at the first page when there is none.
    pub size: Option<u64>,
}

/// Reads an answer of any length in constant memory: page by page, each in a transaction of its own, all
/// of the log as it was at the first page.
pub struct EventReader<'a> {
    store: &'a dyn EventStore,
    query: Query,
    request: PageRequest,
    remaining: u64,
    offset: u64,
    finished: bool,
}

impl<'a> EventReader<'a> {
    /// A reader at the start of the answer to `query`.
    #[must_use]
    pub fn new(store: &'a dyn EventStore, query: Query, options: ReadOptions) -> Self {
        let ReadOptions { direction, after, limit, offset, size } = options;
        let request = PageRequest { direction, after, size, ..PageRequest::default() };
        Self {
            store,
            query,
            request,
            remaining: limit.unwrap_or(u64::MAX),
            offset,
            finished: limit == Some(0),
        }
    }

    /// The next events, at least one; `None` at the end.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read; the reader may be asked again.
    pub async fn next_page(&mut self) -> Result<Option<Vec<RecordedEvent>>, StoreError> {
        while !self.finished {
            let wanted = self.remaining.saturating_add(self.offset);
            let events_max =
                PageRequest::default().events_max.min(usize::try_from(wanted).unwrap_or(usize::MAX));
            let page = self.store.read_page(&self.query, PageRequest { events_max, ..self.request }).await?;
            self.request.size.get_or_insert(page.size);
            self.finished = page.resume.is_none();
            self.request.after = page.resume;
            let events = self.within_limits(page.events);
            self.finished |= self.remaining == 0;
            if !events.is_empty() {
                return Ok(Some(events));
            }
        }
        Ok(None)
    }

    fn within_limits(&mut self, mut events: Vec<RecordedEvent>) -> Vec<RecordedEvent> {
        let left_out = events.len().min(usize::try_from(self.offset).unwrap_or(usize::MAX));
        events.drain(..left_out);
        self.offset -= left_out as u64;
        events.truncate(usize::try_from(self.remaining).unwrap_or(usize::MAX));
        self.remaining -= events.len() as u64;
        events
    }
}
