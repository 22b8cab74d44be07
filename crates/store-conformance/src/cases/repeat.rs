//! Repeating an append is safe: the answer was lost, the events were not.

use annals_event::{NewEvent, Position};
use annals_store::{Append, ExpectedVersion, IdConflict, Query, StoreError};

use crate::build::{Described, Guarded, append, event, event_id, events, exactly, numbered, stream};
use crate::fixture::Fixture;

/// An event about which everything is said.
fn full() -> NewEvent {
    event("Order/1", "Placed")
        .id(1)
        .payload(r#"{"total":1.50}"#)
        .metadata(r#"{"userId":"u"}"#)
        .context(r#"{"source":"a"}"#)
        .at("2026-01-01T00:00:00Z")
        .by("user")
        .shaped(2)
        .tagged(&["a", "b"])
}

fn assert_conflict(error: &StoreError, id: u128, wanted: IdConflict) {
    let StoreError::EventIdConflict { event_id: found, reason } = error else { panic!("{error:?}") };
    assert_eq!((*found, *reason), (event_id(id), wanted));
}

fn other_content(position: u64) -> IdConflict {
    IdConflict::OtherContent { position: Position(position) }
}

pub(crate) async fn gives_the_original_places_and_is_marked(t: Fixture) {
    t.append(events("Noise/1", 3)).await;
    let sent = append([numbered(1), numbered(2)]);
    let first = t.append(sent.clone()).await;
    t.append(events("Noise/1", 3)).await;
    t.setup.clock.advance(1_000_000);
    let again = t.append(sent).await;
    assert_eq!(again.events, first.events);
    assert_eq!((first.repeated, again.repeated), (false, true));
}

pub(crate) async fn writes_nothing(t: Fixture) {
    t.append(full()).await;
    let (head, all) = (t.store().head().await.unwrap(), t.all().await);
    t.setup.clock.advance(1_000_000);
    t.append(full()).await;
    assert_eq!((t.store().head().await.unwrap(), t.all().await), (head, all));
}

pub(crate) async fn is_tested_before_the_expected_version(t: Fixture) {
    let sent = Append::event(full()).expecting(stream("Order/1"), ExpectedVersion::NoStream);
    t.append(sent.clone()).await;
    assert!(t.append(sent).await.repeated);
    t.append(events("Order/1", 1)).await;
    assert!(t.append(Append::event(full()).expecting(stream("Order/1"), exactly(77))).await.repeated);
}

pub(crate) async fn is_tested_before_the_condition(t: Fixture) {
    let sent = Append::event(full()).unless(Query::all(), None);
    t.append(sent.clone()).await;
    assert!(t.append(sent).await.repeated);
}

pub(crate) async fn does_not_compare_the_context(t: Fixture) {
    t.append(full()).await;
    assert!(t.append(full().context(r#"{"source":"b","requestId":"r"}"#)).await.repeated);
    assert_eq!(t.all().await[0].context.value().unwrap().as_str(), r#"{"source":"a"}"#);
}

pub(crate) async fn does_not_compare_what_was_left_open(t: Fixture) {
    t.append(full()).await;
    let mut open = full();
    (open.timestamp, open.actor_id, open.schema_version) = (None, None, None);
    assert!(t.append(open).await.repeated);
}

pub(crate) async fn may_say_what_was_filled_in(t: Fixture) {
    t.append(numbered(1)).await;
    let said = numbered(1).by("anonymous").shaped(1).at("2026-11-20T10:30:00Z");
    t.setup.clock.advance(5);
    assert!(t.append(said).await.repeated);
    assert_conflict(&t.refused(numbered(1).by("somebody")).await, 1, other_content(0));
    assert_conflict(&t.refused(numbered(1).at("2026-11-20T10:30:00.000005Z")).await, 1, other_content(0));
}

pub(crate) async fn ignores_the_order_of_tags(t: Fixture) {
    t.append(full().tagged(&["b", "a", "b"])).await;
    assert!(t.append(full().tagged(&["a", "b"])).await.repeated);
}

pub(crate) async fn with_any_other_content_is_a_conflict(t: Fixture) {
    t.append(events("Noise/1", 2)).await;
    t.append(full()).await;
    let changed = [
        full().payload(r#"{"total":1.51}"#),
        full().metadata(r#"{"userId":"v"}"#),
        full().at("2026-01-01T00:00:00.000001Z"),
        full().by("User"),
        full().shaped(3),
        full().tagged(&["a"]),
        full().tagged(&["a", "b", "c"]),
        NewEvent { event_type: crate::build::event_type("placed"), ..full() },
        NewEvent { stream: stream("Order/2"), ..full() },
        NewEvent { stream: stream("Cart/1"), ..full() },
    ];
    for event in changed {
        assert_conflict(&t.refused(event).await, 1, other_content(2));
    }
}

pub(crate) async fn compares_the_bytes_of_the_payload(t: Fixture) {
    t.append(full()).await;
    for same_value in [r#"{"total":1.5}"#, r#"{"total": 1.50}"#, r#"{"tot\u0061l":1.50}"#] {
        assert_conflict(&t.refused(full().payload(same_value)).await, 1, other_content(0));
    }
}

pub(crate) async fn of_a_part_beside_new_events_is_a_conflict(t: Fixture) {
    t.append(append([numbered(1), numbered(2)])).await;
    let partial = IdConflict::PartialRepeat { position: Position(1) };
    assert_conflict(&t.refused(append([numbered(3), numbered(2)])).await, 2, partial);
    assert_conflict(&t.refused(append([numbered(2), numbered(3)])).await, 2, partial);
    assert_eq!(t.store().position_of(event_id(3)).await.unwrap(), None);
}

pub(crate) async fn beside_an_event_without_an_id_is_a_conflict(t: Fixture) {
    t.append(numbered(1)).await;
    let error = t.refused(append([numbered(1), event("Order/1", "Placed")])).await;
    assert_conflict(&error, 1, IdConflict::PartialRepeat { position: Position(0) });
}

pub(crate) async fn of_one_id_twice_in_an_append_is_a_conflict(t: Fixture) {
    let error = t.refused(append([numbered(1), numbered(2), numbered(1)])).await;
    assert_conflict(&error, 1, IdConflict::TwiceInAppend);
    t.append(numbered(1)).await;
    let error = t.refused(append([numbered(1), numbered(1)])).await;
    assert_conflict(&error, 1, IdConflict::TwiceInAppend);
}

pub(crate) async fn of_events_of_several_appends_gives_the_places_of_each(t: Fixture) {
    for id in 1..=4 {
        t.append(numbered(id)).await;
    }
    let again = t.append(append([numbered(3), numbered(1), numbered(4)])).await;
    let positions: Vec<u64> = again.events.iter().map(|place| place.position.0).collect();
    assert_eq!((positions, again.repeated), (vec![2, 0, 3], true));
}

pub(crate) async fn of_a_refused_append_is_a_first_time(t: Fixture) {
    let sent = Append::event(numbered(1)).expecting(stream("Order/1"), exactly(1));
    t.refused(sent.clone()).await;
    t.append(events("Order/1", 1)).await;
    assert!(!t.append(sent).await.repeated);
}

pub(crate) async fn in_the_same_batch_sees_the_first_time(t: Fixture) {
    let batch = vec![Append::event(full()), Append::event(full()), Append::event(full().by("other"))];
    let verdicts = t.store().append_each(batch).await;
    let (first, again) = (verdicts[0].as_ref().unwrap(), verdicts[1].as_ref().unwrap());
    assert_eq!((first.repeated, again.repeated), (false, true));
    assert_eq!(first.events, again.events);
    assert_conflict(verdicts[2].as_ref().unwrap_err(), 1, other_content(0));
    assert_eq!(t.size().await, 1);
}

pub(crate) async fn is_known_however_long_ago_the_first_time_was(t: Fixture) {
    t.append(full()).await;
    for _ in 0..6 {
        t.append(events("Noise/1", 200)).await;
    }
    assert!(t.append(full()).await.repeated);
    assert_conflict(&t.refused(full().by("other")).await, 1, other_content(0));
}

pub(crate) async fn is_known_after_reopening(mut t: Fixture) {
    let first = t.append(full()).await;
    t.append(events("Noise/1", 300)).await;
    t.reopen().await;
    let again = t.append(full()).await;
    assert_eq!((again.events, again.repeated), (first.events, true));
    assert_conflict(&t.refused(full().by("other")).await, 1, other_content(0));
}

pub(crate) async fn at_the_same_time_is_recorded_once(t: Fixture) {
    let store = t.store();
    let attempts: Vec<_> = (0..16)
        .map(|_| {
            tokio::spawn({
                let store = store.clone();
                async move { store.append(full().into()).await }
            })
        })
        .collect();
    let mut firsts = 0;
    for attempt in attempts {
        let appended = attempt.await.unwrap().unwrap();
        assert_eq!(appended.events[0].position, Position(0));
        firsts += usize::from(!appended.repeated);
    }
    assert_eq!((firsts, t.size().await), (1, 1));
}
