//! Appends: of one event, of many, of several, with conditions, repeated, and refused.

use annals::{EventReader, Query, ReadOptions, RecordedEvent};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::book::{Answer, Book};

fn event(aggregate: &str) -> Value {
    json!({"eventType": "Happened", "aggregate": aggregate, "payload": {"n": 1}})
}

async fn stored(book: &Book) -> Vec<RecordedEvent> {
    let mut reader = EventReader::new(&*book.store, Query::all(), ReadOptions::default());
    let mut events = Vec::new();
    while let Some(page) = reader.next_page().await.unwrap() {
        events.extend(page);
    }
    events
}

async fn with_key(book: &Book, key: &str, body: &Value) -> Answer {
    let request =
        Request::post("/v1/events").header("content-type", "application/json").header("idempotency-key", key);
    book.ask(request.body(Body::from(body.to_string())).unwrap()).await
}

#[tokio::test]
async fn an_event_is_recorded_with_its_place_and_what_is_noted() {
    let book = Book::empty().await;
    let request = Request::post("/v1/events")
        .header("content-type", "application/json; charset=utf-8")
        .header("x-request-id", "request-7")
        .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    let answer = book.ask(request.body(Body::from(event("A/1").to_string())).unwrap()).await;
    assert_eq!(
        (answer.status, &answer.headers["x-request-id"]),
        (StatusCode::CREATED, &"request-7".parse().unwrap())
    );
    let appended = answer.json();
    let events = stored(&book).await;
    assert_eq!(appended["events"][0]["eventId"], events[0].event_id.to_string());
    assert_eq!(appended["events"][0]["recordedAt"], events[0].recorded_at.to_string());
    assert_eq!((&appended["events"][0]["position"], &appended["repeated"]), (&json!(0), &json!(false)));
    assert_eq!(
        events[0].context.value().unwrap().as_str(),
        r#"{"source":"http","traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01","requestId":"request-7"}"#
    );
    assert_eq!(events[0].actor_id.value().unwrap().as_str(), "anonymous");
}

#[tokio::test]
async fn many_events_of_several_aggregates_are_recorded_all_or_none() {
    let book = Book::empty().await;
    let body = json!({"events": [event("A/1"), event("B/1"), event("A/1")], "expectedVersion": {"A/1": "none", "B/1": 0}});
    let appended = book.post("/v1/events", &body).await;
    assert_eq!(appended.status, StatusCode::CREATED, "{}", appended.text);
    let versions: Vec<_> =
        appended.json()["events"].as_array().unwrap().iter().map(|event| event["version"].clone()).collect();
    assert_eq!(versions, [1, 1, 2]);
    let refused = book
        .post("/v1/events", &json!({"events": [event("C/1"), event("A/1")], "expectedVersion": {"A/1": 1}}))
        .await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::CONFLICT, "wrong-expected-version"));
    let problem = refused.json();
    assert_eq!(
        (&problem["aggregate"], &problem["expected"], &problem["actual"]),
        (&json!("A/1"), &json!(1), &json!(2))
    );
    assert_eq!(stored(&book).await.len(), 3);
}

#[tokio::test]
async fn an_expected_version_may_be_a_number_or_a_word() {
    let book = Book::empty().await;
    for (expected, status) in [
        (json!("exists"), 409),
        (json!("none"), 201),
        (json!(0), 409),
        (json!(1), 201),
        (json!("exists"), 201),
        (json!("any"), 201),
        (json!("some"), 400),
        (json!(-1), 400),
    ] {
        let answer =
            book.post("/v1/events", &json!({"events": [event("A/1")], "expectedVersion": expected})).await;
        assert_eq!(answer.status.as_u16(), status, "{expected}: {}", answer.text);
    }
    let ambiguous =
        book.post("/v1/events", &json!({"events": [event("A/1"), event("B/1")], "expectedVersion": 1})).await;
    assert_eq!(ambiguous.code(), "body-unreadable");
}

#[tokio::test]
async fn a_condition_over_the_whole_log_is_kept() {
    let book = Book::empty().await;
    let reserve = json!({
        "events": [{"eventType": "SeatReserved", "aggregate": "Seat/12A", "payload": {}, "tags": ["flight:7"]}],
        "condition": {"failIfEventsMatch": [{"types": ["SeatReserved"], "tags": ["flight:7"]}]},
    });
    assert_eq!(book.post("/v1/events", &reserve).await.status, StatusCode::CREATED);
    let refused = book.post("/v1/events", &reserve).await;
    assert_eq!((refused.code().as_str(), &refused.json()["position"]), ("condition-failed", &json!(0)));
    let mut after = reserve.clone();
    after["condition"]["after"] = json!(0);
    assert_eq!(book.post("/v1/events", &after).await.status, StatusCode::CREATED);
    let empty = json!({"events": [event("A/1")], "condition": {"failIfEventsMatch": []}});
    assert_eq!(book.post("/v1/events", &empty).await.code(), "body-unreadable");
}

#[tokio::test]
async fn cursors_move_together_with_the_events() {
    let book = Book::empty().await;
    let body = |from: Value, to: &str| json!({"events": [event("A/1")], "cursors": [{"name": "orders/0", "from": from, "to": to}]});
    assert_eq!(book.post("/v1/events", &body(json!(null), "5")).await.status, StatusCode::CREATED);
    let refused = book.post("/v1/events", &body(json!("4"), "6")).await;
    assert_eq!((refused.code().as_str(), &refused.json()["actual"]), ("cursor-conflict", &json!("5")));
}

