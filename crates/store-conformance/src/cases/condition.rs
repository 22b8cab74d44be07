//! Preconditions of an append on a query (a dynamic consistency boundary).

use annals_event::{AggregateId, Position};
use annals_store::{Append, Query, QueryItem, StoreError};

use crate::build::{
    Described, Guarded, advance, aggregate_type, any_of, append, cursor_name, event, event_type, events,
    exactly, of_type, stream, tagged,
};
use crate::fixture::Fixture;

/// An append that is refused when an event matches.
fn unless(query: impl Into<Query>, after: Option<u64>) -> Append {
    Append::event(event("Guarded/1", "Guarded")).unless(query, after)
}

fn assert_matched(error: &StoreError, position: u64) {
    assert!(
        matches!(error, StoreError::ConditionFailed { position: found } if *found == Position(position)),
        "{error:?} instead of a match at {position}"
    );
}

/// Four events to match.
async fn some_events(t: &Fixture) {
    t.append(append([
        event("Order/1", "Placed").tagged(&["customer:42", "vip"]),
        event("Order/2", "Placed").tagged(&["customer:7"]),
        event("Cart/1", "Emptied").tagged(&["customer:42"]),
        event("Order/1", "Paid"),
    ]))
    .await;
}

pub(crate) async fn holds_when_nothing_matches(t: Fixture) {
    some_events(&t).await;
    t.append(unless(of_type("Cancelled"), None)).await;
    t.append(unless(tagged(&["customer:7", "vip"]), None)).await;
    assert_eq!(t.size().await, 6);
}

pub(crate) async fn names_the_first_event_that_matches(t: Fixture) {
    some_events(&t).await;
    assert_matched(&t.refused(unless(of_type("Placed"), None)).await, 0);
    assert_matched(&t.refused(unless(of_type("Placed"), Some(0))).await, 1);
    assert_matched(&t.refused(unless(of_type("Paid"), None)).await, 3);
}

pub(crate) async fn counts_only_events_behind_a_position(t: Fixture) {
    some_events(&t).await;
    t.append(unless(of_type("Placed"), Some(1))).await;
    t.append(unless(of_type("Paid"), Some(3))).await;
    assert_matched(&t.refused(unless(of_type("Paid"), Some(2))).await, 3);
    t.append(unless(of_type("Placed"), Some(1_000_000))).await;
}

pub(crate) async fn matches_by_stream(t: Fixture) {
    some_events(&t).await;
    assert_matched(&t.refused(unless(Query::stream(stream("Order/1")), Some(0))).await, 3);
    t.append(unless(Query::stream(stream("Order/3")), None)).await;
    let either = QueryItem { streams: vec![stream("Order/9"), stream("Cart/1")], ..QueryItem::default() };
    assert_matched(&t.refused(unless(either, None)).await, 2);
}

pub(crate) async fn matches_by_aggregate_type(t: Fixture) {
    some_events(&t).await;
    let of = |name| QueryItem { aggregate_type: Some(aggregate_type(name)), ..QueryItem::default() };
    assert_matched(&t.refused(unless(of("Cart"), None)).await, 2);
    t.append(unless(of("cart"), None)).await;
}

pub(crate) async fn matches_by_aggregate_id_whatever_the_type(t: Fixture) {
    some_events(&t).await;
    let of = |id| QueryItem { aggregate_id: Some(AggregateId::new(id).unwrap()), ..QueryItem::default() };
    assert_matched(&t.refused(unless(of("1"), Some(0))).await, 2);
    t.append(unless(of("3"), None)).await;
}

pub(crate) async fn matches_by_tags_all_of_which_are_needed(t: Fixture) {
    some_events(&t).await;
    assert_matched(&t.refused(unless(tagged(&["customer:42"]), Some(0))).await, 2);
    assert_matched(&t.refused(unless(tagged(&["vip", "customer:42"]), None)).await, 0);
    t.append(unless(tagged(&["vip", "customer:42"]), Some(0))).await;
    t.append(unless(tagged(&["customer:4"]), None)).await;
}

