//! The state at a moment.

use annals_event::StreamVersion;
use annals_history::{HistoryError, Moment, Source};

use crate::support::{Log, ORDER, jq, minute, replace, state, stream, text, version};

#[tokio::test]
async fn payloads_are_merged_in_the_order_of_their_versions() {
    let log = Log::of(&[r#"{"a":1,"b":{"c":1.10}}"#, r#"{"b":{"d":[1]}}"#, r#"{"a":null}"#]).await;
    let history = log.history();
    assert_eq!(text(&history, Moment::Now).await, r#"{"b":{"c":1.10,"d":[1]}}"#);
    assert_eq!(text(&history, version(2)).await, r#"{"a":1,"b":{"c":1.10,"d":[1]}}"#);
    assert_eq!(text(&history, version(0)).await, "{}");
    assert_eq!(text(&history, Moment::Time(minute(1))).await, r#"{"a":1,"b":{"c":1.10}}"#);
}

#[tokio::test]
async fn a_payload_replaces_the_state_where_the_rules_say_so() {
    let log = Log::of(&[r#"{"a":1}"#, r#"{"b":null}"#]).await;
    assert_eq!(text(&log.history_by(replace()), Moment::Now).await, r#"{"b":null}"#);
}

#[tokio::test]
async fn a_jq_program_makes_the_state_of_the_state_and_the_event() {
    let log = Log::of(&[r#"{"n":1}"#, r#"{"n":20}"#, r#"{"n":300}"#]).await;
    let history = log.history_by(jq(".event.payload.n as $n | .state | .sum += $n # the sum"));
    assert_eq!(text(&history, Moment::Now).await, r#"{"sum":321}"#);
    assert_eq!(text(&history, version(2)).await, r#"{"sum":21}"#);
}

#[tokio::test]
async fn events_that_happened_later_are_left_out_and_those_behind_them_are_named() {
    let log = Log::new();
    for (payload, at) in [(r#"{"a":1}"#, 10), (r#"{"a":2}"#, 30), (r#"{"b":1}"#, 20), (r#"{"c":1}"#, 25)] {
        log.append(ORDER, payload, at).await;
    }
    let history = log.history();
    let then = state(&history, Moment::Time(minute(20))).await;
    assert_eq!(then.state.to_string(), r#"{"a":1,"b":1}"#);
    assert_eq!(then.version(), StreamVersion(3));
    assert_eq!(then.late.events.iter().map(|late| late.version.0).collect::<Vec<_>>(), [3]);
    let later = state(&history, Moment::Time(minute(30))).await;
    assert_eq!((later.late.count, later.state.to_string().as_str()), (0, r#"{"a":2,"b":1,"c":1}"#));
}

#[tokio::test]
async fn what_was_known_at_a_moment_is_told_by_when_it_was_recorded() {
    let log = Log::new();
    for (payload, at, recorded) in [(r#"{"a":1}"#, 90, 1), (r#"{"b":1}"#, 80, 2), (r#"{"c":1}"#, 70, 3)] {
        log.set_clock(recorded);
        log.append(ORDER, payload, at).await;
    }
    let history = log.history();
    assert_eq!(text(&history, Moment::Recorded(minute(2))).await, r#"{"a":1,"b":1}"#);
    let before = state(&history, Moment::Recorded(minute(0))).await;
    assert!(before.last.is_none() && before.state.to_string() == "{}");
}

#[tokio::test]
async fn what_is_not_there_is_told() {
    let log = Log::of(&["{}"]).await;
    let history = log.history();
    let error = history.state(&stream("Order/2"), Moment::Now).await.unwrap_err();
    assert!(matches!(error, HistoryError::NoStream { .. }));
    let error = history.state(&stream(ORDER), version(2)).await.unwrap_err();
    assert_eq!(error.to_string(), "Order/1 has no version 2; its last event has version 1");
}

#[tokio::test]
async fn a_question_that_was_asked_is_answered_by_the_cache_until_an_event_comes() {
    let log = Log::of(&[r#"{"a":1}"#]).await;
    let history = log.history();
    assert_eq!(state(&history, Moment::Now).await.source, Source::Replay);
    assert_eq!(state(&history, Moment::Now).await.source, Source::Cache);
    log.append(ORDER, r#"{"a":2}"#, 2).await;
    let now = state(&history, Moment::Now).await;
    assert_eq!((now.source, now.state.to_string().as_str()), (Source::Replay, r#"{"a":2}"#));
    assert_eq!(history.cache_statistics().hits, 1);
}
