//! What every request and every answer has, and what is refused before it is understood.

use annals_server::{RequestLimits, ServerOptions};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;

use crate::book::Book;

#[tokio::test]
async fn without_a_key_only_this_machine_is_answered() {
    let book = Book::of_orders().await;
    let ask = async |header: &str, value: &str| {
        let request = Request::get("/v1/events").header(header, value).body(Body::empty()).unwrap();
        book.ask(request).await
    };
    assert_eq!(ask("host", "localhost:4720").await.status, StatusCode::OK);
    let foreign = ask("host", "rebound.example").await;
    assert_eq!((foreign.status, foreign.code().as_str()), (StatusCode::MISDIRECTED_REQUEST, "host-refused"));
    assert_eq!(ask("origin", "https://example.com").await.code(), "host-refused");
}

#[tokio::test]
async fn every_answer_is_safe_to_show_and_has_an_id() {
    let book = Book::empty().await;
    for path in ["/v1/events", "/livez", "/nothing", "/docs"] {
        let answer = book.get(path).await;
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer", "{path}");
        assert!(
            answer.headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'"),
            "{path}"
        );
        assert!(!answer.headers["x-request-id"].is_empty(), "{path}");
    }
    assert_eq!(book.get("/v1/events").await.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn a_method_that_is_not_there_is_named_and_the_others_are_listed() {
    let book = Book::empty().await;
    let request = Request::builder().method(Method::DELETE).uri("/v1/events").body(Body::empty()).unwrap();
    let answer = book.ask(request).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed")
    );
    assert!(answer.headers["allow"].to_str().unwrap().contains("POST"), "{:?}", answer.headers);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_read() {
    let limits = RequestLimits { body_bytes_max: 100, line_bytes_max: 100, ..RequestLimits::default() };
    let book = Book::with(ServerOptions { limits, ..ServerOptions::default() }).await;
    let event =
        json!({"eventType": "T", "aggregate": "A/1", "payload": {"text": "x".repeat(100)}}).to_string();
    for media_type in ["application/json", "application/x-ndjson"] {
        let answer = book.post_text("/v1/events", media_type, event.clone()).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::PAYLOAD_TOO_LARGE, "body-too-large")
        );
        assert_eq!(answer.json()["bytesMax"], 100);
    }
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_take_it() {
    let book = Book::empty().await;
    let event = json!({"eventType": "T", "aggregate": "A/1", "payload": {"text": "x".repeat(5_000)}});
    assert_eq!(book.post("/v1/events", &event).await.status, StatusCode::CREATED);
    for encoding in ["gzip", "zstd"] {
        let request =
            Request::get("/v1/events").header("accept-encoding", encoding).body(Body::empty()).unwrap();
        let answer = book.ask(request).await;
        assert_eq!(answer.headers["content-encoding"], encoding);
        assert!(answer.text.len() < 2_000);
    }
    assert!(!book.get("/v1/events").await.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn the_process_says_that_it_lives_and_that_it_is_ready() {
    let book = Book::of_orders().await;
    assert_eq!(book.json("/livez").await, json!({"status": "ok"}));
    let ready = book.json("/readyz").await;
    assert_eq!((&ready["status"], &ready["logs"][1]), (&json!("ok"), &json!({"name": "main", "size": 4})));
}
