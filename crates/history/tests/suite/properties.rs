//! Random histories, answered as the oracle answers, whatever snapshots and cache hold.

use annals_event::{JsonObject, StreamVersion, json_value};
use annals_history::{Change, History, Moment, Reducer, Rules, Span, Undo};
use annals_store::SnapshotStore;
use proptest::prelude::*;
use serde_json::Value;

use crate::oracle::{self, Folding, Happened};
use crate::support::{Log, ORDER, minute, state, stream};

/// Names that pointers must escape, that are not ASCII, that are empty, and that look like indexes.
const NAMES: [&str; 9] = ["a", "b", "status", "", "~", "x/y", "~1", "größe 🦀", "0"];

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(&NAMES[..]).prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just("null"),
        Just("true"),
        Just("0"),
        Just("1"),
        Just("1.5"),
        Just("123456789012345678901234567890.5"),
        Just(r#""""#),
        Just(r#""ä\n\"""#),
    ]
    .prop_map(|text| json_value(text).unwrap());
    scalar.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map(name(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn happened() -> impl Strategy<Value = Happened> {
    let payload = prop::collection::btree_map(name(), value(), 0..4);
    (payload, 0..6_i64).prop_map(|(members, at)| {
        let payload = Value::Object(members.into_iter().collect()).to_string();
        Happened { payload, at }
    })
}

fn events() -> impl Strategy<Value = Vec<Happened>> {
    prop::collection::vec(happened(), 1..14)
}

fn folding() -> impl Strategy<Value = Folding> {
    prop_oneof![Just(Folding::Merge), Just(Folding::Replace)]
}

/// What lies around when a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    Nothing,
    /// All snapshots that are due every 3 events.
    Due,
    /// The same, but each other one cannot be read.
    Corrupt,
    /// Only snapshots of a reducer that is not asked any more.
    Stale,
}

fn kept() -> impl Strategy<Value = Kept> {
    prop_oneof![Just(Kept::Nothing), Just(Kept::Due), Just(Kept::Corrupt), Just(Kept::Stale)]
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn rules(folding: Folding) -> Rules {
    let reducer = match folding {
        Folding::Merge => Reducer::Merge,
        Folding::Replace => Reducer::Replace,
    };
    let interval = 3.try_into().unwrap();
    Rules::default()
        .with_reducer(stream(ORDER).aggregate_type, reducer)
        .with_default_snapshot_interval(interval)
}

/// A log of these events, each recorded at the minute of its version.
async fn log_of(events: &[Happened]) -> Log {
    let log = Log::new();
    for (event, recorded) in events.iter().zip(1..) {
        log.set_clock(recorded);
        log.append("Noise/1", "{}", 0).await;
        log.append(ORDER, &event.payload, event.at).await;
    }
    log
}

async fn prepare(log: &Log, folding: Folding, kept: Kept) -> History {
    let other = if folding == Folding::Merge { Folding::Replace } else { Folding::Merge };
    let history = log.history_by(rules(folding));
    match kept {
        Kept::Nothing => {}
        Kept::Stale => {
            history.with_rules(rules(other)).take_due_snapshots().await.unwrap();
        }
        Kept::Due | Kept::Corrupt => {
            history.take_due_snapshots().await.unwrap();
        }
    }
    if kept == Kept::Corrupt {
        let corrupt = ["{}", "{", "[]", r#"{"position":"1","state":{"wrong":true}}"#];
        let snapshots = log.store.snapshots(None, 100).await.unwrap();
        for (mut snapshot, text) in snapshots.into_iter().step_by(2).zip(corrupt.into_iter().cycle()) {
            snapshot.state = JsonObject::from_stored(text);
            log.store.keep_snapshot(snapshot).await.unwrap();
        }
    }
    history
}

fn parsed(value: &annals_history::Value) -> Value {
    json_value(&value.to_string()).unwrap()
}

fn assert_leads_from(old: &Value, changes: &[Change], new: &Value) {
    let mut state = old.clone();
    for change in changes {
        let pointer = change.path.to_string();
        let (was, is) = (change.old.as_ref().map(parsed), change.new.as_ref().map(parsed));
        assert_ne!(was, is, "{pointer} did not change");
        assert_eq!(old.pointer(&pointer), was.as_ref(), "{pointer} before");
        assert_eq!(new.pointer(&pointer), is.as_ref(), "{pointer} after");
        oracle::apply(&mut state, &pointer, is);
    }
    assert_eq!(&state, new, "{changes:?}");
}

/// The versions of a timeline, each with what it changed.
async fn shown_of(history: History, span: Span) -> Vec<(u64, Vec<Change>)> {
    let (mut timeline, mut shown) = (history.timeline(stream(ORDER), span), Vec::new());
    while let Some(entry) = timeline.next().await.unwrap() {
        shown.push((entry.event.version.0, entry.changes));
    }
    shown
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_state_is_the_plain_fold_of_its_events(
        (events, folding, kept) in (events(), folding(), kept()),
        versions in prop::collection::vec(0..14_u64, 4),
    ) {
        run(async {
            let log = log_of(&events).await;
            let history = prepare(&log, folding, kept).await;
            let last = events.len() as u64;
            let times = (0..6).map(|at| Moment::Time(minute(at)));
            let recorded = (0..3).map(|at| Moment::Recorded(minute(at * 5)));
            let versions = versions.iter().map(|version| Moment::Version(StreamVersion(version % (last + 1))));
            // The second round is answered by the cache.
            let moments: Vec<_> = times.chain(recorded).chain(versions).chain([Moment::Now]).collect();
            for moment in moments.iter().chain(&moments) {
                let chosen = |version: u64, event: &Happened| match moment {
                    Moment::Now => true,
                    Moment::Version(up_to) => version <= up_to.0,
                    Moment::Time(time) => minute(event.at) <= *time,
                    Moment::Recorded(time) => minute(version as i64) <= *time,
                };
                let answer = state(&history, *moment).await;
                prop_assert_eq!(parsed(&answer.state), oracle::state(&events, folding, chosen), "{:?}", moment);
                let all: Vec<_> = events.iter().zip(1..).filter(|(event, version)| chosen(*version, event)).collect();
                let folded: Vec<u64> = all.iter().map(|(_, version)| *version).collect();
                prop_assert_eq!(answer.version().0, folded.last().copied().unwrap_or(0));
                let late: Vec<u64> = folded.iter().zip(1..).filter(|(version, place)| *version != place).map(|(version, _)| *version).collect();
                prop_assert_eq!(answer.late.events.iter().map(|late| late.version.0).collect::<Vec<_>>(), late);
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_diff_leads_from_one_state_to_the_other(
        (events, folding, kept) in (events(), folding(), kept()),
        (one, other) in (0..14_u64, 0..14_u64),
    ) {
        run(async {
            let log = log_of(&events).await;
            let history = prepare(&log, folding, kept).await;
            let count = events.len() as u64 + 1;
            let at = |version: u64| Moment::Version(StreamVersion(version % count));
            let diff = history.diff(&stream(ORDER), at(one), at(other)).await.unwrap();
            let state = |last: u64| oracle::state(&events, folding, |version, _| version <= last % count);
            assert_leads_from(&state(one), &diff.changes, &state(other));
        });
    }

    #[test]
    fn every_step_of_a_replay_leads_from_the_state_before_to_the_state_behind(
        (events, folding) in (events(), folding()),
    ) {
        run(async {
            let log = log_of(&events).await;
            let history = log.history_by(rules(folding));
            let mut replay = history.replay(stream(ORDER), Moment::Now);
            let mut timeline = history.timeline(stream(ORDER), Span::ALL);
            for last in 1..=events.len() as u64 {
                let step = replay.next().await.unwrap().unwrap();
                let state = |last: u64| oracle::state(&events, folding, |version, _| version <= last);
                prop_assert_eq!(step.event.version.0, last);
                prop_assert_eq!(parsed(&step.before), state(last - 1));
                prop_assert_eq!(parsed(&step.after), state(last));
                assert_leads_from(&state(last - 1), &step.changes, &state(last));
                prop_assert_eq!(timeline.next().await.unwrap().unwrap().changes, step.changes);
            }
            prop_assert!(replay.next().await.unwrap().is_none());
            Ok(())
        })?;
    }

    #[test]
    fn a_part_of_a_timeline_is_what_the_whole_one_shows_of_it(
        (events, folding, kept) in (events(), folding(), kept()),
        (from, kind) in (0..15_i64, 0..3_u8),
        to in prop::option::of(0..15_u64),
    ) {
        run(async {
            let log = log_of(&events).await;
            let history = prepare(&log, folding, kept).await;
            let from = match kind {
                0 => Moment::Version(StreamVersion(from as u64)),
                1 => Moment::Time(minute(from / 2)),
                _ => Moment::Recorded(minute(from)),
            };
            let to = to.map(|to| Moment::Version(StreamVersion(to.min(events.len() as u64))));
            let whole = shown_of(log.history_by(rules(folding)), Span { from: None, to }).await;
            let part = shown_of(history, Span { from: Some(from), to }).await;
            let is_behind = |(version, at, _): &(u64, i64, Vec<Change>)| match from {
                Moment::Version(from) => *version >= from.0,
                Moment::Time(from) => minute(*at) >= from,
                Moment::Recorded(from) => minute(*version as i64) >= from,
                Moment::Now => false,
            };
            let whole: Vec<_> = whole
                .into_iter()
                .map(|(version, changes)| (version, events[version as usize - 1].at, changes))
                .filter(is_behind)
                .map(|(version, _, changes)| (version, changes))
                .collect();
            prop_assert_eq!(part, whole);
            Ok(())
        })?;
    }

    #[test]
    fn every_leaf_is_blamed_on_the_event_that_last_changed_it((events, folding) in (events(), folding())) {
        run(async {
            let log = log_of(&events).await;
            let blame = log.history_by(rules(folding)).blame(&stream(ORDER), Moment::Now).await.unwrap();
            let mut answer: Vec<_> = blame
                .leaves
                .iter()
                .map(|leaf| (leaf.path.to_string(), parsed(&leaf.value).to_string(), leaf.by.version.0))
                .collect();
            let mut expected: Vec<_> = oracle::blame(&events, folding)
                .into_iter()
                .map(|(pointer, value, version)| (pointer, value.to_string(), version))
                .collect();
            answer.sort();
            expected.sort();
            prop_assert_eq!(answer, expected);
            Ok(())
        })?;
    }

    #[test]
    fn an_undo_brings_the_state_back(
        (events, folding, kept) in (events(), folding(), kept()),
        version in 0..14_u64,
    ) {
        run(async {
            let log = log_of(&events).await;
            let history = prepare(&log, folding, kept).await;
            let version = version % (events.len() as u64 + 1);
            let expected = oracle::state(&events, folding, |place, _| place <= version);
            match history.undo(&stream(ORDER), StreamVersion(version)).await.unwrap() {
                Undo::Nothing => {}
                Undo::Payload { payload, undone, .. } => {
                    prop_assert_eq!(undone.count, events.len() as u64 - version);
                    log.append(ORDER, payload.as_str(), 3).await;
                }
                Undo::Difference { .. } => prop_assert!(false, "no jq is in play"),
            }
            prop_assert_eq!(parsed(&state(&history, Moment::Now).await.state), expected);
            Ok(())
        })?;
    }
}
