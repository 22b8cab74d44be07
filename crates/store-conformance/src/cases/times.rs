//! When it happened, and when it was recorded.

use annals_event::Timestamp;
use annals_store::{Clock, QueryItem, TimeRange};

use crate::build::{Described, append, event, events, numbered, time};
use crate::fixture::Fixture;

fn happened(from: Option<&str>, to: Option<&str>) -> QueryItem {
    QueryItem { timestamp: TimeRange { from: from.map(time), to: to.map(time) }, ..QueryItem::default() }
}

fn recorded(from: Option<Timestamp>, to: Option<Timestamp>) -> QueryItem {
    QueryItem { recorded_at: TimeRange { from, to }, ..QueryItem::default() }
}

async fn recording_times(t: &Fixture) -> Vec<Timestamp> {
    t.all().await.iter().map(|event| event.recorded_at).collect()
}

pub(crate) async fn a_range_includes_both_ends(t: Fixture) {
    let moments = [
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.000001Z",
        "2026-01-01T00:00:00.000002Z",
        "2026-01-01T00:00:01Z",
    ];
    t.append(append(moments.map(|moment| event("A/1", "A").at(moment)))).await;
    assert_eq!(t.positions(happened(Some(moments[1]), Some(moments[2]))).await, [1, 2]);
    assert_eq!(t.positions(happened(Some(moments[1]), Some(moments[1]))).await, [1]);
    assert_eq!(t.positions(happened(Some(moments[1]), None)).await, [1, 2, 3]);
    assert_eq!(t.positions(happened(None, Some(moments[1]))).await, [0, 1]);
    assert!(t.positions(happened(Some(moments[2]), Some(moments[1]))).await.is_empty());
}

pub(crate) async fn an_offset_is_turned_into_utc(t: Fixture) {
    t.append(event("A/1", "A").at("2026-01-01T00:30:00+02:00")).await;
    assert_eq!(t.all().await[0].timestamp.to_string(), "2025-12-31T22:30:00.000000Z");
    assert_eq!(
        t.positions(happened(Some("2025-12-31T22:30:00Z"), Some("2025-12-31T17:30:00-05:00"))).await,
        [0]
    );
}

pub(crate) async fn the_first_and_the_last_year_are_kept(t: Fixture) {
    let moments = [
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999999Z",
        "1970-01-01T00:00:00Z",
        "9999-12-30T22:00:00Z",
    ];
    t.append(append(moments.map(|moment| event("A/1", "A").at(moment)))).await;
    for (position, moment) in moments.iter().enumerate() {
        assert_eq!(t.all().await[position].timestamp, time(moment));
        assert_eq!(t.positions(happened(Some(moment), Some(moment))).await, [position as u64]);
    }
    assert_eq!(t.positions(happened(None, Some("1970-01-01T00:00:00Z"))).await, [0, 1, 2]);
}

pub(crate) async fn of_happening_need_no_order(t: Fixture) {
    let moments = ["2026-03-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"];
    t.append(append(moments.map(|moment| event("A/1", "A").at(moment)))).await;
    let read: Vec<Timestamp> = t.all().await.iter().map(|event| event.timestamp).collect();
    assert_eq!(read, moments.map(time));
    assert_eq!(t.positions(happened(None, Some("2026-02-01T00:00:00Z"))).await, [1, 2]);
}

pub(crate) async fn of_recording_are_the_stores(t: Fixture) {
    t.append(event("A/1", "A").at("2030-01-01T00:00:00Z")).await;
    t.setup.clock.advance(1_500_000);
    t.append(event("A/1", "A").at("2000-01-01T00:00:00Z")).await;
    assert_eq!(recording_times(&t).await, ["2026-11-20T10:30:00Z", "2026-11-20T10:30:01.5Z"].map(time));
}

pub(crate) async fn of_recording_never_go_backwards_when_the_clock_does(t: Fixture) {
    for step in [0, 10, -60_000_000, 5, 59_999_990, 20] {
        t.setup.clock.advance(step);
        t.append(events("A/1", 2)).await;
    }
    let times = recording_times(&t).await;
    assert!(times.is_sorted(), "{times:?}");
    assert_eq!(times[4], times[2], "the clock stood behind the last time of recording");
    assert_eq!(times[11], t.setup.clock.now());
    assert_eq!(t.store().head().await.unwrap().recorded_at, times.last().copied());
}

pub(crate) async fn of_recording_do_not_go_backwards_over_a_reopening(mut t: Fixture) {
    t.append(events("A/1", 1)).await;
    t.reopen().await;
    t.setup.clock.advance(-3_600_000_000);
    let place = t.append(events("A/1", 1)).await.events[0];
    assert_eq!(place.recorded_at, time("2026-11-20T10:30:00Z"));
}

pub(crate) async fn of_recording_are_asked_for_apart_from_those_of_happening(t: Fixture) {
    let mut times = Vec::new();
    for n in 0..5 {
        t.append(numbered(n).at("2026-01-01T00:00:00Z")).await;
        times.push(t.setup.clock.now());
        t.setup.clock.advance(1);
    }
    assert_eq!(t.positions(recorded(Some(times[1]), Some(times[3]))).await, [1, 2, 3]);
    assert_eq!(t.positions(recorded(Some(times[4]), None)).await, [4]);
    assert_eq!(t.positions(recorded(None, Some(times[0]))).await, [0]);
    assert!(t.positions(happened(Some("2026-11-01T00:00:00Z"), None)).await.is_empty());
    let both = QueryItem {
        timestamp: happened(None, Some("2026-01-01T00:00:00Z")).timestamp,
        ..recorded(Some(times[3]), None)
    };
    assert_eq!(t.positions(both).await, [3, 4]);
}

pub(crate) async fn that_producers_leave_open_are_the_moment_of_the_append(t: Fixture) {
    t.append(events("A/1", 2)).await;
    t.setup.clock.advance(-7);
    t.append(events("A/1", 1)).await;
    let times: Vec<Timestamp> = t.all().await.iter().map(|event| event.timestamp).collect();
    assert_eq!(
        times,
        ["2026-11-20T10:30:00Z", "2026-11-20T10:30:00Z", "2026-11-20T10:29:59.999993Z"].map(time)
    );
}
