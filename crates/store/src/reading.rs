use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use annals_event::{Position, RecordedEvent};

use crate::error::StoreError;
use crate::event_store::EventStore;
use crate::page::{Direction, Page, PageRequest};
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
/// of the log as it was at the first page. While one page is worked on, the next are read.
pub struct EventReader<'a> {
    store: &'a dyn EventStore,
    query: Arc<Query>,
    /// Pages behind the last one that was given, each with the place behind which it begins.
    ahead: VecDeque<(Option<Position>, Reading<'a>)>,
    request: PageRequest,
    remaining: u64,
    offset: u64,
    finished: bool,
}

/// So many pages are read while one is worked on: two, so that two processors have something to do.
const PAGES_AHEAD_MAX: usize = 2;

/// A page that is being read.
type Reading<'a> = Pin<Box<dyn Future<Output = Result<Page, StoreError>> + Send + 'a>>;

impl<'a> EventReader<'a> {
    /// A reader at the start of the answer to `query`.
    #[must_use]
    pub fn new(store: &'a dyn EventStore, query: Query, options: ReadOptions) -> Self {
        let ReadOptions { direction, after, limit, offset, size } = options;
        let request = PageRequest { direction, after, size, ..PageRequest::default() };
        Self {
            store,
            query: Arc::new(query),
            ahead: VecDeque::new(),
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
            let page = self.take_ahead().await?;
            self.request.size.get_or_insert(page.size);
            self.finished = page.resume.is_none();
            self.request.after = page.resume;
            let events = self.within_limits(page.events);
            self.finished |= self.remaining == 0;
            if !self.finished {
                self.read_ahead().await;
            }
            if !events.is_empty() {
                return Ok(Some(events));
            }
        }
        Ok(None)
    }

    /// The page behind the last one.
    fn take_ahead(&mut self) -> Reading<'a> {
        match self.ahead.pop_front() {
            Some((after, reading)) if after == self.request.after => reading,
            // Where a page ended was guessed wrongly, or the page before could not be read.
            _ => {
                self.ahead.clear();
                self.read(self.request.after)
            }
        }
    }

    /// Has the next pages begun to be read. Where the second of them begins can only be guessed.
    async fn read_ahead(&mut self) {
        if self.ahead.front().is_some_and(|(after, _)| *after != self.request.after) {
            self.ahead.clear();
        }
        while self.ahead.len() < PAGES_AHEAD_MAX {
            let after = match self.ahead.back() {
                None => self.request.after,
                Some((last, _)) => match self.guess_behind(*last) {
                    None => break,
                    guess => guess,
                },
            };
            let reading = begun(self.read(after)).await;
            self.ahead.push_back((after, reading));
        }
    }

    /// Where a page ends that begins behind `after`, if all events are wanted and none is large.
    fn guess_behind(&self, after: Option<Position>) -> Option<Position> {
        let len = PageRequest::default().events_max as u64;
        if !self.query.items.is_empty() || self.remaining < len * (PAGES_AHEAD_MAX as u64 + 1) {
            return None;
        }
        let guess = match self.request.direction {
            Direction::Forwards => after?.0.checked_add(len)?,
            Direction::Backwards => after?.0.checked_sub(len)?,
        };
        let is_inside = self.request.size.is_none_or(|size| guess.saturating_add(1) < size);
        is_inside.then_some(Position(guess))
    }

    /// Reads the page behind a position.
    fn read(&self, after: Option<Position>) -> Reading<'a> {
        let wanted = self.remaining.saturating_add(self.offset);
        let events_max = PageRequest::default().events_max.min(usize::try_from(wanted).unwrap_or(usize::MAX));
        let request = PageRequest { after, events_max, ..self.request };
        let (store, query) = (self.store, Arc::clone(&self.query));
        Box::pin(async move { store.read_page(&query, request).await })
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

/// Has a page begun to be read, without waiting for it.
async fn begun(mut reading: Reading<'_>) -> Reading<'_> {
    match poll_fn(|context| Poll::Ready(reading.as_mut().poll(context))).await {
        Poll::Ready(page) => Box::pin(std::future::ready(page)),
        Poll::Pending => reading,
    }
}
