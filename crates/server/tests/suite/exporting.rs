//! Events that are taken away, and verifications: what takes longer than a request.

use std::time::{Duration, Instant};

use annals::{Note, SignedCheckpoint};
use annals_server::ServerOptions;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;

use crate::book::{Answer, Book};

const PATIENCE: Duration = Duration::from_secs(20);

async fn ask(book: &Book, method: Method, path: &str) -> Answer {
    book.ask(Request::builder().method(method).uri(path).body(Body::empty()).unwrap()).await
}

/// A job when it is done.
pub(crate) async fn done(book: &Book, path: &str) -> Value {
    let begun = Instant::now();
    loop {
        let job = book.json(path).await;
        if job["state"] != "running" {
            return job;
        }
        assert!(begun.elapsed() < PATIENCE, "{job:#}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn an_export_of_nothing_is_empty_for_clients_that_take_compressed_answers_too() {
    let book = Book::of_orders().await;
    for encoding in ["identity", "gzip", "zstd"] {
        let request = Request::get("/v1/export?type=Never").header("accept-encoding", encoding);
        let answer = book.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{encoding}");
    }
    assert_eq!(book.get("/v1/export?type=Never").await.text, "");
}

#[tokio::test]
async fn an_export_is_streamed_in_each_form() {
    let book = Book::of_orders().await;
    let lines = book.get("/v1/export?type=OrderPlaced").await;
    assert_eq!(lines.headers["content-type"], "application/x-ndjson");
    assert!(lines.headers["content-disposition"].to_str().unwrap().contains("filename=\"main-"));
    let events: Vec<Value> = lines.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events, [book.json("/v1/events/0").await, book.json("/v1/events/2").await]);
    let array = book.get("/v1/export?format=json").await.json();
    assert_eq!(array.as_array().unwrap().len(), 4);
    let table = book.get("/v1/export?format=csv&redact=/payload/total&redact=/actorId").await.text;
    assert_eq!(table.lines().count(), 5);
    assert!(
        table.starts_with("position,eventId,") && !table.contains("maria") && table.contains("[redacted]")
    );
    assert_eq!(book.get("/v1/export?type=None").await.text, "");
}

#[tokio::test]
async fn no_chunk_of_an_export_is_empty_which_would_be_its_end() {
    let book = Book::of_orders().await;
    for path in ["/v1/export", "/v1/export?type=None", "/v1/export?type=None&format=csv"] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let mut body = book.router.clone().oneshot(request).await.unwrap().into_body();
        while let Some(frame) = body.frame().await {
            assert!(!frame.unwrap().into_data().unwrap().is_empty(), "{path}");
        }
    }
}

#[tokio::test]
async fn a_large_export_is_whole() {
    let book = Book::empty().await;
    let event = json!({"eventType": "T", "aggregate": "A/1", "payload": {"text": "x".repeat(500)}});
    for _ in 0..3 {
        assert_eq!(
            book.post("/v1/events", &json!({"events": vec![event.clone(); 1_000]})).await.status,
            StatusCode::CREATED
        );
    }
    let lines = book.get("/v1/export").await.text;
    let positions =
        lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["position"].as_u64().unwrap());
    assert!(positions.eq(0..3_000));
}

#[tokio::test]
async fn an_export_in_the_background_has_a_manifest_that_the_logs_key_signed() {
    let book = Book::of_orders().await;
    let begun = ask(&book, Method::POST, "/v1/exports?type=OrderPlaced&redact=/payload/total").await;
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.text);
    let path = begun.headers["location"].to_str().unwrap().to_owned();
    let job = done(&book, &path).await;
    assert_eq!(
        (&job["state"], &job["progress"]),
        (&json!("done"), &json!({"done": 4, "total": 4})),
        "{job:#}"
    );
    let result = &job["result"];
    assert_eq!(
        (&result["events"], &result["redacted"]),
        (&json!(2), &json!([{"pointer": "/payload/total", "count": 2}]))
    );

    let file = book.get(&format!("{path}/file")).await;
    assert_eq!(file.headers["content-length"], file.text.len().to_string());
    assert_eq!(file.text.lines().count(), 2);
    let hash: String = Sha256::digest(&file.text).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(result["sha256"], hash);

    let manifest = book.get(&format!("{path}/manifest")).await.text;
    let note = Note::parse(manifest.as_bytes()).unwrap();
    let keys = book.store.verifier_keys().await.unwrap();
    assert_eq!(note.verify(&keys).unwrap().len(), 1);
    assert!(manifest.contains(&format!("sha256 {hash}\n")) && manifest.contains("filter type OrderPlaced\n"));
    let checkpoint = note.text().split_once("\n\n").unwrap().1;
    SignedCheckpoint::parse(checkpoint.as_bytes()).unwrap().verify(&keys).unwrap();
}

#[tokio::test]
async fn an_export_that_is_given_up_is_gone() {
    let book = Book::of_orders().await;
    let begun = ask(&book, Method::POST, "/v1/exports").await;
    let path = begun.headers["location"].to_str().unwrap().to_owned();
    assert_eq!(book.json("/v1/exports").await["items"][0]["id"], begun.json()["id"]);
    assert_eq!(book.json("/v1/logs/access/exports").await["items"], json!([]));
    assert_eq!(ask(&book, Method::DELETE, &path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(book.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(book.json("/v1/exports").await["items"], json!([]));
}

#[tokio::test]
async fn what_cannot_be_exported_is_refused_by_its_name() {
    let book = Book::empty().await;
    for (path, parameter) in [("format=xml", "format"), ("redact=card", "redact"), ("cursor=1", "cursor")] {
        let answer = book.get(&format!("/v1/export?{path}")).await;
        assert_eq!(
            (answer.status, &answer.json()["parameter"]),
            (StatusCode::BAD_REQUEST, &json!(parameter))
        );
        assert_eq!(
            ask(&book, Method::POST, &format!("/v1/exports?{path}")).await.status,
            StatusCode::BAD_REQUEST
        );
    }
    for path in
        ["/v1/exports/1", "/v1/exports/0192f0c1-7b3e-7c4a-9d52-0a4f5b2f6d11/file", "/v1/verifications/x"]
    {
        assert_eq!(book.get(path).await.code(), "not-found");
    }
}

#[tokio::test]
async fn a_verification_says_that_nothing_was_altered() {
    let book = Book::with(ServerOptions::default()).await;
    let event = json!({"eventType": "T", "aggregate": "A/1", "payload": {}});
    assert_eq!(book.post("/v1/events", &event).await.status, StatusCode::CREATED);
    let begun = ask(&book, Method::POST, "/v1/verifications").await;
    assert_eq!(begun.status, StatusCode::ACCEPTED);
    let path = begun.headers["location"].to_str().unwrap().to_owned();
    let job = done(&book, &path).await;
    assert_eq!((&job["result"]["ok"], &job["result"]["events"]), (&json!(true), &json!(1)), "{job:#}");
    assert_eq!(ask(&book, Method::DELETE, &path).await.status, StatusCode::NO_CONTENT);
}
