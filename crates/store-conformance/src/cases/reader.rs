//! Answers of any length, with limit and offset for those who expect them.

use annals_event::Position;
use annals_store::{Direction, EventReader, Query, ReadOptions};

use crate::build::{append, event, events, of_type};
use crate::fixture::Fixture;

async fn read(t: &Fixture, query: impl Into<Query>, options: ReadOptions) -> Vec<u64> {
    let store = t.store();
    let mut reader = EventReader::new(&*store, query.into(), options);
    let mut positions = Vec::new();
    while let Some(events) = reader.next_page().await.unwrap() {
        assert!(!events.is_empty());
        positions.extend(events.iter().map(|event| event.position.0));
    }
    assert!(reader.next_page().await.unwrap().is_none(), "the end came before more events");
    positions
}

fn limit(limit: u64, offset: u64) -> ReadOptions {
    ReadOptions { limit: Some(limit), offset, ..ReadOptions::default() }
}

/// 20 events of types A and B by turns.
async fn twenty(t: &Fixture) {
    t.append(append((0..20).map(|n| event("Order/1", ["A", "B"][n % 2])))).await;
}

pub(crate) async fn gives_everything_without_options(t: Fixture) {
    assert!(read(&t, Query::all(), ReadOptions::default()).await.is_empty());
    twenty(&t).await;
    assert_eq!(read(&t, Query::all(), ReadOptions::default()).await, (0..20).collect::<Vec<_>>());
}

pub(crate) async fn limits_and_leaves_out(t: Fixture) {
    twenty(&t).await;
    assert_eq!(read(&t, Query::all(), limit(3, 0)).await, [0, 1, 2]);
    assert_eq!(read(&t, Query::all(), limit(3, 4)).await, [4, 5, 6]);
    assert_eq!(read(&t, of_type("B"), limit(3, 4)).await, [9, 11, 13]);
    assert!(read(&t, Query::all(), limit(0, 0)).await.is_empty());
}

pub(crate) async fn ends_where_the_answer_ends(t: Fixture) {
    twenty(&t).await;
    assert_eq!(read(&t, Query::all(), limit(100, 18)).await, [18, 19]);
    assert!(read(&t, Query::all(), limit(5, 20)).await.is_empty());
    assert!(read(&t, Query::all(), limit(5, u64::MAX)).await.is_empty());
    assert_eq!(read(&t, Query::all(), limit(u64::MAX, 17)).await, [17, 18, 19]);
}

pub(crate) async fn goes_backwards(t: Fixture) {
    twenty(&t).await;
    let newest = ReadOptions { direction: Direction::Backwards, ..limit(3, 1) };
    assert_eq!(read(&t, of_type("A"), newest).await, [16, 14, 12]);
    let before =
        ReadOptions { after: Some(Position(5)), direction: Direction::Backwards, ..ReadOptions::default() };
    assert_eq!(read(&t, Query::all(), before).await, [4, 3, 2, 1, 0]);
}

pub(crate) async fn starts_behind_a_position_and_ends_at_a_size(t: Fixture) {
    twenty(&t).await;
    let part = ReadOptions { after: Some(Position(5)), size: Some(9), ..ReadOptions::default() };
    assert_eq!(read(&t, Query::all(), part).await, [6, 7, 8]);
}

pub(crate) async fn gives_answers_longer_than_a_page(t: Fixture) {
    for _ in 0..3 {
        t.append(events("Order/1", 900)).await;
    }
    assert_eq!(read(&t, Query::all(), ReadOptions::default()).await, (0..2_700).collect::<Vec<_>>());
    assert_eq!(read(&t, Query::all(), limit(5, 2_400)).await, (2_400..2_405).collect::<Vec<_>>());
    let backwards = ReadOptions { direction: Direction::Backwards, ..limit(1_500, 1_000) };
    assert_eq!(read(&t, Query::all(), backwards).await, (200..1_700).rev().collect::<Vec<_>>());
}

pub(crate) async fn shows_the_log_as_it_was_at_the_first_page(t: Fixture) {
    t.append(events("Order/1", 1_500)).await;
    let store = t.store();
    let mut reader = EventReader::new(&*store, Query::all(), ReadOptions::default());
    let mut count = reader.next_page().await.unwrap().unwrap().len();
    t.append(events("Order/1", 500)).await;
    while let Some(events) = reader.next_page().await.unwrap() {
        count += events.len();
    }
    assert_eq!(count, 1_500);
}
