//! Statements about values of the payload: exact decimals, and `contains` as PostgreSQL's `@>`.

use annals_store::QueryItem;

use crate::build::{Described, append, event, event_type, with_payload};
use crate::fixture::Fixture;

/// One event for each payload.
async fn store(t: &Fixture, payloads: &[&str]) {
    t.append(append(payloads.iter().map(|text| event("Order/1", "A").payload(text)))).await;
}

/// Which payloads fulfil each statement.
async fn check(t: &Fixture, statements: &[(&str, &[u64])]) {
    for (statement, expected) in statements {
        assert_eq!(t.positions(with_payload(&[statement])).await, *expected, "{statement}");
    }
}

pub(crate) async fn numbers_are_equal_by_exact_value(t: Fixture) {
    let payloads = [
        r#"{"n":1.10}"#,
        r#"{"n":1.1}"#,
        r#"{"n":11e-1}"#,
        r#"{"n":0.11E+1}"#,
        r#"{"n":1.1000000000000001}"#,
        r#"{"n":"1.1"}"#,
        r#"{"n":9007199254740992}"#,
        r#"{"n":9007199254740993}"#,
        r#"{"n":0}"#,
        r#"{"n":-0.0}"#,
    ];
    store(&t, &payloads).await;
    check(
        &t,
        &[
            ("/n = 1.1", &[0, 1, 2, 3]),
            ("/n = 1.1000000000000001", &[4]),
            ("/n = 9007199254740993", &[7]),
            ("/n = 9007199254740992.0", &[6]),
            ("/n = 0", &[8, 9]),
            ("/n = \"1.1\"", &[5]),
            ("/n != 1.1", &[4, 5, 6, 7, 8, 9]),
        ],
    )
    .await;
}

pub(crate) async fn numbers_are_ordered_by_exact_value(t: Fixture) {
    let payloads = [
        r#"{"n":-1e300}"#,
        r#"{"n":-2}"#,
        r#"{"n":0.1}"#,
        r#"{"n":0.10000000000000000001}"#,
        r#"{"n":2}"#,
        r#"{"n":10}"#,
        r#"{"n":123456789012345678901234567890}"#,
        r#"{"n":123456789012345678901234567891}"#,
    ];
    store(&t, &payloads).await;
    check(
        &t,
        &[
            ("/n < 0", &[0, 1]),
            ("/n > 0.1", &[3, 4, 5, 6, 7]),
            ("/n >= 0.1", &[2, 3, 4, 5, 6, 7]),
            ("/n <= 2.0", &[0, 1, 2, 3, 4]),
            ("/n > 123456789012345678901234567890", &[7]),
            ("/n < -2", &[0]),
            ("/n > 1e29", &[6, 7]),
        ],
    )
    .await;
}

pub(crate) async fn strings_are_ordered_by_code_point(t: Fixture) {
    store(
        &t,
        &[
            r#"{"s":"B"}"#,
            r#"{"s":"a"}"#,
            r#"{"s":"ab"}"#,
            r#"{"s":"ä"}"#,
            r#"{"s":"😀"}"#,
            r#"{"s":"\uff5e"}"#,
            r#"{"s":""}"#,
        ],
    )
    .await;
    check(
        &t,
        &[
            ("/s < a", &[0, 6]),
            ("/s >= a", &[1, 2, 3, 4, 5]),
            ("/s > ab", &[3, 4, 5]),
            ("/s >= 😀", &[4]),
            ("/s <= \"\"", &[6]),
            ("/s = a", &[1]),
            ("/s != a", &[0, 2, 3, 4, 5, 6]),
        ],
    )
    .await;
}

