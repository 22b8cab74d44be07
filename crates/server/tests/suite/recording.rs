//! The audit of the audit: what of the requests stands in the log `access`.

use std::time::{Duration, Instant};

use annals::{ActorId, EventReader, Location, LogName, Query, ReadOptions};
use annals_server::{AccessRecording, Server, ServerError, ServerOptions};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::book::{Book, open, served};

/// So long at the most it is waited for what is to be recorded.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is recorded, once it is as much as is expected. It is read in the store itself, for a question to the server would
/// be recorded too.
async fn recorded(book: &Book, expected: usize) -> Vec<Value> {
    let begun = Instant::now();
    loop {
        let events = accesses(book).await;
        if events.len() >= expected || begun.elapsed() > PATIENCE {
            assert_eq!(events.len(), expected, "{events:#?}");
            return events;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn accesses(book: &Book) -> Vec<Value> {
    let location = Location::sqlite(book.folder.path().join("annals.db"));
    let log = annals::open_for_reading(&location, &LogName::new("access").unwrap()).await.unwrap();
    let mut reader = EventReader::new(log.events(), Query::all(), ReadOptions::default());
    let mut events = Vec::new();
    while let Some(page) = reader.next_page().await.unwrap() {
        for event in page {
            events.push(serde_json::from_str(&event.to_json(annals::JsonForm::Embedded)).unwrap());
        }
    }
    events
}

async fn ask(book: &Book, method: Method, path: &str) -> StatusCode {
    let request = Request::builder().method(method).uri(path).header("x-request-id", "r-1");
    book.ask(request.body(Body::empty()).unwrap()).await.status
}

#[tokio::test]
async fn who_reads_is_recorded_soon_with_what_she_asked_and_got() {
    let book = Book::of_orders().await;
    assert_eq!(ask(&book, Method::GET, "/v1/events?type=OrderPlaced&tag=shop&limit=1").await, StatusCode::OK);
    let event = &recorded(&book, 1).await[0];
    assert_eq!((&event["eventType"], &event["aggregateType"]), (&json!("Searched"), &json!("Access")));
    assert_eq!(event["actorId"], ActorId::anonymous().as_str());
    assert_eq!(event["tags"], json!(["log:main", "result:answered"]));
    let payload = &event["payload"];
    assert_eq!(payload["route"], "GET /v1/events");
    assert_eq!(payload["filters"], json!({"type": ["OrderPlaced"], "tag": ["shop"], "limit": ["1"]}));
    assert_eq!(
        (&payload["status"], &payload["count"], &payload["result"]),
        (&json!(200), &json!(1), &json!("answered"))
    );
    assert_eq!((&payload["requestId"], &event["context"]["requestId"]), (&json!("r-1"), &json!("r-1")));
}

#[tokio::test]
async fn what_was_looked_at_is_found_by_its_name() {
    let book = Book::of_orders().await;
    ask(&book, Method::GET, "/v1/aggregates/Order/2%2Fa/state").await;
    ask(&book, Method::GET, "/v1/events/3").await;
    let events = recorded(&book, 2).await;
    assert_eq!(events[0]["tags"], json!(["aggregate:Order/2/a", "log:main", "result:answered"]));
    assert_eq!((&events[1]["eventType"], &events[1]["payload"]["count"]), (&json!("Read"), &json!(1)));
    let found = book.json("/v1/logs/access/events?tag=aggregate:Order/2/a").await;
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_append_is_recorded_only_if_it_was_refused() {
    let book = Book::of_orders().await;
    let refused =
        json!({"events": [{"eventType": "T", "aggregate": "Order/1", "payload": {}}], "expectedVersion": 99});
    assert_eq!(book.post("/v1/events", &refused).await.status, StatusCode::CONFLICT);
    let both = json!({"appends": [refused, {"events": [{"eventType": "T", "aggregate": "Order/9", "payload": {}}]}]});
    assert_eq!(book.post("/v1/events", &both).await.status, StatusCode::OK);
    assert_eq!(book.post_text("/v1/events", "application/x-ndjson", "{}\n{}\n").await.status, StatusCode::OK);
    let events = recorded(&book, 3).await;
    assert!(events.iter().all(|event| event["eventType"] == "AppendRefused"));
    let payloads: Vec<&Value> = events.iter().map(|event| &event["payload"]).collect();
    assert_eq!(
        (&payloads[0]["code"], &payloads[0]["result"]),
        (&json!("wrong-expected-version"), &json!("refused"))
    );
    assert_eq!((&payloads[1]["count"], &payloads[2]["count"]), (&json!(1), &json!(2)));
}

#[tokio::test]
async fn an_act_of_administration_and_an_export_are_recorded_when_they_are_answered() {
    let book = Book::of_orders().await;
    let snapshot = "/v1/aggregates/Order/1/snapshots";
    assert_eq!(ask(&book, Method::POST, snapshot).await, StatusCode::CREATED);
    assert_eq!(accesses(&book).await[0]["eventType"], "Administered");
    let request = Request::get("/v1/export?type=OrderPlaced").body(Body::empty()).unwrap();
    let answer = tower::ServiceExt::oneshot(book.router.clone(), request).await.unwrap();
    let begun = &accesses(&book).await[1];
    assert_eq!(
        (&begun["eventType"], &begun["payload"]["filters"]),
        (&json!("Exported"), &json!({"type": ["OrderPlaced"]}))
    );
    drop(http_body_util::BodyExt::collect(answer.into_body()).await.unwrap());
    let ended = &recorded(&book, 3).await[2];
    assert_eq!((&ended["eventType"], &ended["payload"]["count"]), (&json!("ExportEnded"), &json!(2)));
    assert_eq!(ended["context"]["requestId"], begun["context"]["requestId"]);
}

#[tokio::test]
async fn probes_documents_and_proofs_are_not_recorded() {
    let book = Book::of_orders().await;
    for path in
        ["/livez", "/readyz", "/docs", "/openapi.json", "/checkpoint", "/v1/logs", "/v1/me", "/metrics"]
    {
        assert_eq!(ask(&book, Method::GET, path).await, StatusCode::OK, "{path}");
    }
    ask(&book, Method::GET, "/nowhere").await;
    ask(&book, Method::GET, "/v1/events/0").await;
    assert_eq!(recorded(&book, 1).await[0]["payload"]["path"], "/v1/events/0");
}

#[tokio::test]
async fn reading_what_is_recorded_is_recorded_and_does_not_go_on_for_ever() {
    let book = Book::of_orders().await;
    for _ in 0..50 {
        assert_eq!(ask(&book, Method::GET, "/v1/logs/access/events").await, StatusCode::OK);
    }
    let event = &recorded(&book, 1).await[0];
    assert_eq!(event["tags"], json!(["log:access", "result:answered"]));
}

#[tokio::test]
async fn nobody_writes_into_the_log_of_accesses() {
    let book = Book::empty().await;
    let event = json!({"eventType": "Read", "aggregate": "Access/maria", "payload": {}});
    assert_eq!(book.post("/v1/logs/access/events", &event).await.code(), "log-read-only");
}

#[tokio::test]
async fn what_no_payload_may_hold_is_recorded_all_the_same() {
    let book = Book::empty().await;
    assert_eq!(ask(&book, Method::GET, "/v1/events?actor=a%00b%EF%BF%BF").await, StatusCode::BAD_REQUEST);
    let event = &recorded(&book, 1).await[0];
    assert_eq!(event["payload"]["filters"], json!({"actor": ["a\u{fffd}b\u{fffd}"]}));
    assert_eq!(event["tags"], json!(["log:main", "result:refused"]));
}

#[tokio::test]
async fn what_is_left_is_recorded_before_the_log_is_closed() {
    let book = Book::of_orders().await;
    ask(&book, Method::GET, "/v1/events").await;
    let Book { server, store, router, folder } = book;
    drop((store, router));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    server.serve(listener, async {}).await.unwrap();
    let location = Location::sqlite(folder.path().join("annals.db"));
    let log = annals::open_for_reading(&location, &LogName::new("access").unwrap()).await.unwrap();
    assert_eq!(log.events().head().await.unwrap().size, 1);
}

#[tokio::test]
async fn where_everything_must_be_recorded_there_must_be_a_log_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let options = ServerOptions { access: AccessRecording::Always, ..ServerOptions::default() };
    let alone = Server::new(vec![served(open(&folder, "main").await, "main")], options);
    assert!(matches!(alone, Err(ServerError::NoAccessLog)));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_everything_must_be_recorded_nothing_is_answered_that_cannot_be() {
    let options = ServerOptions { access: AccessRecording::Always, ..ServerOptions::default() };
    let book = Book::with(options).await;
    assert_eq!(ask(&book, Method::GET, "/v1/events").await, StatusCode::OK);
    recorded(&book, 1).await;
    // Another program keeps the log from being written, as a full disk would.
    let other = rusqlite::Connection::open(book.folder.path().join("annals.access.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let export = book.get("/v1/export").await;
    assert_eq!(
        (export.status, export.code().as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "access-not-recorded")
    );
    assert_eq!(book.get("/v1/events").await.code(), "access-not-recorded");
    assert_eq!(ask(&book, Method::GET, "/livez").await, StatusCode::OK);
    other.execute_batch("ROLLBACK").unwrap();
    let begun = Instant::now();
    while ask(&book, Method::GET, "/v1/events").await != StatusCode::OK {
        assert!(begun.elapsed() < PATIENCE * 3);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let events = recorded(&book, 3).await;
    assert_eq!(events[1]["eventType"], "Exported", "what could not be recorded then is recorded now");
}
