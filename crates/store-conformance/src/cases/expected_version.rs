//! Preconditions of an append on its streams.

use annals_event::StreamVersion;
use annals_store::{Append, ExpectedVersion, StoreError};

use crate::build::{append, event, events, exactly, places, stream};
use crate::fixture::Fixture;

/// An append to `Order/1` with a precondition on it.
fn guarded(expected: ExpectedVersion) -> Append {
    Append::event(event("Order/1", "Changed")).expecting(stream("Order/1"), expected)
}

/// Checks the error's facts.
fn assert_facts(error: &StoreError, name: &str, wanted: ExpectedVersion, found: Option<u64>) {
    let StoreError::WrongExpectedVersion { stream, expected, actual } = error else { panic!("{error:?}") };
    assert_eq!((stream.to_string().as_str(), *expected, *actual), (name, wanted, found.map(StreamVersion)));
}

pub(crate) async fn any_holds_for_every_stream(t: Fixture) {
    t.append(guarded(ExpectedVersion::Any)).await;
    t.append(guarded(ExpectedVersion::Any)).await;
    assert_eq!(t.size().await, 2);
}

pub(crate) async fn no_stream_holds_for_a_new_stream_only(t: Fixture) {
    t.append(guarded(ExpectedVersion::NoStream)).await;
    let error = t.refused(guarded(ExpectedVersion::NoStream)).await;
    assert_facts(&error, "Order/1", ExpectedVersion::NoStream, Some(1));
}

pub(crate) async fn stream_exists_holds_for_a_stream_with_events_only(t: Fixture) {
    let error = t.refused(guarded(ExpectedVersion::StreamExists)).await;
    assert_facts(&error, "Order/1", ExpectedVersion::StreamExists, None);
    t.append(events("Order/1", 1)).await;
    t.append(guarded(ExpectedVersion::StreamExists)).await;
    assert_eq!(t.size().await, 2);
}

pub(crate) async fn exactly_holds_for_the_last_version_only(t: Fixture) {
    t.append(events("Order/1", 3)).await;
    for version in [0, 1, 2, 4, u64::MAX] {
        let error = t.refused(guarded(exactly(version))).await;
        assert_facts(&error, "Order/1", exactly(version), Some(3));
    }
    t.append(guarded(exactly(3))).await;
    assert_eq!(t.size().await, 4);
}

pub(crate) async fn refuses_a_stale_expected_version_and_writes_nothing(t: Fixture) {
    t.append(events("Order/1", 2)).await;
    let before = t.all().await;
    t.refused(guarded(exactly(1))).await;
    assert_eq!(t.all().await, before);
}

pub(crate) async fn exactly_fails_for_a_stream_without_events(t: Fixture) {
    for version in [0, 1, 7] {
        let error = t.refused(guarded(exactly(version))).await;
        assert_facts(&error, "Order/1", exactly(version), None);
    }
}

pub(crate) async fn is_checked_for_every_stream_that_is_named(t: Fixture) {
    t.append(events("Order/1", 2)).await;
    t.append(events("Order/2", 3)).await;
    let both = append([event("Order/1", "Changed"), event("Order/2", "Changed")]);
    let stale =
        both.clone().expecting(stream("Order/1"), exactly(2)).expecting(stream("Order/2"), exactly(2));
    assert_facts(&t.refused(stale).await, "Order/2", exactly(2), Some(3));
    t.append(both.expecting(stream("Order/1"), exactly(2)).expecting(stream("Order/2"), exactly(3))).await;
    assert_eq!(places(&t.all().await)[5..], [(5, 3), (6, 4)]);
}

pub(crate) async fn names_the_first_stream_that_fails(t: Fixture) {
    let append = append([event("Order/1", "A")])
        .expecting(stream("Order/2"), exactly(5))
        .expecting(stream("Order/1"), exactly(6));
    assert_facts(&t.refused(append).await, "Order/2", exactly(5), None);
}

pub(crate) async fn is_checked_for_a_stream_that_the_append_only_reads(t: Fixture) {
    t.append(events("Account/1", 2)).await;
    let reading =
        |version| Append::event(event("Transfer/1", "Made")).expecting(stream("Account/1"), exactly(version));
    assert_facts(&t.refused(reading(1)).await, "Account/1", exactly(1), Some(2));
    t.append(reading(2)).await;
    assert_eq!(t.size().await, 3);
}

pub(crate) async fn counts_from_before_the_append(t: Fixture) {
    t.append(events("Order/1", 1)).await;
    let two = append([event("Order/1", "A"), event("Order/1", "B")]).expecting(stream("Order/1"), exactly(1));
    t.append(two).await;
    assert_eq!(places(&t.all().await), [(0, 1), (1, 2), (2, 3)]);
}

pub(crate) async fn distinguishes_streams_by_type_and_id(t: Fixture) {
    t.append(events("Order/1", 2)).await;
    for other in ["Cart/1", "Order/2", "order/1", "Order/1 "] {
        t.append(Append::event(event(other, "A")).expecting(stream(other), ExpectedVersion::NoStream)).await;
    }
}

pub(crate) async fn holds_again_after_a_refused_append(t: Fixture) {
    t.append(events("Order/1", 1)).await;
    t.refused(guarded(exactly(2))).await;
    assert_eq!(t.append(guarded(exactly(1))).await.events[0].version, StreamVersion(2));
    t.refused(guarded(exactly(1))).await;
    assert_eq!(t.append(guarded(exactly(2))).await.events[0].version, StreamVersion(3));
}

pub(crate) async fn of_many_appends_that_expect_the_same_one_is_recorded(t: Fixture) {
    t.append(events("Order/1", 1)).await;
    let store = t.store();
    let attempts: Vec<_> = (0..16)
        .map(|_| {
            tokio::spawn({
                let store = store.clone();
                async move { store.append(guarded(exactly(1))).await }
            })
        })
        .collect();
    let mut recorded = 0;
    for attempt in attempts {
        match attempt.await.unwrap() {
            Ok(appended) => {
                recorded += 1;
                assert_eq!(appended.events[0].version, StreamVersion(2));
            }
            Err(error) => assert_facts(&error, "Order/1", exactly(1), Some(2)),
        }
    }
    assert_eq!((recorded, t.size().await), (1, 2));
}

pub(crate) async fn guards_a_counter_that_many_increment(t: Fixture) {
    let store = t.store();
    let counters: Vec<_> = (0..8)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let (mut expected, mut counted) = (ExpectedVersion::NoStream, 0);
                while counted < 5 {
                    match store.append(guarded(expected)).await {
                        Ok(appended) => {
                            counted += 1;
                            expected = ExpectedVersion::Exactly(appended.events[0].version);
                        }
                        Err(StoreError::WrongExpectedVersion { actual, .. }) => {
                            expected = ExpectedVersion::Exactly(actual.unwrap());
                        }
                        Err(error) => panic!("{error}"),
                    }
                }
            })
        })
        .collect();
    for counter in counters {
        counter.await.unwrap();
    }
    assert_eq!(places(&t.all().await), (0..40).map(|n| (n, n + 1)).collect::<Vec<_>>());
}
