//! Those who follow a log together see what each would see alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use annals_event::{EventId, EventType, JsonObject, NewEvent, Position, StreamName};
use annals_store::{
    Append, Appended, EventStore, Head, MemoryStore, NewestEvents, Page, PageRequest, Query, QueryItem,
    StoreError, Subscription,
};
use annals_tlog::Origin;
use async_trait::async_trait;
use proptest::prelude::*;

/// A log that counts how often it is read.
struct Counting {
    log: MemoryStore,
    reads: AtomicUsize,
}

#[async_trait]
impl EventStore for Counting {
    fn origin(&self) -> &Origin {
        self.log.origin()
    }

    async fn append_each(&self, appends: Vec<Append>) -> Vec<Result<Appended, StoreError>> {
        self.log.append_each(appends).await
    }

    async fn read_page(&self, query: &Query, request: PageRequest) -> Result<Page, StoreError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        // Others get their turn, as while a disk is read.
        tokio::task::yield_now().await;
        self.log.read_page(query, request).await
    }

    async fn position_of(&self, event_id: EventId) -> Result<Option<Position>, StoreError> {
        self.log.position_of(event_id).await
    }

    async fn head(&self) -> Result<Head, StoreError> {
        self.log.head().await
    }

    async fn grown(&self, size: u64) -> Result<Head, StoreError> {
        self.log.grown(size).await
    }
}

fn counting() -> Arc<Counting> {
    Arc::new(Counting { log: MemoryStore::new(), reads: AtomicUsize::new(0) })
}

async fn append(log: &Counting, count: usize) {
    let start = log.head().await.unwrap().size;
    let event = |number: u64| {
        let event_type = if number.is_multiple_of(3) { "Third" } else { "Other" };
        let payload =
            JsonObject::new(format!(r#"{{"text":"{}"}}"#, "x".repeat(number as usize % 7 * 500))).unwrap();
        NewEvent::new(StreamName::new("A", "1").unwrap(), EventType::new(event_type).unwrap(), payload)
    };
    let events = (start..start + count as u64).map(event).collect();
    log.append(Append { events, ..Append::default() }).await.unwrap();
}

fn thirds() -> Query {
    Query::from(QueryItem { event_types: vec![EventType::new("Third").unwrap()], ..QueryItem::default() })
}

/// Positions up to and including `last`, as they come.
async fn until(feed: &mut Subscription, last: u64) -> Vec<u64> {
    let mut positions = Vec::new();
    loop {
        let delivery = feed.next().await.unwrap();
        positions.extend(delivery.events.iter().map(|event| event.position.0));
        if delivery.scanned.0 >= last {
            return positions;
        }
    }
}

#[tokio::test]
async fn what_is_new_is_read_once_for_all() {
    let log = counting();
    append(&log, 10).await;
    let newest = Arc::new(NewestEvents::of(log.clone()));
    let feeds: Vec<_> = (0..100)
        .map(|feed| {
            let query = if feed % 2 == 0 { Query::all() } else { thirds() };
            let mut feed = Subscription::of_newest(newest.clone(), query, Some(Position(9)));
            tokio::spawn(async move { until(&mut feed, 12).await })
        })
        .collect();
    tokio::task::yield_now().await;
    append(&log, 3).await;
    for (number, feed) in feeds.into_iter().enumerate() {
        let wanted: &[u64] = if number % 2 == 0 { &[10, 11, 12] } else { &[12] };
        assert_eq!(feed.await.unwrap(), wanted);
    }
    assert_eq!(log.reads.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn who_is_behind_what_is_kept_reads_the_log() {
    let log = counting();
    append(&log, 3_000).await;
    let newest = Arc::new(NewestEvents::of(log.clone()));
    let follow = |after| Subscription::of_newest(newest.clone(), Query::all(), after);
    let (mut ahead, mut behind) = (follow(Some(Position(2_989))), follow(None));
    assert_eq!(until(&mut ahead, 2_999).await, (2_990..3_000).collect::<Vec<_>>());
    assert_eq!(until(&mut behind, 2_999).await, (0..3_000).collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn everybody_sees_everything_once_and_in_order(
        bursts in prop::collection::vec(1_usize..700, 1..6),
        starts in prop::collection::vec((any::<bool>(), 0_u64..2_000, 1_usize..300), 1..8),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let log = counting();
            let newest = Arc::new(NewestEvents::of(log.clone()));
            let total: usize = bursts.iter().sum();
            let last = total as u64 - 1;
            let feeds: Vec<_> = starts
                .into_iter()
                .map(|(is_filtered, start, events_max)| {
                    let (newest, after) = (newest.clone(), (start % (last + 1)).checked_sub(1));
                    let query = if is_filtered { thirds() } else { Query::all() };
                    let page = PageRequest { events_max, bytes_max: 40_000, ..PageRequest::default() };
                    let feed = Subscription::of_newest(newest, query, after.map(Position));
                    let mut feed = feed.in_pages_of(page);
                    let of_feed = after.map_or(0, |after| after + 1)..=last;
                    let wanted: Vec<u64> =
                        of_feed.filter(|position| !is_filtered || position.is_multiple_of(3)).collect();
                    (wanted, tokio::spawn(async move { until(&mut feed, last).await }))
                })
                .collect();
            for burst in bursts {
                append(&log, burst).await;
                tokio::task::yield_now().await;
            }
            for (wanted, feed) in feeds {
                assert_eq!(feed.await.unwrap(), wanted);
            }
        });
    }
}
