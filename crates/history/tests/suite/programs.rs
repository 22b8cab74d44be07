//! Reducers and upcasters in jq.

use annals_event::{EventType, SchemaVersion};
use annals_history::{HistoryError, Moment, ProgramFailure, Reducer, Rules, Span};

use crate::support::{Log, ORDER, event, jq, minute, shown, state, stream, text, upcaster, version};

const SUM: &str = ".event.payload.n as $n | .state | .sum += $n | .last = $n";

fn numbers(count: u64) -> Vec<String> {
    (1..=count).map(|n| format!(r#"{{"n":{n}.0}}"#)).collect()
}

async fn log_of(payloads: &[String]) -> Log {
    Log::of(&payloads.iter().map(String::as_str).collect::<Vec<_>>()).await
}

fn failure(error: HistoryError) -> ProgramFailure {
    match error {
        HistoryError::Reducer { failure } | HistoryError::Upcaster { failure } => *failure,
        other => panic!("another error: {other}"),
    }
}

/// Events of this type and schema version are upcast.
fn upcast(rules: Rules, from: u64, program: &str) -> Rules {
    let event_type = EventType::new("Changed").unwrap();
    rules.with_upcaster(event_type, SchemaVersion::new(from).unwrap(), upcaster(program))
}

#[tokio::test]
async fn a_reducer_gets_more_events_than_go_to_its_process_at_a_time() {
    let log = log_of(&numbers(1_300)).await;
    let history = log.history_by(jq(SUM));
    assert_eq!(text(&history, Moment::Now).await, r#"{"sum":845650.0,"last":1300.0}"#);
    assert_eq!(text(&history, version(700)).await, r#"{"sum":245350.0,"last":700.0}"#);
    let mut replay = history.replay(stream(ORDER), Moment::Now);
    let mut sum = 0.0;
    for n in 1..=1_300 {
        let step = replay.next().await.unwrap().unwrap();
        sum += f64::from(n);
        assert_eq!(step.after.to_string(), format!(r#"{{"sum":{sum:.1},"last":{n}.0}}"#));
    }
    assert!(replay.next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_reducer_sees_the_event_as_it_is_shown_everywhere() {
    let log = Log::of(&[r#"{"n":1}"#]).await;
    let shown = log.history_by(jq("{seen: .event}"));
    let seen = state(&shown, Moment::Now).await.state.to_string();
    for part in [r#""eventType":"Changed""#, r#""version":1"#, r#""payload":{"n":1}"#, r#""aggregateId":"1""#]
    {
        assert!(seen.contains(part), "{part} in {seen}");
    }
}

#[tokio::test]
async fn a_reducer_that_fails_names_the_event_and_the_value_and_gives_no_half_state() {
    let mut payloads = numbers(600);
    payloads[555] = r#"{"n":{"oops":true}}"#.to_owned();
    let history = log_of(&payloads).await.history_by(jq(SUM));
    let failed = failure(history.state(&stream(ORDER), Moment::Now).await.unwrap_err());
    assert_eq!((failed.program.as_str(), failed.version.0), ("order.jq", 556));
    assert!(failed.reason.contains("oops"), "{}", failed.reason);
    assert_eq!(text(&history, version(555)).await, r#"{"sum":154290.0,"last":555.0}"#);
}

#[tokio::test]
async fn a_failure_names_the_line_of_the_program_on_which_the_stage_begins_that_failed() {
    let log = Log::of(&[r#"{"n":1}"#, r#"{"n":"x"}"#]).await;
    let program = "# sums up\n.event.payload.n as $n\n| .state\n| .count += 1\n| .sum += 0\n| .sum = .sum + $n\n| .last = $n";
    let failed = failure(log.history_by(jq(program)).state(&stream(ORDER), Moment::Now).await.unwrap_err());
    assert_eq!(failed.line, Some(6));
    assert!(failed.to_string().starts_with("order.jq, line 6, failed on Order/1 version 2 (Changed, event "));
    let failed = failure(log.history_by(jq("empty")).state(&stream(ORDER), Moment::Now).await.unwrap_err());
    assert_eq!(failed.line, None);
}

#[tokio::test]
async fn a_timeline_gives_what_came_before_the_event_on_which_the_reducer_fails() {
    let log = Log::of(&[r#"{"n":1}"#, r#"{"n":2}"#, r#"{"n":[]}"#, r#"{"n":3}"#]).await;
    let history = log.history_by(jq(SUM));
    let mut timeline = history.timeline(stream(ORDER), Span::ALL);
    assert_eq!(
        shown(&timeline.next().await.unwrap().unwrap().changes),
        ["/sum: absent -> 1", "/last: absent -> 1"]
    );
    assert_eq!(shown(&timeline.next().await.unwrap().unwrap().changes), ["/sum: 1 -> 3", "/last: 1 -> 2"]);
    assert_eq!(failure(timeline.next().await.unwrap_err()).version.0, 3);
}

#[tokio::test]
async fn anything_but_one_object_is_no_state() {
    let log = Log::of(&["{}"]).await;
    for (program, reason) in [
        ("empty", "it gave nothing; exactly one object is expected"),
        (".state, .state", "it gave 2 outputs; exactly one object is expected"),
        ("[.state]", "it gave [{}], which is not an object"),
        ("error(\"not today\")", "it refused the event: not today"),
    ] {
        let history = log.history_by(jq(program));
        let failed = failure(history.state(&stream(ORDER), Moment::Now).await.unwrap_err());
        assert_eq!(failed.reason, reason, "{program}");
    }
}

#[tokio::test]
async fn upcasters_are_chained_and_change_nothing_that_is_stored() {
    let log = Log::new();
    for (payload, schema_version) in [(r#"{"a":1}"#, 1), (r#"{"b":2}"#, 2), (r#"{"c":3}"#, 3)] {
        let schema_version = Some(SchemaVersion::new(schema_version).unwrap());
        let timestamp = Some(minute(1));
        log.append_event(annals_event::NewEvent { schema_version, timestamp, ..event(ORDER, payload) }).await;
    }
    let rules = upcast(Rules::default(), 1, "{b: .a, by: $event.eventType}");
    let rules = upcast(rules, 2, "{(\"c\\(.b)\"): .b}");
    let changed = EventType::new("Changed").unwrap();
    assert_eq!(rules.newest_schema_version(&changed).get(), 3);
    let history = log.history_by(rules.clone());
    assert_eq!(text(&history, Moment::Now).await, r#"{"c1":1,"c2":2,"c":3}"#);
    let mut timeline = history.timeline(stream(ORDER), Span::ALL);
    let first = timeline.next().await.unwrap().unwrap();
    assert_eq!(first.event.payload.value().unwrap().as_str(), r#"{"a":1}"#);
    assert_eq!(shown(&first.changes), ["/c1: absent -> 1"]);

    let program = jq(".event as $e | .state | .seen += [[$e.schemaVersion, $e.payload]]");
    let reducer = program.reducer(&stream(ORDER).aggregate_type).clone();
    let Reducer::Jq(_) = reducer else { panic!("it is jq") };
    let history = log.history_by(rules.with_reducer(stream(ORDER).aggregate_type, reducer));
    assert_eq!(text(&history, Moment::Now).await, r#"{"seen":[[3,{"c1":1}],[3,{"c2":2}],[3,{"c":3}]]}"#);
}

#[tokio::test]
async fn an_upcaster_that_fails_names_the_event() {
    let log = Log::of(&[r#"{"a":1}"#, r#"{"a":"x"}"#, r#"{"a":3}"#]).await;
    let history = log.history_by(upcast(Rules::default(), 1, ".a as $a |\n{a: ($a + 1)}"));
    let failed = failure(history.state(&stream(ORDER), Moment::Now).await.unwrap_err());
    assert_eq!((failed.program.as_str(), failed.version.0, failed.line), ("upcast.jq", 2, Some(2)));
    let mut timeline = history.timeline(stream(ORDER), Span::ALL);
    assert_eq!(shown(&timeline.next().await.unwrap().unwrap().changes), ["/a: absent -> 2"]);
    assert_eq!(failure(timeline.next().await.unwrap_err()).version.0, 2);
}

#[tokio::test]
async fn an_undo_by_a_reducer_in_jq_is_only_described() {
    let log = Log::of(&[r#"{"n":1}"#, r#"{"n":2}"#]).await;
    let undo = log.history_by(jq(SUM)).undo(&stream(ORDER), annals_event::StreamVersion(1)).await.unwrap();
    let annals_history::Undo::Difference { changes, undone } = undo else { panic!("{undo:?}") };
    assert_eq!(shown(&changes), ["/sum: 3 -> 1", "/last: 2 -> 1"]);
    assert_eq!(undone.events.iter().map(|event| event.version.0).collect::<Vec<_>>(), [2]);
}

#[tokio::test]
async fn blame_of_a_state_made_by_jq_goes_by_the_element() {
    let log = Log::of(&[r#"{"n":1}"#, r#"{"n":2}"#]).await;
    let history = log.history_by(jq(".event.payload.n as $n | .state | .all += [$n]"));
    let blame = history.blame(&stream(ORDER), Moment::Now).await.unwrap();
    let leaves: Vec<_> = blame.leaves.iter().map(|leaf| (leaf.path.to_string(), leaf.by.version.0)).collect();
    assert_eq!(leaves, [("/all/0".to_owned(), 1), ("/all/1".to_owned(), 2)]);
}
