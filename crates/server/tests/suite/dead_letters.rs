//! Inputs that could not become events.

use annals::NewDeadLetter;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;

use crate::book::{Answer, Book};

/// Has the log keep something as a dead letter; its number.
pub(crate) async fn keep(book: &Book, raw: &[u8]) -> u64 {
    let letter = NewDeadLetter {
        source: "orders.jsonl".to_owned(),
        place: "17".to_owned(),
        code: "member-missing".to_owned(),
        reason: "the member payload is missing".to_owned(),
        raw: raw.to_vec(),
    };
    book.store.keep_dead_letter(letter).await.unwrap().0
}

async fn send(book: &Book, method: Method, path: &str, body: &str) -> Answer {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    book.ask(request.body(body.to_owned().into()).unwrap()).await
}

#[tokio::test]
async fn they_are_listed_by_number_and_by_what_became_of_them() {
    let book = Book::empty().await;
    for raw in [b"{}".as_slice(), b"\xff", b"{}"] {
        keep(&book, raw).await;
    }
    let page = book.json("/v1/dead-letters?limit=2").await;
    assert_eq!(
        (&page["items"][0]["record"], &page["items"][1]["recordBase64"]),
        (&json!("{}"), &json!("/w=="))
    );
    let rest = book.json(&format!("/v1/dead-letters?cursor={}", page["next"].as_str().unwrap())).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &json!(null)));
    assert_eq!(
        send(&book, Method::POST, "/v1/dead-letters/1/discard", "").await.json()["state"],
        "discarded"
    );
    let open = book.json("/v1/dead-letters?state=open").await;
    assert_eq!(open["items"].as_array().unwrap().len(), 2);
    assert_eq!(book.json("/v1/dead-letters/1").await["state"], "discarded");
}

#[tokio::test]
async fn one_is_mended_and_tried_again_and_what_arrived_is_kept() {
    let book = Book::empty().await;
    let number = keep(&book, br#"{"eventType":"OrderPlaced","aggregate":"Order/1"}"#).await;
    let path = format!("/v1/dead-letters/{number}");
    assert_eq!(send(&book, Method::POST, &format!("{path}/retry"), "").await.status, StatusCode::BAD_REQUEST);
    let text = r#"{"eventType":"OrderPlaced","aggregate":"Order/1","payload":{ "total" : 7 }}"#;
    let mended = send(&book, Method::PUT, &path, text).await;
    assert_eq!(
        (mended.status, &mended.json()["state"]),
        (StatusCode::CREATED, &json!("open")),
        "{}",
        mended.text
    );
    assert_eq!(book.json(&path).await["state"], "discarded");
    let successor = mended.json()["id"].as_u64().unwrap();
    let retried = send(&book, Method::POST, &format!("/v1/dead-letters/{successor}/retry"), "").await;
    assert_eq!(retried.status, StatusCode::CREATED, "{}", retried.text);
    let event = book.get("/v1/events/0?raw=true").await.json();
    assert_eq!(
        (&event["payloadText"], &event["context"]["source"]),
        (&json!(r#"{ "total" : 7 }"#), &json!("orders.jsonl"))
    );
    let again = send(&book, Method::POST, &format!("/v1/dead-letters/{successor}/retry"), "").await;
    assert_eq!((again.status, again.code().as_str()), (StatusCode::CONFLICT, "dead-letter-settled"));
}

#[tokio::test]
async fn one_is_mended_and_stored_in_one_step_and_what_is_still_no_event_changes_nothing() {
    let book = Book::empty().await;
    let number = keep(&book, br#"{"eventType":"OrderPlaced","aggregate":"Order/1"}"#).await;
    let path = format!("/v1/dead-letters/{number}");
    let retry = format!("{path}/retry");
    let refused = send(&book, Method::POST, &retry, r#"{"eventType":"OrderPlaced"}"#).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text);
    assert_eq!(book.json(&path).await["state"], "open");
    let text = r#"{"eventType":"OrderPlaced","aggregate":"Order/1","payload":{ "total" : 7 }}"#;
    let stored = send(&book, Method::POST, &retry, text).await;
    assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.text);
    let event = book.get("/v1/events/0?raw=true").await.json();
    assert_eq!(event["payloadText"], r#"{ "total" : 7 }"#);
    let letter = book.json(&path).await;
    assert_eq!(
        (&letter["state"], letter["record"].as_str().unwrap().contains("total")),
        (&json!("retried"), false)
    );
}

#[tokio::test]
async fn one_is_read_in_the_form_in_which_its_source_wrote_it() {
    let book = Book::empty().await;
    let number = keep(&book, br#"{"event_type":"TaskCreated","timestamp":"2026-11-20T10:30:00Z"}"#).await;
    let text = r#"{"event_id":"evt-1","event_type":"TaskCreated","timestamp":"2026-11-20T10:30:00Z","user_id":"ann","task_id":"7","task_data":{"title":"x"}}"#;
    let retry = format!("/v1/dead-letters/{number}/retry");
    assert_eq!(send(&book, Method::POST, &format!("{retry}?map=jq"), text).await.json()["parameter"], "map");
    let stored = send(&book, Method::POST, &format!("{retry}?map=task"), text).await;
    assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.text);
    let event = book.get("/v1/events/0").await.json();
    assert_eq!((&event["aggregateId"], &event["actorId"]), (&json!("7"), &json!("ann")));
}

#[tokio::test]
async fn one_that_is_not_there_and_a_state_that_is_none_are_refused() {
    let book = Book::empty().await;
    assert_eq!(book.get("/v1/dead-letters/7").await.code(), "not-found");
    assert_eq!(book.get("/v1/dead-letters/x").await.json()["parameter"], "letter");
    assert_eq!(book.get("/v1/dead-letters?state=lost").await.json()["parameter"], "state");
}
