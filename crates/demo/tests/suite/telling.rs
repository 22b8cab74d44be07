use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use annals_demo::{Business, Moment};
use annals_event::{EventId, JsonObject, Limits};
use annals_store::{EventStore, MemoryStore};
use proptest::prelude::*;

use crate::told::{at, events, go_on, month, start};

/// What is told whenever it is recorded: everything but times.
fn without_times(moments: &[Moment]) -> Vec<Moment> {
    let mut moments = moments.to_vec();
    for moment in &mut moments {
        moment.at = start();
        moment.append.events.iter_mut().for_each(|event| event.timestamp = None);
    }
    moments
}

fn append_all(moments: &[Moment]) -> Arc<MemoryStore> {
    let store = Arc::new(MemoryStore::new());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        for moment in moments {
            let appended = store.append(moment.append.clone()).await.unwrap();
            assert!(!appended.repeated);
        }
    });
    store
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn a_store_takes_every_append_at_the_versions_that_it_expects(seed: u64) {
        let (mut business, mut moments) = month(seed);
        moments.extend(go_on(&mut business, 500));
        append_all(&moments);
    }

    #[test]
    fn the_same_seed_tells_the_same_story_and_another_one_does_not(seed: u64) {
        let told = month(seed).1;
        prop_assert_eq!(&told, &month(seed).1);
        prop_assert_ne!(&told, &month(seed.wrapping_add(1)).1);
    }

    #[test]
    fn the_past_is_the_same_in_portions(seed: u64, day in 0_i64..30, hour in 0_i64..24) {
        let mut business = Business::new(seed, start());
        let mut told: Vec<Moment> = business.past(at(day, hour, 0)).collect();
        prop_assert!(told.iter().all(|moment| moment.at <= at(day, hour, 0)));
        told.extend(business.past(at(30, 0, 0)));
        prop_assert_eq!(told, month(seed).1);
    }

    #[test]
    fn who_skips_what_was_told_goes_on_with_the_same_story(seed: u64, told in 0_u64..4_000) {
        let mut first = Business::new(seed, start());
        for _ in 0..told {
            first.next(at(40, 0, 0));
        }
        let mut second = Business::new(seed, start());
        second.skip(told);
        prop_assert_eq!(second.told(), told);
        let (first, second) = (go_on(&mut first, 200), go_on(&mut second, 200));
        prop_assert_eq!(without_times(&first), without_times(&second));
    }

    #[test]
    fn every_cause_stands_before_what_it_caused_and_belongs_to_the_same_affair(seed: u64) {
        let (mut business, mut moments) = month(seed);
        moments.extend(go_on(&mut business, 1_000));
        let mut affairs = HashMap::<EventId, String>::new();
        let mut caused = 0;
        for event in events(&moments) {
            let affair = event.metadata.string_member("correlationId").unwrap().into_owned();
            if let Some(cause) = event.metadata.string_member("causationId") {
                prop_assert_eq!(&affairs[&cause.parse().unwrap()], &affair);
                caused += 1;
            }
            prop_assert!(affairs.insert(event.event_id.unwrap(), affair).is_none());
        }
        prop_assert!(caused > 2_000);
    }

    #[test]
    fn nothing_is_recorded_before_it_happened_and_times_of_recording_only_grow(seed: u64) {
        let (mut business, mut moments) = month(seed);
        moments.extend(go_on(&mut business, 1_000));
        prop_assert!(moments.is_sorted_by_key(|moment| moment.at));
        for moment in &moments {
            prop_assert!(moment.append.events.iter().all(|event| event.timestamp.unwrap() <= moment.at));
        }
    }
}

#[test]
fn a_month_has_some_thousand_events_of_every_kind() {
    let (_, moments) = month(1);
    let told: Vec<_> = events(&moments).collect();
    assert!((4_000..7_000).contains(&told.len()), "{} events", told.len());
    let distinct =
        |of: &dyn Fn(&&annals_event::NewEvent) -> String| told.iter().map(of).collect::<HashSet<_>>().len();
    let types = distinct(&|event| event.event_type.to_string());
    let aggregate_types = distinct(&|event| event.stream.aggregate_type.to_string());
    let actors = distinct(&|event| event.actor_id.clone().unwrap().to_string());
    assert_eq!((types, aggregate_types), (31, 5));
    assert!(actors > 30);
    let versions_of_placed = distinct(&|event| format!("{} {:?}", event.event_type, event.schema_version));
    assert_eq!(versions_of_placed, types + 1, "one type has two schema versions");
    assert!(told.iter().any(|event| event.tags.as_slice().iter().any(|tag| tag.as_str() == "customer:17")));
}

#[test]
fn what_is_told_is_within_the_limits_and_the_json_profile() {
    let (_, moments) = month(2);
    for event in events(&moments) {
        event.check(&Limits::default()).unwrap();
        JsonObject::new(event.payload.as_str()).unwrap();
        JsonObject::new(event.metadata.as_str()).unwrap();
        let stream = event.stream.to_string().parse();
        assert_eq!(stream, Ok(event.stream.clone()));
    }
}

#[test]
fn it_goes_on_where_somebody_else_put_an_event_between() {
    let mut business = Business::new(3, start());
    let stream = business.next(at(30, 0, 0)).append.events[0].stream.clone();
    business.heed(stream.clone(), annals_event::StreamVersion(9));
    let later = (0..2_000).map(|_| business.next(at(30, 0, 0)).append).find_map(|append| {
        append.expected.iter().find(|(of, _)| *of == stream).map(|(_, expected)| expected.to_string())
    });
    assert_eq!(later.unwrap(), "9");
}