pub(crate) async fn values_of_different_kinds_have_no_order(t: Fixture) {
    store(
        &t,
        &[r#"{"v":1}"#, r#"{"v":"1"}"#, r#"{"v":true}"#, r#"{"v":null}"#, r#"{"v":[1]}"#, r#"{"v":{"a":1}}"#],
    )
    .await;
    check(
        &t,
        &[
            ("/v < 2", &[0]),
            ("/v <= \"2\"", &[1]),
            ("/v >= true", &[]),
            ("/v >= null", &[]),
            ("/v >= [1]", &[]),
            ("/v <= {\"a\":1}", &[]),
            ("/v = true", &[2]),
            ("/v = null", &[3]),
            ("/v = [1]", &[4]),
            ("/v = {\"a\":1}", &[5]),
        ],
    )
    .await;
}

pub(crate) async fn every_comparison_needs_the_value_to_be_there(t: Fixture) {
    store(&t, &[r#"{}"#, r#"{"n":null}"#, r#"{"n":1}"#, r#"{"o":{"n":1}}"#]).await;
    check(
        &t,
        &[
            ("/n exists", &[1, 2]),
            ("/n != 2", &[1, 2]),
            ("/n = null", &[1]),
            ("/n != null", &[2]),
            ("/n < 2", &[2]),
            ("/o exists", &[3]),
            ("/o/n exists", &[3]),
            ("/o/n/x exists", &[]),
        ],
    )
    .await;
}

pub(crate) async fn values_are_equal_whatever_the_order_and_spelling_of_their_parts(t: Fixture) {
    store(
        &t,
        &[
            r#"{"v":{"a":1,"b":[1,2]}}"#,
            r#"{"v":{ "b" : [ 1.0, 2 ], "\u0061" : 1 }}"#,
            r#"{"v":{"a":1,"b":[2,1]}}"#,
            r#"{"v":{"a":1,"b":[1,2],"c":null}}"#,
            r#"{"v":"\u0061\/b"}"#,
            r#"{"v":"a/b"}"#,
        ],
    )
    .await;
    check(
        &t,
        &[
            (r#"/v = {"b":[1,2],"a":1}"#, &[0, 1]),
            (r#"/v != {"b":[1,2],"a":1}"#, &[2, 3, 4, 5]),
            ("/v = \"a/b\"", &[4, 5]),
        ],
    )
    .await;
}

pub(crate) async fn contains_as_postgresql_does(t: Fixture) {
    store(
        &t,
        &[
            r#"{"v":[1,2,3]}"#,
            r#"{"v":[1,2,[1,3]]}"#,
            r#"{"v":{"product":"PostgreSQL","version":9.4,"jsonb":true}}"#,
            r#"{"v":{"foo":{"bar":"baz"}}}"#,
            r#"{"v":["foo","bar"]}"#,
            r#"{"v":"foo"}"#,
            r#"{"v":{}}"#,
            r#"{"v":[]}"#,
        ],
    )
    .await;
    check(
        &t,
        &[
            ("/v contains [1,3]", &[0]),
            ("/v contains [3,1]", &[0]),
            ("/v contains [1,2,2]", &[0, 1]),
            ("/v contains [[1,3]]", &[1]),
            (r#"/v contains {"version":9.40}"#, &[2]),
            (r#"/v contains {"bar":"baz"}"#, &[]),
            (r#"/v contains {"foo":{}}"#, &[3]),
            (r#"/v contains "bar""#, &[4]),
            (r#"/v contains "foo""#, &[4, 5]),
            (r#"/v contains ["foo"]"#, &[4]),
            ("/v contains {}", &[2, 3, 6]),
            ("/v contains []", &[0, 1, 4, 7]),
            ("/v contains 2.0", &[0, 1]),
        ],
    )
    .await;
}

pub(crate) async fn of_the_whole_payload_may_be_contained(t: Fixture) {
    store(&t, &[r#"{"a":1,"b":{"c":[1,{"d":2}]}}"#, r#"{"a":1}"#, r#"{"b":{"c":[]}}"#]).await;
    for (part, expected) in [
        (r#"{"b":{"c":[{"d":2}]}}"#, vec![0]),
        (r#"{"a":1}"#, vec![0, 1]),
        ("{}", vec![0, 1, 2]),
        (r#"{"b":{"c":[]}}"#, vec![0, 2]),
    ] {
        let predicate = annals_store::PayloadPredicate {
            pointer: "".parse().unwrap(),
            comparison: annals_store::Comparison::Contains,
            value: serde_json::from_str(part).unwrap(),
        };
        let item = QueryItem { payload: vec![predicate], ..QueryItem::default() };
        assert_eq!(t.positions(item).await, expected, "{part}");
    }
}

pub(crate) async fn pointers_lead_through_objects_and_arrays(t: Fixture) {
    store(
        &t,
        &[
            r#"{"items":[{"price":1},{"price":2}]}"#,
            r#"{"items":{"1":{"price":2}}}"#,
            r#"{"a/b":1,"m~n":2,"":3,"ä":4," ":5,"a":{"b":6}}"#,
            r#"{"\u00e4":4,"a\/b":1}"#,
            r#"{"q\"":7,"x'y":8,"$.z":9,"a.b":10,"[0]":11}"#,
        ],
    )
    .await;
    check(
        &t,
        &[
            ("/items/1/price = 2", &[0, 1]),
            ("/items/0/price exists", &[0]),
            ("/items/2 exists", &[]),
            ("/items/01 exists", &[]),
            ("/items/- exists", &[]),
            ("/items/-1 exists", &[]),
            ("/a~1b = 1", &[2, 3]),
            ("/m~0n = 2", &[2]),
            ("/ = 3", &[2]),
            ("/ä = 4", &[2, 3]),
            ("/a/b = 6", &[2]),
            ("/q\" = 7", &[4]),
            ("/x'y = 8", &[4]),
            ("/$.z = 9", &[4]),
            ("/a.b = 10", &[4]),
            ("/[0] = 11", &[4]),
        ],
    )
    .await;
}

pub(crate) async fn long_strings_that_differ_late_are_told_apart(t: Fixture) {
    let text = |end: &str| format!(r#"{{"s":"{}{end}"}}"#, "x".repeat(2_000));
    store(&t, &[&text("a"), &text("b"), &text("")]).await;
    let long = "x".repeat(2_000);
    check(
        &t,
        &[
            (&format!("/s = {long}a"), &[0]),
            (&format!("/s > {long}a"), &[1]),
            (&format!("/s <= {long}"), &[2]),
        ],
    )
    .await;
}

pub(crate) async fn statements_combine_with_each_other_and_with_filters(t: Fixture) {
    t.append(append([
        event("Order/1", "Placed").payload(r#"{"total":10,"paid":true}"#),
        event("Order/1", "Placed").payload(r#"{"total":20,"paid":true}"#),
        event("Order/1", "Placed").payload(r#"{"total":20,"paid":false}"#),
        event("Order/1", "Paid").payload(r#"{"total":20,"paid":true}"#),
    ]))
    .await;
    let both = with_payload(&["/total > 10", "/paid = true"]);
    assert_eq!(t.positions(both.clone()).await, [1, 3]);
    assert_eq!(t.positions(QueryItem { event_types: vec![event_type("Placed")], ..both }).await, [1]);
    assert_eq!(t.positions(with_payload(&["/total >= 10", "/total < 20"])).await, [0]);
}
