use std::sync::Arc;

use annals_event::{Position, RecordedEvent};
use annals_store::{
    Append, Appended, Direction, Page, PageRequest, Query, Statistics, Store, StoreError, StoredRow,
};

use crate::setup::{Setup, TestStore};

/// A case's store, and the short ways to ask it.
pub struct Fixture {
    /// The store's clock, chance and limits.
    pub setup: Setup,
    test_store: Box<dyn TestStore>,
}

impl Fixture {
    pub(crate) fn new(setup: Setup, test_store: Box<dyn TestStore>) -> Self {
        Self { setup, test_store }
    }

    pub(crate) fn store(&self) -> Arc<dyn Store> {
        self.test_store.store()
    }

    pub(crate) async fn reopen(&mut self) {
        self.test_store.reopen().await;
    }

    /// Appends what must be recorded.
    pub(crate) async fn append(&self, append: impl Into<Append>) -> Appended {
        self.store().append(append.into()).await.expect("the append is valid")
    }

    /// Appends what must be refused, and checks that it left no trace.
    pub(crate) async fn refused(&self, append: impl Into<Append>) -> StoreError {
        let before = self.trace().await;
        let error = self.store().append(append.into()).await.expect_err("the append must be refused");
        assert_eq!(self.trace().await, before, "a refused append left a trace");
        error
    }

    /// What an append could leave behind.
    async fn trace(
        &self,
    ) -> (annals_store::Head, Vec<(annals_event::CursorName, annals_store::CursorValue)>, Statistics) {
        let store = self.store();
        let statistics = Statistics { size_on_disk: 0, ..store.statistics(100).await.unwrap() };
        (store.head().await.unwrap(), store.cursors().await.unwrap(), statistics)
    }

    pub(crate) async fn size(&self) -> u64 {
        self.store().head().await.unwrap().size
    }

    pub(crate) async fn all(&self) -> Vec<RecordedEvent> {
        self.pages(&Query::all(), PageRequest::default()).await
    }

    /// The positions of a query's answer, which must be the same in both directions and for any length of
    /// page, and agree with the definition.
    pub(crate) async fn positions(&self, query: impl Into<Query>) -> Vec<u64> {
        let query = query.into();
        let events = self.pages(&query, PageRequest::default()).await;
        let forwards: Vec<u64> = events.iter().map(|event| event.position.0).collect();
        for (direction, events_max) in [
            (Direction::Forwards, 1),
            (Direction::Forwards, 3),
            (Direction::Backwards, 1),
            (Direction::Backwards, 1_000),
        ] {
            let request = PageRequest { direction, events_max, ..PageRequest::default() };
            let mut again: Vec<u64> =
                self.pages(&query, request).await.iter().map(|event| event.position.0).collect();
            if direction == Direction::Backwards {
                again.reverse();
            }
            assert_eq!(again, forwards, "{direction:?} in pages of {events_max}");
        }
        let defined = self.all().await.into_iter().filter(|event| query.matches(event));
        assert_eq!(
            forwards,
            defined.map(|event| event.position.0).collect::<Vec<_>>(),
            "the definition of {query:?}"
        );
        forwards
    }

    /// All pages of an answer, each checked.
    pub(crate) async fn pages(&self, query: &Query, request: PageRequest) -> Vec<RecordedEvent> {
        read_pages(&*self.store(), query, request).await
    }

    pub(crate) async fn page(&self, query: &Query, request: PageRequest) -> Page {
        self.store().read_page(query, request).await.unwrap()
    }

    /// Every stored row.
    pub(crate) async fn rows(&self) -> Vec<StoredRow> {
        let size = self.size().await;
        let mut rows: Vec<StoredRow> = Vec::new();
        while (rows.len() as u64) < size {
            let page = self.store().stored_rows(rows.len() as u64..size).await.unwrap();
            assert!(!page.is_empty(), "rows are missing behind {}", rows.len());
            rows.extend(page);
        }
        rows
    }
}

/// All pages of an answer. Checks what holds of every page, whatever its store: the order, the number of
/// events, and that the place to go on from moves on.
pub(crate) async fn read_pages(
    store: &dyn Store,
    query: &Query,
    mut request: PageRequest,
) -> Vec<RecordedEvent> {
    let mut events = Vec::new();
    loop {
        let page = store.read_page(query, request).await.unwrap();
        assert!(page.events.len() <= request.events_max, "a page of {} events", page.events.len());
        let ahead = |from: Option<Position>, to: Position| match request.direction {
            Direction::Forwards => from.is_none_or(|from| from < to),
            Direction::Backwards => from.is_none_or(|from| from > to),
        };
        let mut last = request.after;
        for event in &page.events {
            assert!(ahead(last, event.position), "{last:?} before {}", event.position);
            assert!(event.position.0 < page.size, "position {} in a log of {}", event.position, page.size);
            last = Some(event.position);
        }
        request.size.get_or_insert(page.size);
        events.extend(page.events);
        let Some(resume) = page.resume else { return events };
        assert!(ahead(request.after, resume), "the page goes on from {resume}, where it started");
        assert!(last == Some(resume) || ahead(last, resume), "the page goes on before its last event");
        request.after = Some(resume);
    }
}