pub(crate) async fn matches_when_any_item_does(t: Fixture) {
    some_events(&t).await;
    let either = any_of([of_type("Cancelled"), tagged(&["customer:7"])]);
    assert_matched(&t.refused(unless(either.clone(), None)).await, 1);
    t.append(unless(either, Some(1))).await;
}

pub(crate) async fn needs_all_that_one_item_says(t: Fixture) {
    some_events(&t).await;
    let both = QueryItem { event_types: vec![event_type("Emptied")], ..tagged(&["vip"]) };
    t.append(unless(both, None)).await;
    let both = QueryItem {
        event_types: vec![event_type("Paid"), event_type("Emptied")],
        ..tagged(&["customer:42"])
    };
    assert_matched(&t.refused(unless(both, None)).await, 2);
}

pub(crate) async fn over_everything_guards_the_whole_log(t: Fixture) {
    t.append(unless(Query::all(), None)).await;
    assert_matched(&t.refused(unless(Query::all(), None)).await, 0);
    t.append(unless(Query::all(), Some(0))).await;
    assert_matched(&t.refused(unless(Query::all(), Some(0))).await, 1);
}

pub(crate) async fn does_not_see_the_appends_own_events(t: Fixture) {
    t.append(unless(of_type("Guarded"), None)).await;
    assert_matched(&t.refused(unless(of_type("Guarded"), None)).await, 0);
}

pub(crate) async fn is_checked_after_the_expected_versions(t: Fixture) {
    some_events(&t).await;
    let both_fail = unless(of_type("Placed"), None).expecting(stream("Order/1"), exactly(9));
    assert!(matches!(t.refused(both_fail).await, StoreError::WrongExpectedVersion { .. }));
}

pub(crate) async fn that_fails_moves_no_cursor(t: Fixture) {
    some_events(&t).await;
    t.refused(unless(of_type("Placed"), None).moving(advance("reader", "", "1"))).await;
    assert_eq!(t.store().cursor(&cursor_name("reader")).await.unwrap(), None);
}

pub(crate) async fn is_checked_before_the_cursors(t: Fixture) {
    some_events(&t).await;
    let both_fail = unless(of_type("Placed"), None).moving(advance("reader", "elsewhere", "1"));
    assert_matched(&t.refused(both_fail).await, 0);
}

pub(crate) async fn guards_an_append_of_cursors_only(t: Fixture) {
    some_events(&t).await;
    let cursors = Append::default().moving(advance("reader", "", "1"));
    assert_matched(&t.refused(cursors.clone().unless(of_type("Paid"), None)).await, 3);
    t.append(cursors.unless(of_type("Paid"), Some(3))).await;
}

pub(crate) async fn sees_events_far_back(t: Fixture) {
    t.append(event("Seat/1", "Reserved").tagged(&["seat:1"])).await;
    for _ in 0..6 {
        t.append(events("Noise/1", 200)).await;
    }
    assert_matched(&t.refused(unless(tagged(&["seat:1"]), None)).await, 0);
}

pub(crate) async fn of_many_equal_appends_at_once_one_is_recorded(t: Fixture) {
    let store = t.store();
    let reserve = |n: u128| {
        let reserved = event(&format!("Reservation/{n}"), "Reserved").tagged(&["seat:1"]);
        Append::event(reserved).unless(tagged(&["seat:1"]), None)
    };
    let attempts: Vec<_> = (0..16)
        .map(|n| {
            tokio::spawn({
                let store = store.clone();
                async move { store.append(reserve(n)).await }
            })
        })
        .collect();
    let mut recorded = 0;
    for attempt in attempts {
        match attempt.await.unwrap() {
            Ok(_) => recorded += 1,
            Err(error) => assert_matched(&error, 0),
        }
    }
    assert_eq!((recorded, t.size().await), (1, 1));
}
