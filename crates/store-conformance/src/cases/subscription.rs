//! Live ordered feeds, without a gap or a repeat at the seam between history and now.

use std::time::Duration;

use annals_event::Position;
use annals_store::{Delivery, Query, Subscription};

use crate::build::{Described, append, event, events, numbered, of_type, tagged};
use crate::fixture::Fixture;

/// Long enough that something would have come if it could.
const MOMENT: Duration = Duration::from_millis(50);

fn follow(t: &Fixture, query: impl Into<Query>, after: Option<u64>) -> Subscription {
    Subscription::new(t.store(), query.into(), after.map(Position))
}

/// Positions up to and including `last`, as they come.
async fn until(feed: &mut Subscription, last: u64) -> Vec<u64> {
    let mut positions = Vec::new();
    loop {
        let delivery = feed.next().await.unwrap();
        positions.extend(delivery.events.iter().map(|event| event.position.0));
        if delivery.scanned >= Position(last) {
            return positions;
        }
    }
}

pub(crate) async fn catches_up_from_the_beginning(t: Fixture) {
    t.append(events("Order/1", 2_500)).await;
    assert_eq!(until(&mut follow(&t, Query::all(), None), 2_499).await, (0..2_500).collect::<Vec<_>>());
}

pub(crate) async fn goes_on_behind_a_position(t: Fixture) {
    t.append(events("Order/1", 10)).await;
    assert_eq!(until(&mut follow(&t, Query::all(), Some(0)), 9).await, (1..10).collect::<Vec<_>>());
    assert_eq!(until(&mut follow(&t, Query::all(), Some(8)), 9).await, [9]);
}

pub(crate) async fn waits_for_what_comes(t: Fixture) {
    t.append(events("Order/1", 1)).await;
    let mut feed = follow(&t, Query::all(), None);
    assert_eq!(until(&mut feed, 0).await, [0]);
    assert!(tokio::time::timeout(MOMENT, feed.next()).await.is_err(), "there was nothing to deliver");
    let store = t.store();
    let writer = tokio::spawn(async move {
        tokio::time::sleep(MOMENT).await;
        store.append(numbered(1).into()).await.unwrap();
    });
    assert_eq!(until(&mut feed, 1).await, [1]);
    writer.await.unwrap();
}

pub(crate) async fn waits_in_an_empty_log(t: Fixture) {
    let mut feed = follow(&t, Query::all(), None);
    assert!(tokio::time::timeout(MOMENT, feed.next()).await.is_err());
    t.append(events("Order/1", 2)).await;
    assert_eq!(until(&mut feed, 1).await, [0, 1]);
}

pub(crate) async fn waits_for_a_position_that_is_yet_to_come(t: Fixture) {
    t.append(events("Order/1", 2)).await;
    let mut feed = follow(&t, Query::all(), Some(4));
    assert!(tokio::time::timeout(MOMENT, feed.next()).await.is_err());
    t.append(events("Order/1", 2)).await;
    assert!(tokio::time::timeout(MOMENT, feed.next()).await.is_err());
    t.append(events("Order/1", 3)).await;
    assert_eq!(until(&mut feed, 6).await, [5, 6]);
}

pub(crate) async fn loses_nothing_when_a_waiting_reader_gives_up(t: Fixture) {
    let mut feed = follow(&t, Query::all(), None);
    let mut seen = Vec::new();
    for n in 0..10 {
        assert!(tokio::time::timeout(Duration::from_millis(2), feed.next()).await.is_err());
        t.append(numbered(n)).await;
        seen.extend(until(&mut feed, n as u64).await);
    }
    assert_eq!(seen, (0..10).collect::<Vec<_>>());
}

