//! Appends that wait at the same moment share a commit and not a fate.

use std::collections::BTreeSet;

use annals_event::Position;
use annals_store::{Append, ExpectedVersion, StoreError};

use crate::build::{
    Described, Guarded, append, event, event_type, events, exactly, numbered, of_type, places, stream, tagged,
};
use crate::fixture::Fixture;

pub(crate) async fn a_conflict_in_one_never_fails_another(t: Fixture) {
    t.append(numbered(1)).await;
    let batch = vec![
        events("Order/1", 1),
        events("Order/2", 1).expecting(stream("Order/2"), exactly(5)),
        events("Order/3", 1).unless(of_type("Counted"), None),
        Append::event(numbered(1).by("other")),
        Append::default(),
        append([numbered(7), numbered(7)]),
        events("Order/4", 2),
    ];
    let verdicts = t.store().append_each(batch).await;
    assert_eq!(verdicts.len(), 7);
    assert!(matches!(verdicts[1], Err(StoreError::WrongExpectedVersion { .. })));
    assert!(matches!(verdicts[2], Err(StoreError::ConditionFailed { position: Position(0) })));
    assert!(matches!(verdicts[3], Err(StoreError::EventIdConflict { .. })));
    assert!(matches!(verdicts[4], Err(StoreError::InvalidAppend { .. })));
    assert!(matches!(verdicts[5], Err(StoreError::EventIdConflict { .. })));
    assert_eq!(verdicts[0].as_ref().unwrap().events[0].position, Position(1));
    assert_eq!(verdicts[6].as_ref().unwrap().events[1].position, Position(3));
    assert_eq!(t.size().await, 4);
}

pub(crate) async fn an_invalid_event_in_one_fails_no_other(t: Fixture) {
    let large = format!(r#"{{"x":"{}"}}"#, "x".repeat(1 << 20));
    let batch = vec![
        events("Order/1", 1),
        Append::event(event("Order/1", "Big").payload(&large)),
        events("Order/1", 1),
    ];
    let verdicts = t.store().append_each(batch).await;
    assert!(matches!(verdicts[1], Err(StoreError::InvalidEvent { index: 0, .. })));
    assert_eq!(places(&t.all().await), [(0, 1), (1, 2)]);
}

pub(crate) async fn verdicts_come_in_the_order_of_the_appends(t: Fixture) {
    let verdicts = t.store().append_each((0..50).map(|n| numbered(n).into()).collect()).await;
    for (position, verdict) in verdicts.into_iter().enumerate() {
        let place = verdict.unwrap().events[0];
        assert_eq!(
            (place.position, place.event_id),
            (Position(position as u64), crate::build::event_id(position as u128))
        );
    }
}

pub(crate) async fn of_nothing_gives_no_verdicts(t: Fixture) {
    assert!(t.store().append_each(Vec::new()).await.is_empty());
    assert_eq!(t.size().await, 0);
}

pub(crate) async fn versions_count_earlier_appends_of_the_batch(t: Fixture) {
    let next = |version| events("Order/1", 1).expecting(stream("Order/1"), exactly(version));
    let first = events("Order/1", 1).expecting(stream("Order/1"), ExpectedVersion::NoStream);
    let verdicts = t.store().append_each(vec![first.clone(), next(1), next(1), next(2), first]).await;
    let recorded: Vec<bool> = verdicts.iter().map(Result::is_ok).collect();
    assert_eq!(recorded, [true, true, false, true, false]);
    let Err(StoreError::WrongExpectedVersion { actual, .. }) = &verdicts[2] else {
        panic!("{:?}", verdicts[2])
    };
    assert_eq!(actual.map(|version| version.0), Some(2));
    assert_eq!(places(&t.all().await), [(0, 1), (1, 2), (2, 3)]);
}

pub(crate) async fn conditions_see_earlier_appends_of_the_batch(t: Fixture) {
    let reserve = |stream: &str| {
        Append::event(event(stream, "Reserved").tagged(&["seat:1"])).unless(tagged(&["seat:1"]), None)
    };
    let verdicts = t
        .store()
        .append_each(vec![events("Noise/1", 2), reserve("Reservation/1"), reserve("Reservation/2")])
        .await;
    assert!(verdicts[1].is_ok());
    assert!(
        matches!(verdicts[2], Err(StoreError::ConditionFailed { position: Position(2) })),
        "{:?}",
        verdicts[2]
    );
}

pub(crate) async fn a_refused_append_is_not_seen_by_later_ones(t: Fixture) {
    let refused =
        append([numbered(1), event("Order/1", "Reserved")]).expecting(stream("Order/2"), exactly(1));
    let batch = vec![
        refused,
        events("Order/1", 1).expecting(stream("Order/1"), ExpectedVersion::NoStream),
        events("Order/3", 1).unless(of_type("Reserved"), None),
        Append::event(numbered(1)),
    ];
    let verdicts = t.store().append_each(batch).await;
    assert!(verdicts[0].is_err());
    assert_eq!(verdicts[1].as_ref().unwrap().events[0].position, Position(0));
    assert!(verdicts[2].is_ok());
    assert!(!verdicts[3].as_ref().unwrap().repeated);
}

pub(crate) async fn a_batch_of_many_is_recorded(t: Fixture) {
    let verdicts = t.store().append_each((0..500).map(|_| events("Order/1", 2)).collect()).await;
    assert!(verdicts.iter().all(Result::is_ok));
    assert_eq!(places(&t.all().await), (0..1_000).map(|n| (n, n + 1)).collect::<Vec<_>>());
}

pub(crate) async fn concurrent_appends_are_each_recorded_once_and_gapless(t: Fixture) {
    let store = t.store();
    let writers: Vec<_> = (0..16_u128)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut positions = Vec::new();
                for n in 0..10 {
                    let appended = store.append(numbered(writer << 32 | n).into()).await.unwrap();
                    positions.push(appended.events[0].position);
                }
                assert!(positions.is_sorted(), "{positions:?}");
                positions
            })
        })
        .collect();
    let mut positions = BTreeSet::new();
    for writer in writers {
        positions.extend(writer.await.unwrap());
    }
    assert_eq!(positions, (0..160).map(Position).collect());
    let ids: BTreeSet<_> = t.all().await.iter().map(|event| event.event_id).collect();
    assert_eq!(ids.len(), 160);
}

pub(crate) async fn events_of_one_append_stand_together_whoever_else_writes(t: Fixture) {
    let store = t.store();
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for _ in 0..5 {
                    let names = [0, 1, 2, 3].map(|n| event(&format!("W{writer}/{n}"), &format!("T{n}")));
                    let appended = store.append(append(names)).await.unwrap();
                    let first = appended.events[0].position.0;
                    let positions: Vec<u64> = appended.events.iter().map(|place| place.position.0).collect();
                    assert_eq!(positions, (first..first + 4).collect::<Vec<_>>());
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    for four in t.all().await.chunks(4) {
        assert!(four.iter().all(|event| event.aggregate_type == four[0].aggregate_type));
        assert_eq!(four[3].event_type, event_type("T3"));
    }
}

pub(crate) async fn an_answered_append_is_seen_by_every_reader_at_once(t: Fixture) {
    let store = t.store();
    for n in 0..40 {
        let place = store.append(numbered(n).into()).await.unwrap().events[0];
        assert_eq!(store.position_of(place.event_id).await.unwrap(), Some(place.position));
        assert_eq!(store.head().await.unwrap().size, place.position.0 + 1);
        assert_eq!(
            t.positions(annals_store::Query::stream(stream(&format!("Numbered/{n}")))).await,
            [place.position.0]
        );
    }
}
