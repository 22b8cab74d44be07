//! Reading pages of events for an answer.

use std::time::{Duration, Instant};

use annals::{
    Direction, EventReader, EventStore, PageRequest, Position, Query, ReadOptions, RecordedEvent, StoreError,
};

use crate::parameters::PageParameters;
use crate::problem::RequestError;

/// Where only few events fulfil the filters, a page ends early, so that a reader sees that it goes on.
const SCAN_TIME_MAX: Duration = Duration::from_secs(5);

/// Which part of an answer is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) direction: Direction,
    pub(super) after: Option<Position>,
    pub(super) limit: u64,
    pub(super) offset: u64,
}

/// Reads the events of one page of an answer, as they come.
pub(super) struct Scan<'a> {
    store: &'a dyn EventStore,
    query: &'a Query,
    request: PageRequest,
    part: Part,
    until: Instant,
    /// Where to go on, once it is known.
    next: Option<Position>,
    ended: bool,
}

impl Part {
    /// The part that a request asks for.
    ///
    /// # Errors
    /// [`RequestError::InvalidParameter`].
    pub(super) fn of(page: &PageParameters) -> Result<Self, RequestError> {
        Ok(Self {
            direction: page.order().direction(),
            after: page.after()?,
            limit: page.limit()?,
            offset: page.offset().unwrap_or_default(),
        })
    }
}

impl<'a> Scan<'a> {
    pub(super) fn new(store: &'a dyn EventStore, query: &'a Query, part: Part) -> Self {
        let request = PageRequest { direction: part.direction, after: part.after, ..PageRequest::default() };
        let until = Instant::now() + SCAN_TIME_MAX;
        Self { store, query, request, part, until, next: None, ended: false }
    }

    /// The next events, perhaps none; `None` when the page is full or there are no more.
    pub(super) async fn next_events(&mut self) -> Result<Option<Vec<RecordedEvent>>, StoreError> {
        if self.ended {
            return Ok(None);
        }
        let page = self.store.read_page(self.query, self.next_request()).await?;
        self.request.size.get_or_insert(page.size);
        self.request.after = page.resume;
        let mut events = page.events;
        let left_out = events.len().min(usize::try_from(self.part.offset).unwrap_or(usize::MAX));
        events.drain(..left_out);
        self.part.offset -= left_out as u64;
        let limit = usize::try_from(self.part.limit).unwrap_or(usize::MAX);
        if events.len() > limit {
            events.truncate(limit);
            self.ended = true;
            // Where this page gives nothing, the one before ended at its resumption.
            self.next = events.last().map(|last| last.position).or(self.next);
        } else {
            self.part.limit -= events.len() as u64;
            // What is left out cannot be left out by the next page, which only knows where it begins.
            let is_late = self.part.offset == 0 && Instant::now() > self.until;
            self.ended = page.resume.is_none() || is_late;
            self.next = page.resume;
        }
        Ok(Some(events))
    }

    /// What to read next: what is wanted, and one event more, which tells whether there are more.
    fn next_request(&self) -> PageRequest {
        let wanted = self.part.limit.saturating_add(self.part.offset).saturating_add(1);
        let events_max = usize::try_from(wanted).unwrap_or(usize::MAX).min(self.request.events_max);
        PageRequest { events_max, ..self.request }
    }

    /// Where the next page begins; `None` when there is none.
    pub(super) fn next(&self) -> Option<Position> {
        self.next
    }
}

/// How many events match, in the log as it is now.
pub(super) async fn count(store: &dyn EventStore, query: &Query) -> Result<u64, StoreError> {
    if query.items.is_empty() {
        return Ok(store.head().await?.size);
    }
    let mut reader = EventReader::new(store, query.clone(), ReadOptions::default());
    let mut count = 0;
    while let Some(events) = reader.next_page().await? {
        count += events.len() as u64;
    }
    Ok(count)
}
