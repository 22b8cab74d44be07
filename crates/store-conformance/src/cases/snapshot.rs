//! Aggregates' states, kept as a cache.

use annals_event::StreamVersion;
use annals_store::{Snapshot, SnapshotKey};

use crate::build::{events, object, stream, time};
use crate::fixture::Fixture;

fn key(name: &str, reducer: &str) -> SnapshotKey {
    SnapshotKey { stream: stream(name), reducer: reducer.to_owned() }
}

/// The state of a stream after a version; its greatest timestamp is the minute of the version.
fn snapshot(name: &str, reducer: &str, version: u64) -> Snapshot {
    Snapshot {
        key: key(name, reducer),
        version: StreamVersion(version),
        greatest_timestamp: minute(version),
        state: object(&format!(r#"{{"{reducer}": {version}.0}}"#)),
    }
}

fn minute(minute: u64) -> annals_event::Timestamp {
    time(&format!("2026-01-01T00:{minute:02}:00Z"))
}

async fn keep(t: &Fixture, snapshots: impl IntoIterator<Item = Snapshot>) {
    t.append(events("Order/1", 9)).await;
    for snapshot in snapshots {
        t.store().keep_snapshot(snapshot).await.unwrap();
    }
}

async fn nearest(t: &Fixture, version: Option<u64>, before: Option<u64>) -> Option<u64> {
    let (store, key) = (t.store(), key("Order/1", "merge"));
    let found = store.nearest_snapshot(&key, version.map(StreamVersion), before.map(minute)).await.unwrap();
    found.map(|snapshot| snapshot.version.0)
}

pub(crate) async fn none_is_kept_at_first(t: Fixture) {
    assert_eq!(nearest(&t, None, None).await, None);
}

pub(crate) async fn comes_back_as_it_was(t: Fixture) {
    keep(&t, [snapshot("Order/1", "merge", 3)]).await;
    let found = t.store().nearest_snapshot(&key("Order/1", "merge"), None, None).await.unwrap();
    assert_eq!(found, Some(snapshot("Order/1", "merge", 3)));
}

pub(crate) async fn of_the_greatest_version_up_to_one_is_nearest(t: Fixture) {
    keep(&t, [5, 2, 8].map(|version| snapshot("Order/1", "merge", version))).await;
    for (version, expected) in [
        (None, Some(8)),
        (Some(9), Some(8)),
        (Some(8), Some(8)),
        (Some(7), Some(5)),
        (Some(2), Some(2)),
        (Some(1), None),
    ] {
        assert_eq!(nearest(&t, version, None).await, expected, "{version:?}");
    }
}

pub(crate) async fn with_a_later_timestamp_serves_no_earlier_moment(t: Fixture) {
    let late = Snapshot { greatest_timestamp: minute(50), ..snapshot("Order/1", "merge", 2) };
    keep(&t, [late, snapshot("Order/1", "merge", 1), snapshot("Order/1", "merge", 6)]).await;
    assert_eq!(nearest(&t, None, Some(5)).await, Some(1));
    assert_eq!(nearest(&t, None, Some(6)).await, Some(6));
    assert_eq!(nearest(&t, Some(5), Some(50)).await, Some(2));
    assert_eq!(nearest(&t, Some(5), Some(49)).await, Some(1));
    assert_eq!(nearest(&t, None, Some(0)).await, None);
}

pub(crate) async fn of_the_same_version_replaces_the_one_before(t: Fixture) {
    let other = Snapshot {
        state: object(r#"{"other":true}"#),
        greatest_timestamp: minute(9),
        ..snapshot("Order/1", "merge", 3)
    };
    keep(&t, [snapshot("Order/1", "merge", 3), other.clone()]).await;
    let found = t.store().nearest_snapshot(&key("Order/1", "merge"), None, None).await.unwrap();
    assert_eq!(found, Some(other));
    assert_eq!(t.store().drop_snapshots(None).await.unwrap(), 1);
}

pub(crate) async fn of_another_stream_or_reducer_is_not_found(t: Fixture) {
    let others = [("Order/2", "merge"), ("Cart/1", "merge"), ("Order/1", "merge2"), ("Order/1", "Merge")];
    keep(&t, others.map(|(name, reducer)| snapshot(name, reducer, 4))).await;
    assert_eq!(nearest(&t, None, None).await, None);
}

pub(crate) async fn kept_together_are_all_kept_and_listed_by_name_and_version(t: Fixture) {
    let (store, merge) = (t.store(), "merge");
    let mut expected = vec![
        snapshot("Cart/9", merge, 7),
        snapshot("Order/1", merge, 2),
        snapshot("Order/1", merge, 10),
        snapshot("Order/1", "replace", 1),
        snapshot("Order/10", merge, 1),
        snapshot("Order/2", merge, 1),
    ];
    expected.reverse();
    store.keep_snapshots(expected.clone()).await.unwrap();
    expected.reverse();
    assert_eq!(store.snapshots(None, 100).await.unwrap(), expected);
    assert_eq!(store.snapshots(None, 2).await.unwrap(), expected[..2]);
    for (index, last) in expected.iter().enumerate() {
        let behind = store.snapshots(Some((&last.key, last.version)), 2).await.unwrap();
        assert_eq!(behind, expected[index + 1..].iter().take(2).cloned().collect::<Vec<_>>());
    }
    let between = (&key("Order/1", merge), StreamVersion(5));
    assert_eq!(store.snapshots(Some(between), 1).await.unwrap(), expected[2..3]);
}

pub(crate) async fn of_one_stream_can_be_dropped(t: Fixture) {
    keep(
        &t,
        [
            snapshot("Order/1", "merge", 1),
            snapshot("Order/1", "merge", 2),
            snapshot("Order/1", "replace", 2),
            snapshot("Order/2", "merge", 2),
        ],
    )
    .await;
    assert_eq!(t.store().drop_snapshots(Some(&stream("Order/3"))).await.unwrap(), 0);
    assert_eq!(t.store().drop_snapshots(Some(&stream("Order/1"))).await.unwrap(), 3);
    assert_eq!(nearest(&t, None, None).await, None);
    assert!(t.store().nearest_snapshot(&key("Order/2", "merge"), None, None).await.unwrap().is_some());
}

pub(crate) async fn all_can_be_dropped(t: Fixture) {
    keep(&t, [snapshot("Order/1", "merge", 1), snapshot("Order/2", "merge", 2)]).await;
    assert_eq!(t.store().drop_snapshots(None).await.unwrap(), 2);
    assert_eq!(t.store().drop_snapshots(None).await.unwrap(), 0);
    assert_eq!(nearest(&t, None, None).await, None);
}
