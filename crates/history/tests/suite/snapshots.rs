//! Snapshots: when they are taken, which are used, and what they are worth.

use std::time::Duration;

use annals_event::StreamVersion;
use annals_history::{Moment, Pace, Rules, Snapshotter, Source};
use annals_store::SnapshotStore;

use crate::support::{Log, ORDER, jq, minute, replace, state, stream, version};

fn every(events: u64) -> Rules {
    Rules::default().with_default_snapshot_interval(events.try_into().unwrap())
}

async fn versions(log: &Log) -> Vec<u64> {
    log.store.snapshots(None, 1_000).await.unwrap().iter().map(|snapshot| snapshot.version.0).collect()
}

async fn log_of(count: i64) -> Log {
    let log = Log::new();
    for n in 1..=count {
        log.append(ORDER, &format!(r#"{{"n":{n},"k{n}":1}}"#), n).await;
    }
    log
}

#[tokio::test]
async fn those_that_are_due_are_taken_once_at_each_interval() {
    let log = log_of(11).await;
    log.append("Order/2", "{}", 1).await;
    let history = log.history_by(every(3));
    let run = history.take_due_snapshots().await.unwrap();
    assert_eq!((run.taken, run.failed), (3, 0));
    assert_eq!(versions(&log).await, [3, 6, 9]);
    assert_eq!(history.take_due_snapshots().await.unwrap().taken, 0);
    log.append(ORDER, "{}", 12).await;
    assert_eq!(history.take_due_snapshots().await.unwrap().taken, 1);
}

#[tokio::test]
async fn the_nearest_one_that_serves_is_used() {
    let log = log_of(20).await;
    let history = log.history_by(every(5));
    history.take_due_snapshots().await.unwrap();
    for (moment, source, folded) in [
        (Moment::Now, Source::Snapshot(StreamVersion(20)), 0),
        (version(19), Source::Snapshot(StreamVersion(15)), 4),
        (version(5), Source::Snapshot(StreamVersion(5)), 0),
        (version(4), Source::Replay, 4),
        (Moment::Time(minute(12)), Source::Snapshot(StreamVersion(10)), 2),
        (Moment::Recorded(minute(0)), Source::Snapshot(StreamVersion(20)), 0),
    ] {
        let answer = state(&history, moment).await;
        assert_eq!((answer.source, answer.folded), (source, folded), "{moment:?}");
    }
}

#[tokio::test]
async fn one_with_a_later_event_in_it_does_not_serve_a_time() {
    let log = Log::new();
    for (payload, at) in [(r#"{"a":1}"#, 1), (r#"{"b":1}"#, 90), (r#"{"c":1}"#, 2), (r#"{"d":1}"#, 3)] {
        log.append(ORDER, payload, at).await;
    }
    let history = log.history_by(every(2));
    history.take_due_snapshots().await.unwrap();
    let then = state(&history, Moment::Time(minute(3))).await;
    assert_eq!((then.source, then.state.to_string().as_str()), (Source::Replay, r#"{"a":1,"c":1,"d":1}"#));
    assert_eq!(then.late.count, 2);
}

#[tokio::test]
async fn one_of_other_rules_is_not_used() {
    let log = log_of(6).await;
    log.history_by(every(2)).take_due_snapshots().await.unwrap();
    for rules in [replace(), jq(".state")] {
        let history = log.history_by(rules.with_default_snapshot_interval(2.try_into().unwrap()));
        assert_eq!(state(&history, Moment::Now).await.source, Source::Replay);
        let listed = history.snapshots().next().await.unwrap().unwrap();
        assert!(!listed.is_current);
    }
}

#[tokio::test]
async fn one_can_be_taken_at_any_version_listed_and_dropped() {
    let log = log_of(4).await;
    log.set_clock(7);
    let clock = std::sync::Arc::new(annals_store::SystemClock);
    let history = log.history_by(every(2)).with_clock(clock);
    let taken = history.snapshot(&stream(ORDER)).await.unwrap();
    assert_eq!((taken.version.0, taken.is_current), (4, true));
    assert_eq!(taken.greatest_timestamp, minute(4));
    let mut listing = history.snapshots();
    assert_eq!(listing.next().await.unwrap().unwrap(), taken);
    assert_eq!(listing.next().await.unwrap(), None);
    assert_eq!(history.drop_snapshots(Some(&stream("Order/2"))).await.unwrap(), 0);
    assert_eq!(history.drop_snapshots(Some(&stream(ORDER))).await.unwrap(), 1);
    assert_eq!(history.snapshots().next().await.unwrap(), None);
}

#[tokio::test]
async fn an_aggregate_that_cannot_be_folded_holds_up_no_other() {
    let log = log_of(4).await;
    log.append(ORDER, r#"{"fail":true}"#, 5).await;
    log.append(ORDER, "{}", 6).await;
    for _ in 0..2 {
        log.append("Order/2", "{}", 1).await;
    }
    let rules = jq("if .event.payload.fail then error(\"no\") else .state end");
    let history = log.history_by(rules.with_default_snapshot_interval(2.try_into().unwrap()));
    let run = history.take_due_snapshots().await.unwrap();
    assert_eq!((run.taken, run.failed), (3, 1));
    assert!(run.first_failure.unwrap().to_string().contains("Order/1 version 5"));
    assert_eq!(versions(&log).await, [2, 4, 2]);
}

#[tokio::test(start_paused = true)]
async fn they_are_taken_in_the_background_once_the_log_rests() {
    let log = log_of(3).await;
    let snapshotter = Snapshotter::start(log.history_by(every(2))).await.unwrap();
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(versions(&log).await, [2], "what is due from before");
    log.append(ORDER, "{}", 4).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(versions(&log).await, [2, 4]);
    for n in 5..=8 {
        log.append(ORDER, "{}", n).await;
    }
    assert_eq!(snapshotter.stop().await.unwrap().taken, 2);
    assert_eq!(versions(&log).await, [2, 4, 6, 8]);
}

#[tokio::test(start_paused = true)]
async fn a_short_visit_takes_what_became_due_meanwhile_and_looks_at_no_other_aggregate() {
    let log = log_of(3).await;
    log.append("Order/2", "{}", 1).await;
    log.append("Order/2", "{}", 2).await;
    let snapshotter = Snapshotter::start(log.history_by(every(2))).await.unwrap();
    log.append("Order/3", "{}", 3).await;
    assert_eq!(snapshotter.stop().await.unwrap().taken, 0);
    let snapshotter = Snapshotter::start(log.history_by(every(2))).await.unwrap();
    log.append(ORDER, "{}", 4).await;
    assert_eq!(snapshotter.stop().await.unwrap().taken, 2);
    assert_eq!(versions(&log).await, [2, 4], "of the first order, and not of the second");
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_busy_is_left_alone_for_as_long_as_the_patience_lasts() {
    let log = log_of(2).await;
    let (patience, busy_events) = (Duration::from_secs(30), 1);
    let pace = Pace { short_visit: Duration::ZERO, patience, busy_events, ..Pace::default() };
    let _snapshotter = Snapshotter::start_at(pace, log.history_by(every(2))).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut taken = Vec::new();
    for n in 3..=80 {
        log.append(ORDER, "{}", n).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        taken.push(versions(&log).await.len());
    }
    assert_eq!(taken[50], 1, "after 25 seconds there is only that from before");
    assert!(taken[70] > 10, "after 35 seconds there are {}", taken[70]);
}

#[tokio::test]
async fn many_aggregates_are_taken_care_of_at_once() {
    let log = Log::new();
    for number in 0..150 {
        for _ in 0..2 {
            log.append(&format!("Order/{number:03}"), "{}", 1).await;
        }
    }
    let history = log.history_by(every(2));
    assert_eq!(history.take_due_snapshots().await.unwrap().taken, 150);
    assert_eq!(versions(&log).await.len(), 150);
}
