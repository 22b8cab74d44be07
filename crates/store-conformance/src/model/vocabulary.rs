//! Few values of each kind, so that histories meet themselves: the same streams, ids, tags again and again.

use annals_event::{ActorId, AggregateId, NewEvent, SchemaVersion, StreamName, Tag, Tags, Timestamp};
use annals_store::{
    AppendCondition, CursorAdvance, ExpectedVersion, PayloadPredicate, Query, QueryItem, TimeRange,
};
use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::build::{self, Described, event};

const STREAMS: [&str; 6] = ["Order/1", "Order/2", "Cart/1", "Cart/a/b", "order/1", "Order/ä"];
const TYPES: [&str; 4] = ["Placed", "Paid", "placed", "Shipped to 'x'"];
const TAGS: [&str; 4] = ["customer:42", "customer:4", "vip", "ä\"%"];
const ACTORS: [&str; 3] = ["ann", "Ann", "anonymous"];
const CURSORS: [&str; 2] = ["kafka:orders/0", "reader"];
const PAYLOADS: [&str; 8] = [
    "{}",
    r#"{"total":10,"items":[{"sku":"a","n":1},{"sku":"b","n":2}]}"#,
    r#"{ "total" : 10.00, "paid":true }"#,
    r#"{"total":9007199254740993,"name":"b"}"#,
    r#"{"total":-1.5e-3,"name":"a\u0062"}"#,
    r#"{"total":"10","name":null}"#,
    r#"{"items":["a",1,null],"name":"ä😀"}"#,
    r#"{"items":{"0":{"sku":"a"}},"total":1e300}"#,
];
const METADATA: [&str; 4] =
    ["{}", r#"{"correlationId":"c1"}"#, r#"{"correlationId":"c\u0031","x":1}"#, r#"{"correlationId":2}"#];
const MOMENTS: [&str; 6] = [
    "0001-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999999Z",
    "2026-11-20T10:29:59.999999Z",
    "2026-11-20T10:30:00Z",
    "2026-11-20T10:30:00.002Z",
    "2030-01-01T00:00:00Z",
];
const STATEMENTS: [&str; 14] = [
    "/total = 10",
    "/total != 10",
    "/total > 9.99",
    "/total >= 9007199254740993",
    "/total <= 0",
    "/total < 1e299",
    "/name exists",
    "/name = ab",
    "/name > a",
    "/items contains \"a\"",
    "/items contains [{\"sku\":\"b\"}]",
    "/items/0/sku = a",
    "/items/2 exists",
    "/paid = true",
];

pub(super) fn stream() -> impl Strategy<Value = StreamName> {
    select(&STREAMS[..]).prop_map(build::stream)
}

pub(super) fn moment() -> impl Strategy<Value = Timestamp> {
    select(&MOMENTS[..]).prop_map(build::time)
}

fn actor() -> impl Strategy<Value = ActorId> {
    select(&ACTORS[..]).prop_map(|name| ActorId::new(name).unwrap())
}

fn tags(count_max: usize) -> impl Strategy<Value = Vec<Tag>> {
    subsequence(&TAGS[..], 0..=count_max).prop_map(|names| names.into_iter().map(build::tag).collect())
}

pub(super) fn new_event() -> impl Strategy<Value = NewEvent> {
    let names = (select(&STREAMS[..]), select(&TYPES[..]), tags(4));
    let texts = (select(&PAYLOADS[..]), select(&METADATA[..]), select(vec!["{}", r#"{"source":"x"}"#]));
    // Most ids are new, some meet others; where there is none, the store makes one.
    let event_id = weighted(0.8, prop_oneof![1 => 0..20_u128, 4 => 20..1_000_000_u128]);
    let open = (event_id, weighted(0.3, moment()), of(actor()), weighted(0.2, 1..3_u64));
    (names, texts, open).prop_map(|((stream, event_type, tags), (payload, metadata, context), open)| {
        let (event_id, timestamp, actor_id, schema_version) = open;
        NewEvent {
            event_id: event_id.map(build::event_id),
            timestamp,
            actor_id,
            schema_version: schema_version.map(|version| SchemaVersion::new(version).unwrap()),
            tags: Tags::new(tags),
            ..event(stream, event_type).payload(payload).metadata(metadata).context(context)
        }
    })
}

pub(super) fn expected_version() -> impl Strategy<Value = ExpectedVersion> {
    prop_oneof![
        Just(ExpectedVersion::Any),
        Just(ExpectedVersion::NoStream),
        Just(ExpectedVersion::StreamExists),
        (0..6_u64).prop_map(build::exactly),
    ]
}

pub(super) fn advance() -> impl Strategy<Value = CursorAdvance> {
    let place = || select(vec!["1", "2", "3"]);
    (select(&CURSORS[..]), of(place()), place())
        .prop_map(|(name, from, to)| build::advance(name, from.unwrap_or_default(), to))
}

/// A question over types, streams, aggregate types and tags, as conditions ask it.
fn guard_item() -> impl Strategy<Value = QueryItem> {
    let types = weighted(0.4, vec(select(&TYPES[..]).prop_map(build::event_type), 1..3));
    let streams = weighted(0.3, vec(stream(), 1..3));
    let aggregate_type = weighted(0.2, select(vec!["Order", "Cart"]).prop_map(build::aggregate_type));
    (types, streams, aggregate_type, tags(2)).prop_map(|(types, streams, aggregate_type, tags)| QueryItem {
        event_types: types.unwrap_or_default(),
        streams: streams.unwrap_or_default(),
        aggregate_type,
        tags,
        ..QueryItem::default()
    })
}

pub(super) fn condition() -> impl Strategy<Value = AppendCondition> {
    (vec(guard_item(), 1..3), of(0..40_u64)).prop_map(|(items, after)| AppendCondition {
        fail_if_events_match: Query { items },
        after: after.map(annals_event::Position),
    })
}

fn time_range() -> impl Strategy<Value = TimeRange> {
    (weighted(0.2, moment()), weighted(0.2, moment())).prop_map(|(from, to)| TimeRange { from, to })
}

fn query_item() -> impl Strategy<Value = QueryItem> {
    let aggregate_id = weighted(0.2, select(vec!["1", "a/b", "ä"]))
        .prop_map(|id| id.map(|id| AggregateId::new(id).unwrap()));
    let correlation_id = weighted(0.2, select(vec!["c1", "2"])).prop_map(|id| id.map(str::to_owned));
    let payload = weighted(0.3, vec(select(&STATEMENTS[..]), 1..3)).prop_map(|statements| {
        statements
            .unwrap_or_default()
            .into_iter()
            .map(|text| text.parse::<PayloadPredicate>().unwrap())
            .collect()
    });
    (
        guard_item(),
        aggregate_id,
        weighted(0.2, actor()),
        correlation_id,
        (time_range(), time_range()),
        payload,
    )
        .prop_map(|(item, aggregate_id, actor_id, correlation_id, (timestamp, recorded_at), payload)| {
            QueryItem { aggregate_id, actor_id, correlation_id, timestamp, recorded_at, payload, ..item }
        })
}

pub(super) fn query() -> impl Strategy<Value = Query> {
    vec(query_item(), 0..3).prop_map(|items| Query { items })
}
