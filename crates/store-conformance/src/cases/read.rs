//! Pages in both directions.

use annals_event::Position;
use annals_store::{Direction, PageRequest, Query};

use crate::build::{Described, append, event, events, of_type, places, stream};
use crate::fixture::Fixture;

fn request(direction: Direction, after: Option<u64>) -> PageRequest {
    PageRequest { direction, after: after.map(Position), ..PageRequest::default() }
}

async fn positions(t: &Fixture, request: PageRequest) -> Vec<u64> {
    t.pages(&Query::all(), request).await.iter().map(|event| event.position.0).collect()
}

pub(crate) async fn of_an_empty_log_gives_nothing(t: Fixture) {
    for direction in [Direction::Forwards, Direction::Backwards] {
        let page = t.page(&Query::all(), request(direction, None)).await;
        assert_eq!((page.events.len(), page.resume, page.size), (0, None, 0));
    }
}

pub(crate) async fn goes_forwards_by_default_and_backwards_when_asked(t: Fixture) {
    t.append(events("Order/1", 7)).await;
    assert_eq!(positions(&t, PageRequest::default()).await, [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(positions(&t, request(Direction::Backwards, None)).await, [6, 5, 4, 3, 2, 1, 0]);
}

pub(crate) async fn goes_on_behind_a_position(t: Fixture) {
    t.append(events("Order/1", 7)).await;
    assert_eq!(positions(&t, request(Direction::Forwards, Some(0))).await, [1, 2, 3, 4, 5, 6]);
    assert_eq!(positions(&t, request(Direction::Forwards, Some(5))).await, [6]);
    assert_eq!(positions(&t, request(Direction::Backwards, Some(5))).await, [4, 3, 2, 1, 0]);
    assert_eq!(positions(&t, request(Direction::Backwards, Some(1))).await, [0]);
}

pub(crate) async fn behind_the_last_event_gives_nothing(t: Fixture) {
    t.append(events("Order/1", 3)).await;
    for after in [2, 3, 1_000, i64::MAX as u64, u64::MAX] {
        assert!(positions(&t, request(Direction::Forwards, Some(after))).await.is_empty(), "{after}");
    }
    assert!(positions(&t, request(Direction::Backwards, Some(0))).await.is_empty());
}

pub(crate) async fn backwards_from_beyond_the_end_gives_everything(t: Fixture) {
    t.append(events("Order/1", 3)).await;
    for after in [3, 1_000, i64::MAX as u64, u64::MAX] {
        assert_eq!(positions(&t, request(Direction::Backwards, Some(after))).await, [2, 1, 0], "{after}");
    }
}

pub(crate) async fn gives_no_more_events_than_asked_for(t: Fixture) {
    t.append(events("Order/1", 10)).await;
    for events_max in [1, 3, 9, 10, 11] {
        let page = t.page(&Query::all(), PageRequest { events_max, ..PageRequest::default() }).await;
        assert!(!page.events.is_empty() && page.events.len() <= events_max, "{events_max}");
    }
}

pub(crate) async fn of_pages_of_any_length_gives_the_same(t: Fixture) {
    t.append(append((0..30).map(|n| event(&format!("Order/{}", n % 3), ["A", "B"][n % 2])))).await;
    let whole = t.pages(&of_type("B").into(), PageRequest::default()).await;
    assert_eq!(whole.len(), 15);
    for events_max in 1..17 {
        let request = PageRequest { events_max, ..PageRequest::default() };
        assert_eq!(t.pages(&of_type("B").into(), request).await, whole);
        let request = PageRequest { events_max, direction: Direction::Backwards, ..PageRequest::default() };
        let mut backwards = t.pages(&of_type("B").into(), request).await;
        backwards.reverse();
        assert_eq!(backwards, whole);
    }
}

pub(crate) async fn stops_when_a_page_has_enough_bytes(t: Fixture) {
    let payload = format!(r#"{{"x":"{}"}}"#, "x".repeat(1_000));
    t.append(append((0..10).map(|_| event("Order/1", "Big").payload(&payload)))).await;
    let request = PageRequest { bytes_max: 2_500, ..PageRequest::default() };
    assert!((1..=3).contains(&t.page(&Query::all(), request).await.events.len()));
    assert_eq!(positions(&t, request).await, (0..10).collect::<Vec<_>>());
    let one = PageRequest { bytes_max: 0, ..PageRequest::default() };
    assert_eq!(t.page(&Query::all(), one).await.events.len(), 1);
    assert_eq!(positions(&t, one).await.len(), 10);
}

pub(crate) async fn of_a_smaller_size_hides_what_came_later(t: Fixture) {
    t.append(events("Order/1", 10)).await;
    for size in [0, 1, 4, 10, 11, u64::MAX] {
        for direction in [Direction::Forwards, Direction::Backwards] {
            let request =
                PageRequest { direction, size: Some(size), events_max: 3, ..PageRequest::default() };
            let mut found = positions(&t, request).await;
            found.sort_unstable();
            assert_eq!(found, (0..size.min(10)).collect::<Vec<_>>());
            assert_eq!(t.page(&Query::all(), request).await.size, size.min(10));
        }
    }
}

pub(crate) async fn tells_the_size_that_the_page_saw(t: Fixture) {
    for size in 0..4 {
        assert_eq!(t.page(&of_type("None").into(), PageRequest::default()).await.size, size);
        t.append(events("Order/1", 1)).await;
    }
}

pub(crate) async fn of_one_size_does_not_change_while_the_log_grows(t: Fixture) {
    t.append(events("Order/1", 5)).await;
    let query = Query::stream(stream("Order/1"));
    let mut request = PageRequest { events_max: 2, size: Some(5), ..PageRequest::default() };
    let mut found = Vec::new();
    loop {
        t.append(events("Order/1", 3)).await;
        let page = t.page(&query, request).await;
        found.extend(page.events);
        request.after = page.resume;
        if page.resume.is_none() {
            break;
        }
    }
    assert_eq!(places(&found), [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]);
}

pub(crate) async fn of_a_stream_comes_in_the_order_of_versions(t: Fixture) {
    for _ in 0..10 {
        t.append(append(["Order/1", "Order/2", "Order/1"].map(|stream| event(stream, "A")))).await;
    }
    let read = t.pages(&Query::stream(stream("Order/1")), PageRequest::default()).await;
    let versions: Vec<u64> = read.iter().map(|event| event.version.0).collect();
    assert_eq!(versions, (1..=20).collect::<Vec<_>>());
}

pub(crate) async fn never_shows_position_n_plus_1_before_n(t: Fixture) {
    let store = t.store();
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for _ in 0..25 {
                    store.append(events(&format!("Order/{writer}"), 3)).await.unwrap();
                }
            })
        })
        .collect();
    let mut seen = 0;
    while seen < 300 {
        let read = t.all().await;
        assert!(read.iter().enumerate().all(|(index, event)| event.position == Position(index as u64)));
        assert!(read.len() >= seen, "a reader saw {seen} events and then {}", read.len());
        seen = read.len();
    }
    for writer in writers {
        writer.await.unwrap();
    }
}
