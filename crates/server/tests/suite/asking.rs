//! Lists of events, numbers about them, and what filters can be given.

use annals::{EventReader, JsonForm, Query, ReadOptions};
use axum::http::StatusCode;
use serde_json::json;

use crate::book::Book;

#[tokio::test]
async fn events_are_those_of_the_store_byte_for_byte() {
    let book = Book::of_orders().await;
    let answer = book.get("/v1/events").await;
    let mut reader = EventReader::new(&*book.store, Query::all(), ReadOptions::default());
    let stored = reader.next_page().await.unwrap().unwrap();
    let items: Vec<String> = stored.iter().map(|event| event.to_json(JsonForm::Embedded)).collect();
    assert_eq!(answer.text, format!("{{\"items\":[{}],\"next\":null}}", items.join(",")));
}

#[tokio::test]
async fn a_payload_keeps_its_bytes() {
    let book = Book::empty().await;
    let body = r#"{"eventType":"T","aggregate":"A/1","payload":{ "z" : 1.10, "a":1e2 }}"#;
    assert_eq!(book.post_text("/v1/events", "application/json", body).await.status, StatusCode::CREATED);
    assert!(book.get("/v1/events/0").await.text.contains(r#""payload":{ "z" : 1.10, "a":1e2 }"#));
    let raw = book.json("/v1/events/0?raw=true").await;
    assert_eq!(raw["payloadText"], r#"{ "z" : 1.10, "a":1e2 }"#);
}

#[tokio::test]
async fn filters_narrow_and_pages_follow_each_other() {
    let book = Book::of_orders().await;
    let positions = async |path: &str| -> Vec<u64> {
        let answer = book.json(path).await;
        answer["items"].as_array().unwrap().iter().map(|item| item["position"].as_u64().unwrap()).collect()
    };
    assert_eq!(positions("/v1/events?type=OrderPlaced").await, [0, 2]);
    assert_eq!(positions("/v1/events?type=OrderPaid&type=RefundIssued&order=desc").await, [3, 1]);
    assert_eq!(positions("/v1/events?aggregate=Order/2%2Fa").await, [2]);
    assert_eq!(positions("/v1/events?actor=jonas&from=2026-11-21").await, [3]);
    assert_eq!(positions("/v1/events?tag=shop&tag=order:1&to=2026-11-20").await, [0, 1]);
    assert_eq!(positions("/v1/events?where=/total%20%3E%2050").await, [0]);
    assert_eq!(positions("/v1/events?correlation=c-1&limit=2").await, [0, 1]);

    let first = book.json("/v1/events?limit=3").await;
    let next = first["next"].as_str().unwrap();
    assert_eq!(positions(&format!("/v1/events?limit=3&cursor={next}")).await, [3]);
    let last = book.json(&format!("/v1/events?limit=1&cursor={next}")).await;
    assert_eq!(last["next"], json!(null), "a full page is not followed by an empty one");
    let counted = book.json("/v1/events?offset=1&limit=1&type=OrderPlaced").await;
    assert_eq!((&counted["total"], &counted["items"][0]["position"]), (&json!(2), &json!(2)));
}

#[tokio::test]
async fn a_page_of_the_greatest_size_is_followed_by_the_rest() {
    let book = Book::empty().await;
    let event = json!({"eventType": "T", "aggregate": "A/1", "payload": {}});
    assert_eq!(
        book.post("/v1/events", &json!({"events": vec![event; 1_002]})).await.status,
        StatusCode::CREATED
    );
    for (order, next, rest) in [("asc", "999", [1000, 1001]), ("desc", "2", [1, 0])] {
        let first = book.json(&format!("/v1/events?limit=1000&order={order}")).await;
        assert_eq!((first["items"].as_array().unwrap().len(), &first["next"]), (1_000, &json!(next)));
        let second = book.json(&format!("/v1/events?limit=1000&order={order}&cursor={next}")).await;
        let positions: Vec<_> =
            second["items"].as_array().unwrap().iter().map(|item| item["position"].clone()).collect();
        assert_eq!((positions, &second["next"]), (rest.map(|n| json!(n)).to_vec(), &json!(null)));
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_named() {
    let book = Book::of_orders().await;
    for (path, code, parameter) in [
        ("/v1/events?typ=x", "parameter-unknown", "typ"),
        ("/v1/events?limit=0", "parameter-invalid", "limit"),
        ("/v1/events?limit=1001", "parameter-invalid", "limit"),
        ("/v1/events?limit=", "parameter-invalid", "limit"),
        ("/v1/events?limit=many", "parameter-invalid", "limit"),
        ("/v1/events?from=yesterday", "parameter-invalid", "from"),
        ("/v1/events?order=up", "parameter-invalid", "order"),
        ("/v1/events?cursor=x", "parameter-invalid", "cursor"),
        ("/v1/events?where=total", "parameter-invalid", "where"),
        ("/v1/events?aggregate=Order", "parameter-invalid", "aggregate"),
        ("/v1/events/x", "parameter-invalid", "event"),
        ("/v1/events/0?limit=3", "parameter-unknown", "limit"),
        ("/v1/counts?by=day", "parameter-invalid", "by"),
        ("/v1/buckets?interval=year", "parameter-invalid", "interval"),
        ("/v1/buckets?tz=Mars/Olympus", "parameter-invalid", "tz"),
        ("/v1/values/colours", "parameter-invalid", "field"),
        ("/v1/aggregates?cursor=x", "parameter-invalid", "cursor"),
        ("/v1/stats?top=1000000", "parameter-invalid", "top"),
        ("/v1/states/Order?at=x", "parameter-invalid", "at"),
        ("/v1/traces/c-1?raw=perhaps", "parameter-invalid", "raw"),
        ("/v1/consistency?from=3&to=2", "parameter-invalid", "from"),
        ("/v1/logs?x=1", "parameter-unknown", "x"),
        ("/api/maria/audit?sort=size", "parameter-invalid", "sort"),
    ] {
        let answer = book.get(path).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, code), "{path}");
        assert_eq!(answer.json()["parameter"], parameter, "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let book = Book::of_orders().await;
    for (path, code) in [
        ("/v1/events/4", "not-found"),
        ("/v1/events/0192f0c1-7b3e-7c4a-9d52-0a4f5b2f6d11", "not-found"),
        ("/v1/events/4/receipt", "not-found"),
        ("/v1/logs/orders/events", "no-such-log"),
        ("/v1/logs/a%2Fb/events", "no-such-log"),
        ("/v1/aggregates/Order/3/state", "no-such-aggregate"),
        ("/v1/aggregates/Order/1/state?version=9", "no-such-version"),
        ("/v1/aggregates/Order/1/unknown", "no-such-route"),
        ("/v1/consistency?from=0&to=9", "not-found"),
        ("/tile/0/001", "not-found"),
        ("/tile/x", "not-found"),
        ("/nothing", "no-such-route"),
        ("/docs/errors/nothing", "no-such-route"),
    ] {
        let answer = book.get(path).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, code), "{path}");
    }
}

#[tokio::test]
async fn events_are_counted_under_filters_and_by_what_they_are() {
    let book = Book::of_orders().await;
    assert_eq!(book.json("/v1/counts").await, json!({"count": 4}));
    assert_eq!(book.json("/v1/counts?type=OrderPlaced&actor=maria").await, json!({"count": 1}));
    let groups = json!([{"value": "OrderPlaced", "count": 2}, {"value": "OrderPaid", "count": 1}, {"value": "RefundIssued", "count": 1}]);
    assert_eq!(book.json("/v1/counts?by=type").await, json!({"count": 4, "groups": groups}));
    assert_eq!(book.json("/v1/counts?by=type&tag=shop").await, json!({"count": 4, "groups": groups}));
}

#[tokio::test]
async fn buckets_add_up_to_the_events_that_match() {
    let book = Book::of_orders().await;
    let days = book.json("/v1/buckets?interval=day").await;
    assert_eq!(
        days,
        json!({"interval": "day", "items": [
            {"start": "2026-11-20T00:00:00.000000Z", "count": 3},
            {"start": "2026-11-21T00:00:00.000000Z", "count": 1},
        ]})
    );
    let far = book.json("/v1/buckets?interval=day&tz=Pacific/Kiritimati&by=type&type=OrderPlaced").await;
    assert_eq!(
        far["items"],
        json!([
            {"start": "2026-11-20T10:00:00.000000Z", "count": 2, "by": {"OrderPlaced": 2}},
        ])
    );
    assert_eq!(book.json("/v1/buckets").await["interval"], "hour");
    assert_eq!(book.json("/v1/buckets?actor=nobody").await["items"], json!([]));
}

#[tokio::test]
async fn values_are_found_by_how_they_begin() {
    let book = Book::of_orders().await;
    let values = async |path: &str| -> Vec<String> {
        let answer = book.json(path).await;
        answer["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["value"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(values("/v1/values/types?prefix=order").await, ["OrderPlaced", "OrderPaid"]);
    assert_eq!(values("/v1/values/aggregate-types").await, ["Order"]);
    assert_eq!(values("/v1/values/actors?limit=1").await, ["jonas"]);
    assert_eq!(values("/v1/values/tags").await, ["shop", "order:1", "order:2/a"]);
    let event = json!({"eventType": "T", "aggregate": "A/1", "payload": {}, "tags": ["order:2/a", "new"]});
    assert_eq!(book.post("/v1/events", &event).await.status, StatusCode::CREATED);
    assert_eq!(values("/v1/values/tags?prefix=n").await, ["new"], "what is new is counted too");
}

#[tokio::test]
async fn aggregates_are_listed_and_searched_page_by_page() {
    let book = Book::of_orders().await;
    let first = book.json("/v1/aggregates?limit=1").await;
    assert_eq!((&first["items"][0]["aggregateId"], &first["items"][0]["version"]), (&json!("1"), &json!(3)));
    let second = book.json("/v1/aggregates?limit=1&cursor=Order/1").await;
    assert_eq!((&second["items"][0]["aggregateId"], &second["next"]), (&json!("2/a"), &json!(null)));
    assert_eq!(book.json("/v1/aggregates?search=A&type=Order").await["items"].as_array().unwrap().len(), 1);
    assert_eq!(book.json("/v1/aggregates?type=Payment").await["items"], json!([]));
}

#[tokio::test]
async fn a_trace_names_what_caused_what() {
    let book = Book::empty().await;
    let first = json!({"eventType": "A", "aggregate": "X/1", "payload": {}, "eventId": "0192f0c1-7b3e-7c4a-9d52-0a4f5b2f6d11",
        "metadata": {"correlationId": "c/1"}});
    let second = json!({"eventType": "B", "aggregate": "Y/1", "payload": {},
        "metadata": {"correlationId": "c/1", "causationId": "0192f0c1-7b3e-7c4a-9d52-0a4f5b2f6d11"}});
    let third = json!({"eventType": "C", "aggregate": "Y/1", "payload": {},
        "metadata": {"correlationId": "c/1", "causationId": "command-7"}});
    for event in [first, second, third] {
        assert_eq!(book.post("/v1/events", &event).await.status, StatusCode::CREATED);
    }
    let trace = book.json("/v1/traces/c%2F1").await;
    assert_eq!(trace["items"].as_array().unwrap().len(), 3);
    assert_eq!((&trace["links"][0]["position"], &trace["links"][0]["cause"]), (&json!(1), &json!(0)));
    assert_eq!(
        (&trace["links"][1]["causationId"], &trace["links"][1]["cause"]),
        (&json!("command-7"), &json!(null))
    );
    assert_eq!(book.json("/v1/traces/other").await["items"], json!([]));
}

#[tokio::test]
async fn stats_are_those_of_the_store() {
    let book = Book::of_orders().await;
    let stats = book.json("/v1/stats?top=1&tz=Pacific/Kiritimati").await;
    let stored = book.store.statistics(1).await.unwrap();
    assert_eq!((&stats["events"], &stats["streams"]), (&json!(stored.events), &json!(stored.streams)));
    assert_eq!(stats["byType"], json!({"OrderPlaced": 2}));
    // Fourteen hours before UTC, the first three happened at the very beginning of the next day.
    assert_eq!(stats["perDay"], json!({"2026-11-21": 4}));
}

#[tokio::test]
async fn a_trail_has_the_shape_of_the_todo_platform() {
    let book = Book::of_orders().await;
    let trail = book.json("/api/jonas/audit").await;
    assert_eq!((&trail["total"], &trail["limit"], &trail["offset"]), (&json!(2), &json!(50), &json!(0)));
    let newest = &trail["items"][0];
    let id = newest["event_id"].as_str().unwrap();
    assert_eq!(
        *newest,
        json!({"id": 3, "event_id": id, "event_type": "RefundIssued", "user_id": "jonas", "task_id": "1",
            "event_data": {"refund": 200, "status": "refunded"}, "timestamp": "2026-11-21T09:00:00.000000Z"})
    );
    let types = async |path: &str| -> Vec<String> {
        let answer = book.json(path).await;
        answer["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["event_type"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(types("/api/jonas/audit?sort=event_type&order=asc").await, ["OrderPlaced", "RefundIssued"]);
    assert_eq!(types("/api/jonas/audit?event_type=OrderPlaced").await, ["OrderPlaced"]);
    assert_eq!(types("/api/jonas/audit?offset=1&limit=1").await, ["OrderPlaced"]);
    assert_eq!(types("/api/jonas/audit?to=2026-11-20").await, ["OrderPlaced"]);
    assert_eq!(book.json("/api/nobody/audit").await["total"], 0);
}

#[tokio::test]
async fn every_log_has_the_same_routes() {
    let book = Book::of_orders().await;
    assert_eq!(book.json("/v1/logs/main/events").await, book.json("/v1/events").await);
    let accesses = book.json("/v1/logs/access/events").await;
    assert!(accesses["items"].as_array().unwrap().iter().all(|event| event["aggregateType"] == "Access"));
    let logs = book.json("/v1/logs").await;
    assert_eq!((&logs["items"][0]["name"], &logs["items"][1]["name"]), (&json!("access"), &json!("main")));
    assert_eq!((&logs["items"][1]["size"], &logs["items"][1]["writable"]), (&json!(4), &json!(true)));
    assert_eq!(logs["items"][1]["origin"], book.store.origin().to_string());
}
