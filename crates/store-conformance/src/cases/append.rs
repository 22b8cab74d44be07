//! One order, atomic appends, and what the store fills in.

use annals_event::{ActorId, EventId, Position, SchemaVersion};
use annals_store::{Append, Authority, Clock, StoreError, log_stream};

use crate::build::{
    Described, Guarded, advance, append, event, event_id, events, exactly, numbered, places, stream,
};
use crate::fixture::Fixture;

pub(crate) async fn gives_positions_from_0_without_gaps(t: Fixture) {
    for expected in 0..20 {
        let appended = t.append(event("Order/1", "Placed")).await;
        assert_eq!(appended.events[0].position, Position(expected));
    }
    let positions: Vec<u64> = t.all().await.iter().map(|event| event.position.0).collect();
    assert_eq!(positions, (0..20).collect::<Vec<_>>());
}

pub(crate) async fn records_events_in_the_order_given(t: Fixture) {
    let sent = [event("Order/2", "B"), event("Order/1", "A"), event("Order/2", "C"), event("Order/1", "A")];
    t.append(append(sent.clone())).await;
    let types: Vec<String> = t.all().await.iter().map(|event| event.event_type.to_string()).collect();
    assert_eq!(types, ["B", "A", "C", "A"]);
}

pub(crate) async fn gives_versions_per_stream_from_1(t: Fixture) {
    let mixed = ["Order/1", "Order/2", "Order/1", "Cart/1", "Order/1", "Order/2"];
    let appended = t.append(append(mixed.map(|stream| event(stream, "Changed")))).await;
    let versions: Vec<u64> = appended.events.iter().map(|place| place.version.0).collect();
    assert_eq!(versions, [1, 1, 2, 1, 3, 2]);
    let appended = t.append(append([event("Cart/1", "Changed"), event("Order/1", "Changed")])).await;
    let versions: Vec<u64> = appended.events.iter().map(|place| place.version.0).collect();
    assert_eq!(versions, [2, 4]);
}

pub(crate) async fn answers_with_the_places_that_are_read_back(t: Fixture) {
    t.append(events("Order/1", 3)).await;
    t.setup.clock.advance(17);
    let appended = t.append(append([event("Order/2", "Placed"), event("Order/1", "Paid")])).await;
    assert!(!appended.repeated);
    let read = t.all().await;
    for (place, event) in appended.events.iter().zip(&read[3..]) {
        assert_eq!((place.event_id, place.position), (event.event_id, event.position));
        assert_eq!((place.version, place.recorded_at), (event.version, event.recorded_at));
    }
    assert_eq!(appended.events.len(), 2);
    assert_eq!(places(&read[3..]), [(3, 1), (4, 4)]);
}

pub(crate) async fn refuses_a_producers_event_in_the_logs_own_stream(t: Fixture) {
    let own = log_stream(t.store().origin()).unwrap();
    let said = || event(&own.to_string(), "SigningKeyRotated");
    // What an append holds beside it is refused with it.
    for refused in [append([said()]), append([event("Order/1", "Placed"), said()])] {
        let index = refused.events.len() - 1;
        let error = t.refused(refused).await;
        assert!(
            matches!(&error, StoreError::ReservedStream { index: at, stream } if *at == index && *stream == own),
            "{error:?}"
        );
    }
    // Another log's stream is as any other.
    t.append(event("AnnalsLog/elsewhere.example/books", "SigningKeyRotated")).await;
    assert_eq!(t.size().await, 1);
}

pub(crate) async fn records_what_the_log_says_about_itself(t: Fixture) {
    let own = log_stream(t.store().origin()).unwrap();
    let said = Append::event(event(&own.to_string(), "SigningKeyRotated"));
    t.append(Append { authority: Authority::Log, ..said }).await;
    let read = t.all().await.remove(0);
    assert_eq!(read.aggregate_id.value(), Some(&own.aggregate_id));
}

pub(crate) async fn refuses_an_append_with_neither_events_nor_cursors(t: Fixture) {
    let guarded = Append::default().expecting(stream("Order/1"), exactly(1));
    for nothing in [Append::default(), guarded] {
        assert!(matches!(t.refused(nothing).await, StoreError::InvalidAppend { .. }));
    }
}

pub(crate) async fn refuses_two_expected_versions_for_one_stream(t: Fixture) {
    let order = stream("Order/1");
    let twice = Append::event(event("Order/1", "Placed"))
        .expecting(order.clone(), exactly(1))
        .expecting(order, annals_store::ExpectedVersion::Any);
    assert!(matches!(t.refused(twice).await, StoreError::InvalidAppend { .. }));
}

pub(crate) async fn refuses_a_cursor_that_moves_twice(t: Fixture) {
    let twice = events("Order/1", 1).moving(advance("c", "", "1")).moving(advance("c", "1", "2"));
    assert!(matches!(t.refused(twice).await, StoreError::InvalidAppend { .. }));
}