#[tokio::test]
async fn appends_have_each_their_own_verdict() {
    let book = Book::empty().await;
    let body = json!({"appends": [
        {"events": [event("A/1")]},
        {"events": [event("A/1")], "expectedVersion": 7},
        {"events": [event("B/1"), event("B/1")]},
    ]});
    let answer = book.post("/v1/events", &body).await;
    assert_eq!(answer.status, StatusCode::OK);
    let verdicts = answer.json();
    let statuses: Vec<_> =
        verdicts["appends"].as_array().unwrap().iter().map(|verdict| verdict["status"].clone()).collect();
    assert_eq!(statuses, [201, 409, 201]);
    assert_eq!(verdicts["appends"][1]["problem"]["code"], "wrong-expected-version");
    assert_eq!(verdicts["appends"][2]["appended"]["events"][1]["position"], 2);
}

#[tokio::test]
async fn a_repeat_with_the_same_ids_records_nothing_twice() {
    let book = Book::empty().await;
    let mut body = event("A/1");
    body["eventId"] = json!("order-17");
    let first = book.post("/v1/events", &body).await;
    let second = book.post("/v1/events", &body).await;
    assert_eq!((first.status, second.status), (StatusCode::CREATED, StatusCode::OK));
    assert_eq!(
        (&second.json()["repeated"], &second.json()["events"]),
        (&json!(true), &first.json()["events"])
    );
    body["payload"] = json!({"n": 2});
    let other = book.post("/v1/events", &body).await;
    assert_eq!((other.status, other.code().as_str()), (StatusCode::CONFLICT, "event-id-conflict"));
    assert_eq!((&other.json()["reason"], &other.json()["position"]), (&json!("other-content"), &json!(0)));
}

#[tokio::test]
async fn an_idempotency_key_makes_a_request_safe_to_repeat() {
    let book = Book::empty().await;
    let body = json!({"events": [event("A/1"), event("A/1")]});
    let first = with_key(&book, "key-1", &body).await;
    let second = with_key(&book, "key-1", &body).await;
    assert_eq!((first.status, second.status), (StatusCode::CREATED, StatusCode::OK));
    assert_eq!(first.json()["events"], second.json()["events"]);
    let other = with_key(&book, "key-2", &body).await;
    assert_eq!(other.status, StatusCode::CREATED);
    assert_eq!(stored(&book).await.len(), 4);
    assert_eq!(with_key(&book, "", &body).await.code(), "header-invalid");
}

#[tokio::test]
async fn lines_are_appended_each_for_itself_and_counted() {
    let book = Book::empty().await;
    let lines = format!("{}\n\n{{\"eventType\":\"T\"}}\n{}", event("A/1"), event("A/2"));
    let answer = book.post_text("/v1/events", "application/x-ndjson", lines).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let report = answer.json();
    assert_eq!(
        (&report["read"], &report["appended"], &report["repeated"], &report["rejected"]),
        (&json!(3), &json!(2), &json!(0), &json!(1))
    );
    assert_eq!(
        (&report["problems"][0]["line"], &report["problems"][0]["problem"]["code"]),
        (&json!(3), &json!("member-missing"))
    );
}

#[tokio::test]
async fn what_an_export_holds_can_be_appended_by_an_administrator_as_it_is() {
    let book = Book::of_orders().await;
    let other = Book::empty().await;
    for event in stored(&book).await {
        let text = event.to_json(annals::JsonForm::Embedded);
        assert_eq!(other.post_text("/v1/events", "application/json", text).await.status, StatusCode::CREATED);
    }
    let context = |events: &[RecordedEvent]| events[0].context.value().unwrap().as_str().to_owned();
    assert_eq!(context(&stored(&other).await), context(&stored(&book).await));
}

#[tokio::test]
async fn what_is_wrong_with_a_body_is_named() {
    let book = Book::empty().await;
    for (body, status, code) in [
        ("", 400, "body-unreadable"),
        ("[]", 400, "body-unreadable"),
        ("{", 400, "body-unreadable"),
        (r#"{"events":[]}"#, 400, "invalid-append"),
        (r#"{"events":[{}],"expected":1}"#, 400, "body-unreadable"),
        (r#"{"appends":[],"events":[]}"#, 400, "body-unreadable"),
        (r#"{"eventType":"T","aggregate":"A/1","payload":{},"actr":"x"}"#, 400, "member-unknown"),
        (r#"{"eventType":"T","aggregate":"A/1","payload":[]}"#, 400, "member-invalid"),
        (r#"{"eventType":"T","aggregate":"A/1"}"#, 400, "member-missing"),
        (r#"{"eventType":"T","aggregate":"A","payload":{}}"#, 400, "invalid-event"),
        (r#"{"eventType":"T","aggregate":"A/1","payload":{"a":1,"a":2}}"#, 400, "invalid-event"),
    ] {
        let answer = book.post_text("/v1/events", "application/json", body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (status, code),
            "{body}: {}",
            answer.text
        );
    }
    let member = book
        .post_text(
            "/v1/events",
            "application/json",
            r#"{"events":[{"eventType":"T","aggregate":"A/1","payload":{}},{"eventType":"T"}]}"#,
        )
        .await;
    assert_eq!((&member.json()["event"], &member.json()["member"]), (&json!(1), &json!("payload")));
    let undeclared = book.ask(Request::post("/v1/events").body(Body::from("{}")).unwrap()).await;
    assert_eq!(
        (undeclared.status, undeclared.code().as_str()),
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type-refused")
    );
    assert_eq!(
        book.post_text("/v1/events?dry=1", "application/json", "{}").await.code(),
        "parameter-unknown"
    );
    assert!(stored(&book).await.is_empty());
}
