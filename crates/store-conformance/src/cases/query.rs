//! Every filter, alone and combined. Each answer is read in both directions and in pages of several lengths,
//! and compared with the definition, [`Query::matches`](annals_store::Query::matches).

use annals_event::{AggregateId, EventType, StreamName};
use annals_store::{Query, QueryItem};

use crate::build::{
    Described, aggregate_type, any_of, append, event, event_type, of_actor, of_type, stream, tagged, time,
    with_payload,
};
use crate::fixture::Fixture;

fn of_streams(names: &[&str]) -> QueryItem {
    QueryItem { streams: names.iter().map(|name| stream(name)).collect(), ..QueryItem::default() }
}

fn correlated(id: &str) -> QueryItem {
    QueryItem { correlation_id: Some(id.to_owned()), ..QueryItem::default() }
}

fn of_aggregate_type(name: &str) -> QueryItem {
    QueryItem { aggregate_type: Some(aggregate_type(name)), ..QueryItem::default() }
}

fn of_aggregate_id(id: &str) -> QueryItem {
    QueryItem { aggregate_id: Some(AggregateId::new(id).unwrap()), ..QueryItem::default() }
}

/// Eight events that differ in everything one can ask for.
async fn eight(t: &Fixture) {
    t.append(append([
        event("Order/1", "Placed").by("ann").tagged(&["customer:42", "vip"]).payload(r#"{"total":10}"#),
        event("Order/2", "Placed").by("bob").tagged(&["customer:7"]).metadata(r#"{"correlationId":"c1"}"#),
        event("Order/1", "Paid").by("ann").at("2026-01-01T00:00:00Z").metadata(r#"{"correlationId":"c1"}"#),
        event("Cart/1", "Emptied").tagged(&["customer:42"]).metadata(r#"{"correlationId":"c2"}"#),
        event("Cart/3", "Placed").by("Ann").at("2026-01-02T00:00:00Z").payload(r#"{"total":20}"#),
        event("Order/3", "Shipped").tagged(&["vip"]).at("2026-01-03T00:00:00Z"),
        event("Order/2", "Paid").by("bob").tagged(&["customer:7", "vip"]).payload(r#"{"total":30}"#),
        event("Order/1", "Shipped").by("ann").metadata(r#"{"correlationId":"c2"}"#),
    ]))
    .await;
}

pub(crate) async fn without_items_gives_everything(t: Fixture) {
    eight(&t).await;
    assert_eq!(t.positions(Query::all()).await, [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(t.positions(QueryItem::default()).await, [0, 1, 2, 3, 4, 5, 6, 7]);
}

pub(crate) async fn by_event_type_gives_any_of_the_types(t: Fixture) {
    eight(&t).await;
    assert_eq!(t.positions(of_type("Placed")).await, [0, 1, 4]);
    let two =
        QueryItem { event_types: vec![event_type("Shipped"), event_type("Paid")], ..QueryItem::default() };
    assert_eq!(t.positions(two).await, [2, 5, 6, 7]);
    assert!(t.positions(of_type("placed")).await.is_empty());
}

pub(crate) async fn by_stream_gives_any_of_the_streams(t: Fixture) {
    eight(&t).await;
    assert_eq!(t.positions(of_streams(&["Order/1"])).await, [0, 2, 7]);
    assert_eq!(t.positions(of_streams(&["Cart/1", "Order/2", "Cart/1"])).await, [1, 3, 6]);
    assert!(t.positions(of_streams(&["Cart/2", "order/1"])).await.is_empty());
}

pub(crate) async fn by_aggregate_type_gives_all_its_streams(t: Fixture) {
    eight(&t).await;
    assert_eq!(t.positions(of_aggregate_type("Cart")).await, [3, 4]);
    assert!(t.positions(of_aggregate_type("Car")).await.is_empty());
}

pub(crate) async fn by_aggregate_id_goes_across_types(t: Fixture) {
    eight(&t).await;
    assert_eq!(t.positions(of_aggregate_id("1")).await, [0, 2, 3, 7]);
    assert_eq!(t.positions(of_aggregate_id("3")).await, [4, 5]);
}

pub(crate) async fn by_tags_needs_all_of_them(t: Fixture) {
    eight(&t).await;
    assert_eq!(t.positions(tagged(&["vip"])).await, [0, 5, 6]);
    assert_eq!(t.positions(tagged(&["vip", "customer:7"])).await, [6]);
    assert_eq!(t.positions(tagged(&["vip", "vip"])).await, [0, 5, 6]);
    assert!(t.positions(tagged(&["customer:42", "customer:7"])).await.is_empty());
}

pub(crate) async fn by_tag_needs_the_whole_tag(t: Fixture) {
    t.append(event("Order/1", "A").tagged(&["customer:42", "a\"b", "a\\", "[\"x\"]", "ä"])).await;
    for part in
        ["customer:4", "customer:42 ", "ustomer:42", "customer", "a", "x", "Customer:42", "%", "a\u{308}"]
    {
        assert!(t.positions(tagged(&[part])).await.is_empty(), "{part}");
    }
    for whole in ["customer:42", "a\"b", "a\\", "[\"x\"]", "ä"] {
        assert_eq!(t.positions(tagged(&[whole])).await, [0], "{whole}");
    }
}

pub(crate) async fn by_actor_gives_what_they_did(t: Fixture) {
    eight(&t).await;
    assert_eq!(t.positions(of_actor("ann")).await, [0, 2, 7]);
    assert_eq!(t.positions(of_actor("Ann")).await, [4]);
    assert_eq!(t.positions(of_actor("anonymous")).await, [3, 5]);
}

pub(crate) async fn by_correlation_id_reads_the_metadata(t: Fixture) {
    eight(&t).await;
    assert_eq!(t.positions(correlated("c1")).await, [1, 2]);
    assert_eq!(t.positions(correlated("c2")).await, [3, 7]);
    assert!(t.positions(correlated("c")).await.is_empty());
}

pub(crate) async fn by_correlation_id_takes_a_string_at_the_top_only(t: Fixture) {
    t.append(append([
        event("A/1", "A").metadata(r#"{"correlationId":7}"#),
        event("A/1", "A").metadata(r#"{"x":{"correlationId":"7"}}"#),
        event("A/1", "A").metadata(r#"{"correlationid":"7"}"#),
        event("A/1", "A").payload(r#"{"correlationId":"7"}"#),
        event("A/1", "A").metadata(r#"{"correlationId":null}"#),
        event("A/1", "A").metadata(r#"{ "x":1, "correlation\u0049d" : "\u0037" }"#),
        event("A/1", "A").metadata(r#"{"correlationId":["7"]}"#),
        event("A/1", "A").metadata(r#"{"correlationId":""}"#),
    ]))
    .await;
    assert_eq!(t.positions(correlated("7")).await, [5]);
    assert_eq!(t.positions(correlated("")).await, [7]);
    assert!(t.positions(correlated("null")).await.is_empty());
}

pub(crate) async fn of_several_items_gives_what_matches_any_once(t: Fixture) {
    eight(&t).await;
    assert_eq!(t.positions(any_of([of_type("Paid"), of_actor("ann"), of_type("Paid")])).await, [0, 2, 6, 7]);
    assert_eq!(t.positions(any_of([of_type("None"), QueryItem::default()])).await.len(), 8);
    assert!(t.positions(any_of([of_type("None"), of_actor("nobody")])).await.is_empty());
}

pub(crate) async fn of_one_item_needs_all_that_it_says(t: Fixture) {
    eight(&t).await;
    let placed_by_ann = QueryItem { event_types: vec![event_type("Placed")], ..of_actor("ann") };
    assert_eq!(t.positions(placed_by_ann).await, [0]);
    let contradiction =
        QueryItem { aggregate_type: Some(aggregate_type("Cart")), ..of_streams(&["Order/1"]) };
    assert!(t.positions(contradiction).await.is_empty());
    let consistent = QueryItem { aggregate_type: Some(aggregate_type("Order")), ..of_aggregate_id("3") };
    assert_eq!(t.positions(consistent).await, [5]);
}

pub(crate) async fn of_a_hundred_items_is_answered(t: Fixture) {
    eight(&t).await;
    let items = (0..100)
        .map(|n| QueryItem { event_types: vec![event_type("Paid")], ..of_streams(&[&format!("Order/{n}")]) });
    assert_eq!(t.positions(any_of(items)).await, [2, 6]);
}

/// What a careless store would read as part of its own language.
const TRICKY: [&str; 14] =
    ["%", "_", "*", "?", "a'b", "a\"b", "a\\b", "' OR 1=1 --", "a b", "ä", "a\u{308}", "😀", "$1", "a;b"];

pub(crate) async fn names_mean_themselves_and_nothing_else(t: Fixture) {
    let plain = ["abc", "a", "b", "x"];
    let names = || TRICKY.iter().chain(&plain).copied();
    t.append(append(names().map(|name| {
        let stream = StreamName::new(name, name).unwrap();
        annals_event::NewEvent { stream, event_type: EventType::new(name).unwrap(), ..event("A/1", "A") }
            .by(name)
            .tagged(&[name])
            .metadata(&format!(r#"{{"correlationId":{}}}"#, serde_json::to_string(name).unwrap()))
    })))
    .await;
    for (position, name) in names().enumerate() {
        let position = [position as u64];
        assert_eq!(t.positions(of_type(name)).await, position, "{name}");
        assert_eq!(t.positions(of_actor(name)).await, position, "{name}");
        assert_eq!(t.positions(tagged(&[name])).await, position, "{name}");
        assert_eq!(t.positions(correlated(name)).await, position, "{name}");
        assert_eq!(t.positions(of_aggregate_type(name)).await, position, "{name}");
        assert_eq!(t.positions(of_aggregate_id(name)).await, position, "{name}");
        assert_eq!(t.positions(of_streams(&[&format!("{name}/{name}")])).await, position, "{name}");
    }
}

/// One of each filter, and one that says nothing.
fn filters() -> Vec<fn(QueryItem) -> QueryItem> {
    use annals_store::TimeRange;
    vec![
        |item| item,
        |item| QueryItem { event_types: vec![event_type("Placed"), event_type("Paid")], ..item },
        |item| QueryItem { streams: vec![stream("Order/1"), stream("Cart/3")], ..item },
        |item| QueryItem { aggregate_type: Some(aggregate_type("Order")), ..item },
        |item| QueryItem { aggregate_id: Some(AggregateId::new("1").unwrap()), ..item },
        |item| QueryItem { tags: tagged(&["vip"]).tags, ..item },
        |item| QueryItem { actor_id: of_actor("ann").actor_id, ..item },
        |item| QueryItem { correlation_id: Some("c1".to_owned()), ..item },
        |item| QueryItem {
            timestamp: TimeRange { from: Some(time("2026-01-02T00:00:00Z")), to: None },
            ..item
        },
        |item| QueryItem {
            recorded_at: TimeRange { from: None, to: Some(time("2026-11-20T10:30:00Z")) },
            ..item
        },
        |item| QueryItem { payload: with_payload(&["/total >= 10"]).payload, ..item },
    ]
}

pub(crate) async fn of_every_pair_of_filters_agrees_with_the_definition(t: Fixture) {
    eight(&t).await;
    t.setup.clock.advance(1);
    eight(&t).await;
    let filters = filters();
    for first in &filters {
        for second in &filters {
            t.positions(second(first(QueryItem::default()))).await;
        }
    }
    for first in &filters[1..] {
        for second in &filters[1..] {
            t.positions(any_of([first(of_type("Paid")), second(QueryItem::default())])).await;
        }
    }
}

pub(crate) async fn finds_what_lies_far_apart(t: Fixture) {
    t.append(event("Needle/1", "First").tagged(&["needle"]).by("ann")).await;
    for _ in 0..4 {
        t.append(crate::build::events("Hay/1", 600)).await;
    }
    t.append(event("Needle/1", "Second").tagged(&["needle"]).by("ann")).await;
    for query in
        [tagged(&["needle"]), of_actor("ann"), of_streams(&["Needle/1"]), of_aggregate_type("Needle")]
    {
        let found = t.pages(&query.into(), annals_store::PageRequest::default()).await;
        assert_eq!(crate::build::places(&found), [(0, 1), (2_401, 2)]);
    }
}

pub(crate) async fn gives_the_same_after_reopening(mut t: Fixture) {
    eight(&t).await;
    t.reopen().await;
    assert_eq!(t.positions(of_type("Placed")).await, [0, 1, 4]);
    assert_eq!(t.positions(tagged(&["vip"])).await, [0, 5, 6]);
    assert_eq!(t.positions(correlated("c1")).await, [1, 2]);
    eight(&t).await;
    assert_eq!(t.positions(of_actor("ann")).await, [0, 2, 7, 8, 10, 15]);
}
