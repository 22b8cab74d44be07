//! All aggregates of a type, the values that must be kept, and what is said of them.

use annals_event::SchemaVersion;
use annals_history::{History, Moment, Rules, Source, Span, Undo, Value, changes};
use annals_store::SnapshotStore;

use crate::support::{Log, ORDER, jq, minute, shown, stream, text, upcaster, version};

async fn states(log: &Log, moment: Moment) -> Vec<(String, String)> {
    let history = log.history();
    let mut states = history.states(stream(ORDER).aggregate_type, moment);
    let mut all = Vec::new();
    while let Some(state) = states.next().await.unwrap() {
        all.push((state.stream.to_string(), state.state.to_string()));
    }
    all
}

#[tokio::test]
async fn all_aggregates_of_a_type_are_told_by_name_but_those_that_were_not_there() {
    let log = Log::new();
    for (name, payload, at) in [
        ("Order/b", r#"{"n":1}"#, 1),
        ("Cart/a", r#"{"n":2}"#, 1),
        ("Order/a", r#"{"n":3}"#, 5),
        ("Order/b", r#"{"n":4}"#, 9),
    ] {
        log.append(name, payload, at).await;
    }
    let pair = |name: &str, state: &str| (name.to_owned(), state.to_owned());
    assert_eq!(
        states(&log, Moment::Now).await,
        [pair("Order/a", r#"{"n":3}"#), pair("Order/b", r#"{"n":4}"#)]
    );
    assert_eq!(states(&log, Moment::Time(minute(3))).await, [pair("Order/b", r#"{"n":1}"#)]);
    assert_eq!(states(&log, version(2)).await, [pair("Order/b", r#"{"n":4}"#)]);
    assert_eq!(states(&log, Moment::Time(minute(0))).await, []);
}

#[tokio::test]
async fn there_may_be_more_aggregates_than_are_listed_at_a_time() {
    let log = Log::new();
    for number in 0..2_001 {
        log.append(&format!("Order/{number:04}"), "{}", 1).await;
    }
    assert_eq!(states(&log, Moment::Now).await.len(), 2_001);
}

/// A sum of what the payloads say; `{"n":"x"}` is none.
const SUM: &str = ".event.payload.n as $n | .state | .sum += $n";

/// The sums of all orders, or what is wrong with one.
async fn sums(history: &History) -> Vec<Result<(String, String), String>> {
    let mut states = history.states(stream(ORDER).aggregate_type, Moment::Now);
    let mut all = Vec::new();
    loop {
        match states.next().await {
            Ok(Some(at)) => all.push(Ok((at.stream.to_string(), at.state.to_string()))),
            Ok(None) => return all,
            Err(error) => all.push(Err(error.to_string())),
        }
    }
}

#[tokio::test]
async fn a_program_folds_many_aggregates_and_one_that_fails_spoils_no_other() {
    let log = Log::new();
    for number in 0..450 {
        let name = format!("Order/{number:03}");
        for n in 1..=3 {
            log.append(&name, &format!(r#"{{"n":{n}}}"#), n).await;
        }
    }
    // One aggregate has more events than are read at a time, two cannot be folded.
    for n in 0..300 {
        log.append("Order/222", r#"{"n":1}"#, n).await;
    }
    for name in ["Order/100", "Order/333"] {
        log.append(name, r#"{"n":[]}"#, 9).await;
    }
    let sums = sums(&log.history_by(jq(SUM))).await;
    assert_eq!(sums.len(), 450);
    for (number, sum) in sums.into_iter().enumerate() {
        match (number, sum) {
            (100 | 333, Err(error)) => {
                assert!(error.contains(&format!("Order/{number} version 4")), "{error}");
            }
            (_, Ok((name, state))) => {
                let sum = if number == 222 { 306 } else { 6 };
                assert_eq!((name, state), (format!("Order/{number:03}"), format!(r#"{{"sum":{sum}}}"#)));
            }
            (_, Err(error)) => panic!("{number}: {error}"),
        }
    }
}

#[tokio::test]
async fn payloads_of_many_aggregates_are_upcast_together() {
    let log = Log::new();
    for number in 0..40 {
        let payload = if number == 7 { r#"{"a":"x"}"# } else { r#"{"a":1}"# };
        log.append(&format!("Order/{number:02}"), payload, 1).await;
    }
    let event_type = annals_event::EventType::new("Changed").unwrap();
    let rules = |rules: Rules| {
        rules.with_upcaster(event_type.clone(), SchemaVersion::FIRST, upcaster("{n: (.a + 1)}"))
    };
    for (rules, expected) in [(rules(Rules::default()), r#"{"n":2}"#), (rules(jq(SUM)), r#"{"sum":2}"#)] {
        let sums = sums(&log.history_by(rules)).await;
        assert_eq!(sums.len(), 40);
        for (number, sum) in sums.into_iter().enumerate() {
            match sum {
                Err(error) => assert!(number == 7 && error.contains("Order/07 version 1"), "{error}"),
                Ok((_, state)) => assert_eq!(state, expected, "{number}"),
            }
        }
    }
}

#[tokio::test]
async fn the_states_of_all_aggregates_begin_at_snapshots() {
    let log = Log::new();
    for name in ["Order/1", "Order/2"] {
        for n in 1..=250 {
            log.append(name, &format!(r#"{{"n":{n}}}"#), n).await;
        }
    }
    let history = log.history_by(jq(SUM));
    history.take_due_snapshots().await.unwrap();
    let mut states = history.states(stream(ORDER).aggregate_type, Moment::Now);
    while let Some(at) = states.next().await.unwrap() {
        assert_eq!((at.source, at.folded), (Source::Snapshot(annals_event::StreamVersion(200)), 50));
        assert_eq!(at.state.to_string(), r#"{"sum":31375}"#);
    }
}

#[tokio::test]
async fn a_large_object_keeps_its_order_through_removals() {
    let log = Log::new();
    let member = |n: u32| format!(r#""k{n}":{n}"#);
    log.append(ORDER, &format!("{{{}}}", (0..100).map(member).collect::<Vec<_>>().join(",")), 1).await;
    let removed: Vec<_> = (0..100).filter(|n| n % 3 != 0).map(|n| format!(r#""k{n}":null"#)).collect();
    log.append(ORDER, &format!("{{{}}}", removed.join(",")), 2).await;
    log.append(ORDER, r#"{"k1":"again","k3":"changed"}"#, 3).await;
    let mut expected: Vec<_> = (0..100).filter(|n| n % 3 == 0).map(member).collect();
    expected[1] = r#""k3":"changed""#.to_owned();
    expected.push(r#""k1":"again""#.to_owned());
    assert_eq!(text(&log.history(), Moment::Now).await, format!("{{{}}}", expected.join(",")));
}

#[tokio::test]
async fn numbers_keep_their_digits_and_change_only_with_their_value() {
    let log =
        Log::of(&[r#"{"a":1.10,"b":1e400,"c":-0}"#.replace("1e400", "1e30").as_str(), r#"{"a":1.1}"#]).await;
    let history = log.history();
    assert_eq!(text(&history, Moment::Now).await, r#"{"a":1.1,"b":1e30,"c":-0}"#);
    let blame = history.blame(&stream(ORDER), Moment::Now).await.unwrap();
    assert_eq!(blame.leaves[0].by.version.0, 1);
    assert!(history.diff(&stream(ORDER), version(1), Moment::Now).await.unwrap().changes.is_empty());
}

#[test]
fn null_is_not_absence() {
    let value = |text: &str| Value::parse(text).unwrap();
    assert_eq!(shown(&changes(&value(r#"{"a":null}"#), &value("{}"))), ["/a: null -> absent"]);
    assert_eq!(shown(&changes(&value("{}"), &value(r#"{"a":null}"#))), ["/a: absent -> null"]);
    assert_eq!(shown(&changes(&value("[1,2,3]"), &value("[1]"))), ["/2: 3 -> absent", "/1: 2 -> absent"]);
}

#[tokio::test]
async fn a_timeline_shows_a_part_and_folds_the_rest() {
    let log = Log::of(&[r#"{"n":1}"#, r#"{"n":2}"#, r#"{"n":3}"#, r#"{"n":4}"#]).await;
    let history = log.history();
    history.snapshot(&stream(ORDER)).await.unwrap();
    for span in [
        Span { from: Some(version(2)), to: Some(version(3)) },
        Span { from: Some(Moment::Time(minute(2))), to: Some(Moment::Time(minute(3))) },
    ] {
        let mut timeline = history.timeline(stream(ORDER), span);
        let mut all = Vec::new();
        while let Some(entry) = timeline.next().await.unwrap() {
            all.extend(shown(&entry.changes));
        }
        assert_eq!(all, ["/n: 1 -> 2", "/n: 2 -> 3"], "{span:?}");
    }
}

#[tokio::test]
async fn a_timeline_that_begins_late_begins_at_a_snapshot() {
    let log = Log::of(&[r#"{"n":"x"}"#, r#"{"n":2}"#, r#"{"n":3}"#]).await;
    let history = log.history_by(jq(".state + .event.payload"));
    assert_eq!(history.take_due_snapshots().await.unwrap().taken, 0);
    // A snapshot that says something else than the events shows whether it is used.
    let fingerprint = history.snapshot(&stream(ORDER)).await.unwrap();
    assert!(fingerprint.is_current);
    let mut kept = log.store.snapshots(None, 1).await.unwrap();
    for snapshot in &mut kept {
        snapshot.version = annals_event::StreamVersion(2);
        snapshot.greatest_timestamp = minute(2);
        let text = snapshot
            .state
            .as_str()
            .replace(r#""position":2"#, r#""position":1"#)
            .replace(r#""n":3"#, r#""n":"kept""#);
        snapshot.state = annals_event::JsonObject::from_stored(text);
    }
    log.store.keep_snapshots(kept).await.unwrap();
    for from in [version(3), Moment::Time(minute(3))] {
        let mut timeline = history.timeline(stream(ORDER), Span { from: Some(from), to: None });
        let entry = timeline.next().await.unwrap().unwrap();
        assert_eq!(shown(&entry.changes), [r#"/n: "kept" -> 3"#], "{from:?}");
        assert!(timeline.next().await.unwrap().is_none());
    }
    let mut timeline = history.timeline(stream(ORDER), Span { from: Some(version(2)), to: None });
    assert_eq!(shown(&timeline.next().await.unwrap().unwrap().changes), [r#"/n: "x" -> 2"#]);
}

#[tokio::test]
async fn an_undo_names_what_it_undoes() {
    let log = Log::of(&[r#"{"a":1,"b":{"c":1}}"#, r#"{"a":null,"b":{"c":null,"d":2}}"#, r#"{"e":3}"#]).await;
    let undo = log.history().undo(&stream(ORDER), annals_event::StreamVersion(1)).await.unwrap();
    let Undo::Payload { payload, changes, undone } = undo else { panic!("{undo:?}") };
    assert_eq!(payload.as_str(), r#"{"a":1,"b":{"c":1,"d":null},"e":null}"#);
    assert_eq!(changes.len(), 4);
    assert_eq!(undone.events.iter().map(|event| event.version.0).collect::<Vec<_>>(), [2, 3]);
}