pub(crate) async fn fills_in_what_the_producer_left_open(t: Fixture) {
    t.append(event("Order/1", "Placed")).await;
    let read = t.all().await.remove(0);
    assert_eq!(read.timestamp, t.setup.clock.now());
    assert_eq!(read.actor_id.value(), Some(&ActorId::anonymous()));
    assert_eq!(read.schema_version, SchemaVersion::FIRST);
    assert_eq!(read.metadata.value().unwrap().as_str(), "{}");
    assert_eq!(read.context.value().unwrap().as_str(), "{}");
    assert!(read.tags.value().unwrap().is_empty());
    assert_eq!(read.event_id.as_bytes()[6] >> 4, 7, "{} is no UUIDv7", read.event_id);
}

pub(crate) async fn keeps_what_the_producer_said(t: Fixture) {
    let sent = event("Order/order_456", "OrderPlaced")
        .id(0x0192_f0c1_7b3e_7c4a_9d52_0a4f_5b2f_6d11)
        .payload(r#"{"total":99.99}"#)
        .metadata(r#"{"correlationId":"c-1"}"#)
        .context(r#"{"source":"test"}"#)
        .at("2020-02-29T23:59:59.999999Z")
        .by("user_789")
        .shaped(7)
        .tagged(&["customer:42", "vip"]);
    t.append(sent.clone()).await;
    let read = t.all().await.remove(0);
    assert_eq!(Some(read.event_id), sent.event_id);
    assert_eq!(read.stream(), Some(sent.stream));
    assert_eq!(read.event_type, sent.event_type);
    assert_eq!(read.payload.value(), Some(&sent.payload));
    assert_eq!(read.metadata.value(), Some(&sent.metadata));
    assert_eq!(read.context.value(), Some(&sent.context));
    assert_eq!(Some(read.timestamp), sent.timestamp);
    assert_eq!(read.actor_id.value(), sent.actor_id.as_ref());
    assert_eq!(Some(read.schema_version), sent.schema_version);
    assert_eq!(read.tags.value(), Some(&sent.tags));
    assert_eq!(read.erased().count(), 0);
}

pub(crate) async fn makes_ids_that_grow_even_when_the_clock_does_not(t: Fixture) {
    for step in [0, 0, 1, -5_000_000, 0, 900] {
        t.setup.clock.advance(step);
        t.append(events("Order/1", 3)).await;
    }
    let ids: Vec<EventId> = t.all().await.iter().map(|event| event.event_id).collect();
    assert!(ids.is_sorted_by(|earlier, later| earlier < later), "{ids:?}");
}

pub(crate) async fn records_a_thousand_events_as_one(t: Fixture) {
    let appended = t.append(events("Order/1", 1_000)).await;
    assert_eq!(appended.events.last().unwrap().position, Position(999));
    assert_eq!(places(&t.all().await), (0..1_000).map(|n| (n, n + 1)).collect::<Vec<_>>());
}

pub(crate) async fn tells_streams_apart_that_differ_in_case_type_or_a_slash(t: Fixture) {
    let names = ["Order/a", "Order/A", "order/a", "Order/a/b", "Order/a/", "Orde/r/a", "Order/a ", "Order/%"];
    for name in names {
        let appended = t.append(event(name, "Placed")).await;
        assert_eq!(appended.events[0].version.0, 1, "{name}");
    }
    for name in names {
        let appended = t.append(event(name, "Placed").payload("{\"again\":true}")).await;
        assert_eq!(appended.events[0].version.0, 2, "{name}");
    }
}

pub(crate) async fn finds_where_an_event_stands(t: Fixture) {
    for (position, id) in [(0, 5), (1, u128::MAX), (2, 0), (3, 1 << 64)] {
        t.append(numbered(id)).await;
        assert_eq!(t.store().position_of(event_id(id)).await.unwrap(), Some(Position(position)));
    }
    assert_eq!(t.store().position_of(event_id(6)).await.unwrap(), None);
    assert_eq!(t.store().position_of(event_id(5)).await.unwrap(), Some(Position(0)));
}

pub(crate) async fn of_several_streams_is_recorded_whole_or_not_at_all(t: Fixture) {
    t.append(events("Order/1", 1)).await;
    let both = append([event("Order/2", "Placed"), event("Order/1", "Changed"), event("Cart/1", "Emptied")]);
    t.refused(both.clone().expecting(stream("Order/1"), exactly(7))).await;
    t.append(both.expecting(stream("Order/1"), exactly(1))).await;
    assert_eq!(places(&t.all().await), [(0, 1), (1, 1), (2, 2), (3, 1)]);
}

pub(crate) async fn takes_any_uuid_as_an_id_in_any_order(t: Fixture) {
    for id in [9, 3, u128::MAX, 1, 0, u128::MAX - 1, 1 << 127] {
        t.append(numbered(id)).await;
    }
    assert_eq!(t.size().await, 7);
}
