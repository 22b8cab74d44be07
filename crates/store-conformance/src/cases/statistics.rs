//! A log in numbers.

use annals_store::{Append, Counts, Snapshot, SnapshotCounts, SnapshotKey, Statistics};

use crate::build::{Described, append, event, events, numbered, object, stream, time};
use crate::fixture::Fixture;

async fn statistics(t: &Fixture, top: usize) -> Statistics {
    t.store().statistics(top).await.unwrap()
}

fn counts(top: &[(&str, u64)], distinct: u64) -> Counts {
    Counts { top: top.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect(), distinct }
}

/// Six events of three types, two aggregate types and three actors.
async fn six(t: &Fixture) {
    t.append(append([
        event("Order/1", "Placed").by("ann"),
        event("Order/2", "Placed").by("bob"),
        event("Order/1", "Paid").by("ann"),
        event("Cart/1", "Emptied"),
        event("Order/1", "Placed").by("ann"),
        event("Order/3", "Paid"),
    ]))
    .await;
}

pub(crate) async fn of_an_empty_log_are_zero(t: Fixture) {
    let found = Statistics { size_on_disk: 0, ..statistics(&t, 10).await };
    assert_eq!(found, Statistics::default());
}

pub(crate) async fn count_events_and_streams(t: Fixture) {
    six(&t).await;
    let found = statistics(&t, 10).await;
    assert_eq!((found.events, found.streams), (6, 4));
}

pub(crate) async fn count_by_type_aggregate_type_and_actor(t: Fixture) {
    six(&t).await;
    let found = statistics(&t, 10).await;
    assert_eq!(found.by_type, counts(&[("Placed", 3), ("Paid", 2), ("Emptied", 1)], 3));
    assert_eq!(found.by_aggregate_type, counts(&[("Order", 5), ("Cart", 1)], 2));
    assert_eq!(found.by_actor, counts(&[("ann", 3), ("anonymous", 2), ("bob", 1)], 3));
}

pub(crate) async fn list_the_most_frequent_first_and_of_equals_the_lesser(t: Fixture) {
    t.append(append(["b", "ä", "a", "B", "c", "c", "a 1"].map(|name| event("Order/1", name)))).await;
    let all = [("c", 2), ("B", 1), ("a", 1), ("a 1", 1), ("b", 1), ("ä", 1)];
    for top in [0, 1, 3, 6, 10] {
        assert_eq!(statistics(&t, top).await.by_type, counts(&all[..top.min(6)], 6));
    }
}

pub(crate) async fn count_by_the_hour_in_which_events_happened(t: Fixture) {
    let moments = [
        "2026-01-01T10:00:00Z",
        "2026-01-01T10:59:59.999999Z",
        "2026-01-01T11:00:00Z",
        "2026-01-01T13:30:00+02:00",
        "1969-12-31T23:59:59.999999Z",
        "0001-01-01T00:00:01Z",
    ];
    t.append(append(moments.map(|moment| event("Order/1", "A").at(moment)))).await;
    let expected = [
        ("0001-01-01T00:00:00Z", 1),
        ("1969-12-31T23:00:00Z", 1),
        ("2026-01-01T10:00:00Z", 2),
        ("2026-01-01T11:00:00Z", 2),
    ];
    assert_eq!(statistics(&t, 10).await.per_hour, expected.map(|(hour, count)| (time(hour), count)).into());
}

pub(crate) async fn count_what_was_recorded_once_and_nothing_refused(t: Fixture) {
    t.append(numbered(1)).await;
    let before = Statistics { size_on_disk: 0, ..statistics(&t, 10).await };
    t.append(numbered(1)).await;
    t.refused(numbered(1).by("other")).await;
    let batch = vec![Append::event(numbered(1)), Append::default()];
    t.store().append_each(batch).await;
    assert_eq!(Statistics { size_on_disk: 0, ..statistics(&t, 10).await }, before);
}

pub(crate) async fn count_snapshots_and_their_bytes(t: Fixture) {
    t.append(events("Order/1", 3)).await;
    for (version, state) in [(1, r#"{"n":1}"#), (2, r#"{"n":22}"#), (2, r#"{"n":"ä"}"#)] {
        let snapshot = Snapshot {
            key: SnapshotKey { stream: stream("Order/1"), reducer: "merge".to_owned() },
            version: annals_event::StreamVersion(version),
            greatest_timestamp: time("2026-01-01T00:00:00Z"),
            state: object(state),
        };
        t.store().keep_snapshot(snapshot).await.unwrap();
    }
    assert_eq!(statistics(&t, 10).await.snapshots, SnapshotCounts { count: 2, bytes: 7 + 10 });
    t.store().drop_snapshots(None).await.unwrap();
    assert_eq!(statistics(&t, 10).await.snapshots, SnapshotCounts::default());
}

pub(crate) async fn are_the_same_after_reopening(mut t: Fixture) {
    six(&t).await;
    let before = Statistics { size_on_disk: 0, ..statistics(&t, 10).await };
    t.reopen().await;
    assert_eq!(Statistics { size_on_disk: 0, ..statistics(&t, 10).await }, before);
    six(&t).await;
    let found = statistics(&t, 10).await;
    assert_eq!((found.events, found.streams), (12, 4));
    assert_eq!(found.by_type, counts(&[("Placed", 6), ("Paid", 4), ("Emptied", 2)], 3));
}
