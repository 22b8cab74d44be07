//! What one client may take of a server, and what browsers may do for other sites.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use annals_auth::Role;
use annals_server::{Rate, RateLimits, RequestLimits, Server, ServerOptions};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;

use crate::book::{Answer, Book};
use crate::people::Office;

fn two_at_once() -> Option<Rate> {
    Some(Rate { per_second: NonZeroU32::MIN, burst: NonZeroU32::new(2).unwrap() })
}

/// Asks until it is refused; how often it was answered before. However slow the machine is, another second does not pass
/// between any two of so many.
async fn answered_until_refused(ask: impl AsyncFn() -> Answer) -> (usize, Answer) {
    for answered in 0..100 {
        let answer = ask().await;
        if answer.status != StatusCode::OK {
            return (answered, answer);
        }
    }
    panic!("it is never refused");
}

async fn from(book: &Book, address: &str, path: &str) -> Answer {
    let mut request = Request::get(path).body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo::<SocketAddr>(address.parse().unwrap()));
    book.ask(request).await
}

#[tokio::test]
async fn an_address_that_asks_too_often_is_told_when_to_come_back() {
    let rates = RateLimits { of_address: two_at_once(), of_caller: None };
    let book = Book::with(ServerOptions { rates, ..ServerOptions::default() }).await;
    let ask = async || from(&book, "192.0.2.1:5000", "/v1/events").await;
    let (answered, refused) = answered_until_refused(ask).await;
    assert!(answered >= 2, "{answered}");
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (StatusCode::TOO_MANY_REQUESTS, "too-many-requests")
    );
    assert_eq!(refused.headers["retry-after"], "1");
    assert_eq!(refused.json()["waitSeconds"], 1);
    assert!(refused.headers.contains_key("x-request-id") && refused.headers.contains_key("referrer-policy"));
    // Others are not held up, and whoever watches over the process always knows.
    assert_eq!(from(&book, "192.0.2.2:5000", "/v1/events").await.status, StatusCode::OK);
    assert_eq!(from(&book, "192.0.2.1:5000", "/livez").await.status, StatusCode::OK);
    let counted = book.get("/metrics").await.text;
    assert!(counted.contains(r#"route="/v1/events",status="429""#), "{counted}");
}

#[tokio::test]
async fn a_caller_who_asks_too_often_is_refused_from_wherever_she_asks() {
    let rates = RateLimits { of_caller: two_at_once(), of_address: None };
    let office = Office::with(ServerOptions { rates, ..ServerOptions::default() }).await;
    let [maria, jonas] = ["maria", "jonas"].map(|who| office.token(who, &[Role::Auditor], "*"));
    let ask = async |token: &str| office.ask_as(token, Method::GET, "/v1/me", None).await;
    let (answered, refused) = answered_until_refused(async || ask(&maria).await).await;
    assert!(answered >= 2, "{answered}");
    assert_eq!(refused.code(), "too-many-requests");
    assert_eq!(ask(&jonas).await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_was_refused_is_still_refused_after_a_change_of_something_else() {
    let rates = RateLimits { of_address: two_at_once(), of_caller: None };
    let options = ServerOptions { rates, ..ServerOptions::default() };
    let book = Book::with(options.clone()).await;
    let ask = async |server: &Server| {
        let mut request = Request::get("/livez/").body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo::<SocketAddr>("192.0.2.1:1".parse().unwrap()));
        tower::ServiceExt::oneshot(server.router(), request).await.unwrap().status()
    };
    let refused = async |server: &Server| {
        let mut asked = 0;
        while ask(server).await != StatusCode::TOO_MANY_REQUESTS {
            asked += 1;
            assert!(asked < 100, "it is never refused");
        }
        asked
    };
    let server = &book.server;
    assert!(refused(server).await >= 2);
    server.control().change(ServerOptions { heartbeat_interval: Duration::from_secs(1), ..options }).unwrap();
    assert!(refused(server).await < 2, "a change gives nobody a new start");
    server.control().change(ServerOptions::default()).unwrap();
    for _ in 0..100 {
        assert_eq!(ask(server).await, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answer_is_let_go() {
    let limits = RequestLimits { send_within: Duration::from_millis(300), ..RequestLimits::default() };
    let Book { server, store, router, folder } =
        Book::with(ServerOptions { limits, ..ServerOptions::default() }).await;
    let event = json!({"eventType": "T", "aggregate": "A/1", "payload": {"text": "x".repeat(100_000)}});
    let many = json!({"events": vec![event; 100]});
    let book = Book { server, store, router, folder };
    assert_eq!(book.post("/v1/events", &many).await.status, StatusCode::CREATED);
    let Book { server, store, router, folder } = book;
    drop((store, router));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server.serve(listener, async move { drop(stopped.await) }));

    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut slow = socket.connect(address).await.unwrap();
    slow.write_all(b"GET /v1/export HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut taken = Vec::new();
    // Either the connection is said to be gone, or the answer is not whole.
    let ended = slow.read_to_end(&mut taken).await;
    assert!(taken.len() < 9_000_000, "{} bytes, {ended:?}", taken.len());
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    drop(folder);
}

async fn preflight(book: &Book, origin: &str) -> Answer {
    let request = Request::builder().method(Method::OPTIONS).uri("/v1/events").header("origin", origin);
    let request = request.header("access-control-request-method", "POST");
    let request = request.header("access-control-request-headers", "authorization,content-type");
    book.ask(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn no_other_site_may_ask_unless_it_is_named() {
    let book = Book::empty().await;
    let refused = preflight(&book, "https://app.example.com").await;
    assert!(!refused.headers.contains_key("access-control-allow-origin"), "{:?}", refused.headers);

    let allowed_origins = vec!["https://app.example.com".parse().unwrap()];
    let book = Office::with(ServerOptions { allowed_origins, ..ServerOptions::default() }).await.book;
    let allowed = preflight(&book, "https://app.example.com").await;
    assert_eq!(allowed.headers["access-control-allow-origin"], "https://app.example.com");
    assert!(!allowed.headers.contains_key("access-control-allow-credentials"));
    let other = preflight(&book, "https://other.example.com").await;
    assert!(!other.headers.contains_key("access-control-allow-origin"), "{:?}", other.headers);

    // Also a refusal can be read by the page that asked.
    let request = Request::get("/v1/me").header("origin", "https://app.example.com").body(Body::empty());
    let answer = book.ask(request.unwrap()).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.headers["access-control-allow-origin"], "https://app.example.com");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn large_answers_are_compressed_and_neither_small_ones_nor_feeds_are() {
    let book = Book::empty().await;
    let encoded = async |path: &str, accepted: &str| {
        let request = Request::get(path).header("accept-encoding", accepted).body(Body::empty()).unwrap();
        let answer = book.ask(request).await;
        answer.headers.get("content-encoding").map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(encoded("/openapi.json", "gzip").await.as_deref(), Some("gzip"));
    assert_eq!(encoded("/openapi.json", "zstd, gzip").await.as_deref(), Some("zstd"));
    assert_eq!(encoded("/openapi.json", "identity").await, None);
    assert_eq!(encoded("/livez", "gzip, zstd").await, None);
    assert_eq!(encoded("/v1/feed", "gzip, zstd").await, None);
}