pub(crate) async fn has_no_gap_and_no_repeat_while_many_write(t: Fixture) {
    let store = t.store();
    let writers: Vec<_> = (0..4_u128)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for n in 0..50 {
                    store.append(append([numbered(writer << 32 | n), event("Noise/1", "A")])).await.unwrap();
                }
            })
        })
        .collect();
    let readers: Vec<_> = [None, None, Some(99)]
        .map(|after| {
            let mut feed = follow(&t, Query::all(), after);
            tokio::spawn(async move { (after, until(&mut feed, 399).await) })
        })
        .into_iter()
        .collect();
    for reader in readers {
        let (after, seen) = reader.await.unwrap();
        assert_eq!(seen, (after.map_or(0, |after| after + 1)..400).collect::<Vec<_>>());
    }
    for writer in writers {
        writer.await.unwrap();
    }
}

pub(crate) async fn that_is_filtered_misses_nothing_while_many_write(t: Fixture) {
    let store = t.store();
    let writers: Vec<_> = (0..4_u64)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for n in 0..50_u64 {
                    let tags: &[&str] = if n.is_multiple_of(5) { &["wanted"] } else { &["other"] };
                    let sent = event(&format!("W/{writer}"), "A").tagged(tags);
                    store.append(sent.into()).await.unwrap();
                }
            })
        })
        .collect();
    let seen = until(&mut follow(&t, tagged(&["wanted"]), None), 199).await;
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(seen.len(), 40);
    assert_eq!(seen, t.positions(tagged(&["wanted"])).await);
}

pub(crate) async fn that_is_filtered_names_the_previous_position(t: Fixture) {
    t.append(append(["A", "B", "A", "B"].map(|name| event("Order/1", name)))).await;
    let mut feed = follow(&t, of_type("B"), None);
    let mut delivered: Option<Position> = None;
    let mut scanned: Option<Position> = None;
    for n in 0..6_u64 {
        while scanned.is_none_or(|scanned| scanned.0 < 3 + n) {
            let Delivery { previous, events, scanned: now } = feed.next().await.unwrap();
            assert_eq!(previous, delivered);
            assert!(scanned.is_none_or(|scanned| scanned < now), "the feed went back to {now}");
            delivered = events.last().map(|event| event.position).or(delivered);
            scanned = Some(now);
        }
        t.append(event("Order/1", ["A", "B"][n as usize % 2])).await;
    }
    assert_eq!(delivered, Some(Position(7)));
}

pub(crate) async fn tells_that_nothing_new_matches(t: Fixture) {
    let mut feed = follow(&t, of_type("B"), None);
    t.append(events("Order/1", 3)).await;
    let mut heartbeat = feed.next().await.unwrap();
    while heartbeat.scanned < Position(2) {
        heartbeat = feed.next().await.unwrap();
    }
    assert_eq!(heartbeat, Delivery { previous: None, events: Vec::new(), scanned: Position(2) });
}

pub(crate) async fn goes_on_after_reopening(mut t: Fixture) {
    t.append(events("Order/1", 3)).await;
    let seen = until(&mut follow(&t, Query::all(), None), 2).await;
    t.reopen().await;
    let mut feed = follow(&t, Query::all(), seen.last().copied());
    t.append(events("Order/1", 2)).await;
    assert_eq!(until(&mut feed, 4).await, [3, 4]);
}

pub(crate) async fn growth_is_told_at_once_when_it_is_there_already(t: Fixture) {
    t.append(events("Order/1", 3)).await;
    let head = t.store().head().await.unwrap();
    for size in 0..3 {
        assert_eq!(t.store().grown(size).await.unwrap(), head);
    }
}

pub(crate) async fn growth_is_no_repeat_and_no_refused_append(t: Fixture) {
    t.append(numbered(1)).await;
    let store = t.store();
    let mut growth = tokio::spawn(async move { store.grown(1).await.unwrap() });
    t.append(numbered(1)).await;
    t.refused(numbered(1).by("other")).await;
    assert!(tokio::time::timeout(MOMENT, &mut growth).await.is_err(), "nothing has grown");
    t.append(numbered(2)).await;
    assert_eq!(growth.await.unwrap().size, 2);
}
