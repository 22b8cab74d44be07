//! The streams of a log.

use annals_event::{Position, StreamVersion};
use annals_store::{Append, StreamFilter, StreamSummary};

use crate::build::{Described, aggregate_type, append, event, events, exactly, stream, time};
use crate::fixture::Fixture;

async fn named(t: &Fixture, names: &[&str]) {
    t.append(append(names.iter().map(|name| event(name, "A")))).await;
}

async fn names(t: &Fixture, filter: &StreamFilter, after: Option<&str>, limit: usize) -> Vec<String> {
    let after = after.map(stream);
    let found = t.store().streams(filter, after.as_ref(), limit).await.unwrap();
    found.iter().map(|summary| summary.stream.to_string()).collect()
}

fn search(text: &str) -> StreamFilter {
    StreamFilter { search: Some(text.to_owned()), ..StreamFilter::default() }
}

fn of_type(name: &str) -> StreamFilter {
    StreamFilter { aggregate_type: Some(aggregate_type(name)), ..StreamFilter::default() }
}

pub(crate) async fn of_an_empty_log_is_empty(t: Fixture) {
    assert!(names(&t, &StreamFilter::default(), None, 10).await.is_empty());
}

pub(crate) async fn sums_up_each_stream(t: Fixture) {
    t.append(append([
        event("Order/1", "A").at("2026-03-01T00:00:00Z"),
        event("Order/2", "A").at("2026-01-01T00:00:00Z"),
        event("Order/1", "A").at("2026-02-01T00:00:00Z"),
    ]))
    .await;
    let expected = [("Order/1", 2, 2, "2026-02-01T00:00:00Z"), ("Order/2", 1, 1, "2026-01-01T00:00:00Z")]
        .map(|(name, version, last_position, moment)| StreamSummary {
            stream: stream(name),
            version: StreamVersion(version),
            last_position: Position(last_position),
            last_timestamp: time(moment),
        });
    assert_eq!(t.store().streams(&StreamFilter::default(), None, 10).await.unwrap(), expected);
}

pub(crate) async fn is_ordered_by_the_bytes_of_type_and_id(t: Fixture) {
    let sorted = ["A/2", "A/a", "A/b", "A/ä", "A/😀", "AB/1", "B/1", "B/10", "B/9", "a/1", "ä/1"];
    let mut mixed = sorted;
    mixed.reverse();
    mixed.swap(2, 7);
    named(&t, &mixed).await;
    assert_eq!(names(&t, &StreamFilter::default(), None, 100).await, sorted);
}

pub(crate) async fn is_read_in_pages(t: Fixture) {
    let sorted = ["A/1", "A/2", "B/1", "B/1/2", "B/3"];
    named(&t, &sorted).await;
    assert!(names(&t, &StreamFilter::default(), None, 0).await.is_empty());
    assert_eq!(names(&t, &StreamFilter::default(), None, 2).await, sorted[..2]);
    assert_eq!(names(&t, &StreamFilter::default(), Some("A/2"), 2).await, sorted[2..4]);
    assert_eq!(names(&t, &StreamFilter::default(), Some("A/3"), 100).await, sorted[2..]);
    assert_eq!(names(&t, &StreamFilter::default(), Some("B/1"), 100).await, sorted[3..]);
    assert!(names(&t, &StreamFilter::default(), Some("B/3"), 100).await.is_empty());
}

pub(crate) async fn of_one_type_leaves_out_the_others(t: Fixture) {
    named(&t, &["A/1", "A/2", "AB/1", "a/1"]).await;
    assert_eq!(names(&t, &of_type("A"), None, 10).await, ["A/1", "A/2"]);
    assert_eq!(names(&t, &of_type("A"), Some("A/1"), 10).await, ["A/2"]);
    assert!(names(&t, &of_type("B"), None, 10).await.is_empty());
}

pub(crate) async fn is_searched_in_ids_whatever_the_case_of_ascii_letters(t: Fixture) {
    named(&t, &["Order/Abc", "Order/xABCx", "Order/ab", "abc/1", "Order/Äbc", "Order/äbc"]).await;
    assert_eq!(names(&t, &search("aBc"), None, 10).await, ["Order/Abc", "Order/xABCx"]);
    assert_eq!(names(&t, &search("äB"), None, 10).await, ["Order/äbc"]);
    assert_eq!(names(&t, &search(""), None, 10).await.len(), 6);
    assert!(names(&t, &search("order"), None, 10).await.is_empty());
}

pub(crate) async fn is_searched_for_what_was_typed_and_no_pattern(t: Fixture) {
    let ids = ["a%b", "a_b", "a*b", "axb", "a\\b", "a'b", "a?b", "a[x]b"];
    named(&t, &ids.map(|id| format!("Order/{id}")).each_ref().map(String::as_str)).await;
    for id in ids {
        assert_eq!(names(&t, &search(id), None, 10).await, [format!("Order/{id}")]);
    }
    assert_eq!(names(&t, &search("%"), None, 10).await, ["Order/a%b"]);
    assert_eq!(names(&t, &search("_"), None, 10).await, ["Order/a_b"]);
}

pub(crate) async fn combines_type_search_and_pages(t: Fixture) {
    named(&t, &["A/x1", "A/x2", "A/y", "B/x1", "A/x3"]).await;
    let filter = StreamFilter { aggregate_type: Some(aggregate_type("A")), ..search("X") };
    assert_eq!(names(&t, &filter, None, 2).await, ["A/x1", "A/x2"]);
    assert_eq!(names(&t, &filter, Some("A/x2"), 2).await, ["A/x3"]);
}

pub(crate) async fn has_no_stream_of_a_refused_append(t: Fixture) {
    let sent = Append::event(event("Order/2", "A")).expecting(stream("Order/2"), exactly(1));
    t.refused(sent).await;
    assert!(names(&t, &StreamFilter::default(), None, 10).await.is_empty());
}

pub(crate) async fn is_the_same_after_reopening(mut t: Fixture) {
    named(&t, &["Order/1", "Order/2", "Order/1"]).await;
    let before = t.store().streams(&StreamFilter::default(), None, 10).await.unwrap();
    t.reopen().await;
    assert_eq!(t.store().streams(&StreamFilter::default(), None, 10).await.unwrap(), before);
    t.append(events("Order/2", 1)).await;
    assert_eq!(
        t.store().streams(&StreamFilter::default(), None, 10).await.unwrap()[1].version,
        StreamVersion(2)
    );
}
