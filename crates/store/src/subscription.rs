use std::sync::Arc;

use annals_event::{Position, RecordedEvent};

use crate::error::StoreError;
use crate::event_store::EventStore;
use crate::newest::NewestEvents;
use crate::page::{Page, PageRequest};
use crate::query::Query;

/// A live ordered feed: it catches up from history, then follows the log, without a gap or a repeat.
pub struct Subscription {
    source: Source,
    query: Query,
    /// The last position that was looked at.
    scanned: Option<Position>,
    /// The last position that was delivered.
    delivered: Option<Position>,
    /// How much is read at a time.
    page: PageRequest,
}

/// From where a feed has its events.
enum Source {
    Store(Arc<dyn EventStore>),
    /// From what others read who follow the same log.
    Newest(Arc<NewestEvents>),
}

/// What a feed has to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The position of the event that the feed delivered before these, so that a reader of a filtered feed
    /// can check that it missed nothing.
    pub previous: Option<Position>,
    /// The next events that match; none in a heartbeat.
    pub events: Vec<RecordedEvent>,
    /// Every position up to here was looked at.
    pub scanned: Position,
}

impl Subscription {
    /// A feed of what matches `query` behind `after`; from the first event when there is none.
    #[must_use]
    pub fn new(store: Arc<dyn EventStore>, query: Query, after: Option<Position>) -> Self {
        Self::from_source(Source::Store(store), query, after)
    }

    /// The same of a log that many follow: what is new is read once for all of them.
    #[must_use]
    pub fn of_newest(newest: Arc<NewestEvents>, query: Query, after: Option<Position>) -> Self {
        Self::from_source(Source::Newest(newest), query, after)
    }

    fn from_source(source: Source, query: Query, after: Option<Position>) -> Self {
        Self { source, query, scanned: after, delivered: after, page: PageRequest::default() }
    }

    /// Delivers at most as much at a time as `page` says; for feeds of which there are many. Which events are
    /// delivered, and in which order, is not for a page to say.
    #[must_use]
    pub fn in_pages_of(self, page: PageRequest) -> Self {
        let PageRequest { events_max, bytes_max, .. } = page;
        Self { page: PageRequest { events_max, bytes_max, ..PageRequest::default() }, ..self }
    }

    /// Waits for the next events, or for the news that none of the new ones match.
    ///
    /// It may be dropped while it waits; nothing is lost.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read, and [`StoreError::Corrupt`] when a position is missing.
    pub async fn next(&mut self) -> Result<Delivery, StoreError> {
        loop {
            let request = PageRequest { after: self.scanned, ..self.page };
            let page = self.source.read_page(&self.query, request).await?;
            let last = page.resume.or_else(|| page.size.checked_sub(1).map(Position));
            if let Some(scanned) = last.filter(|last| self.scanned.is_none_or(|scanned| scanned < *last)) {
                return self.deliver(page.events, scanned);
            }
            let size = page.size;
            // Whoever waits, perhaps with many others, holds no room for events.
            drop(page);
            self.source.store().grown(size).await?;
        }
    }

    fn deliver(&mut self, events: Vec<RecordedEvent>, scanned: Position) -> Result<Delivery, StoreError> {
        if self.query.items.is_empty() {
            check_gapless(self.scanned, &events, scanned)?;
        }
        let previous = self.delivered;
        self.delivered = events.last().map(|event| event.position).or(previous);
        self.scanned = Some(scanned);
        Ok(Delivery { previous, events, scanned })
    }
}

impl Source {
    fn store(&self) -> &dyn EventStore {
        match self {
            Self::Store(store) => &**store,
            Self::Newest(newest) => newest.store(),
        }
    }

    async fn read_page(&self, query: &Query, request: PageRequest) -> Result<Page, StoreError> {
        match self {
            Self::Store(store) => store.read_page(query, request).await,
            Self::Newest(newest) => newest.read_page(query, request).await,
        }
    }
}

/// A feed of everything gives every position once and in order.
fn check_gapless(
    before: Option<Position>,
    events: &[RecordedEvent],
    scanned: Position,
) -> Result<(), StoreError> {
    let mut expected = before.map_or(Position(0), Position::next);
    for event in events {
        if event.position != expected {
            let reason = format!("position {expected} is missing, {} came in its place", event.position);
            return Err(StoreError::Corrupt { reason });
        }
        expected = expected.next();
    }
    if expected != scanned.next() {
        return Err(StoreError::Corrupt { reason: format!("position {expected} is missing") });
    }
    Ok(())
}
