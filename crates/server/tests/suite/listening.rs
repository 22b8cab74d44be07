//! Through real connections on this machine.

use std::time::Duration;

use annals::{Location, LogName};
use annals_server::{Server, ServerError, ServerOptions};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::book::{Book, open, served};

/// One request, and its answer's status and body.
async fn ask(stream: &mut TcpStream, head: &str, body: &str) -> (u16, String) {
    let request = format!("{head}\r\nhost: localhost\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    loop {
        let mut part = [0; 4096];
        let count = stream.read(&mut part).await.unwrap();
        bytes.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length: ")
                    .map(|n| n.parse::<usize>().unwrap())
            });
            if count == 0 || length.is_some_and(|length| body.len() >= length) {
                return (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned());
            }
        }
        assert!(count > 0, "the connection ended: {text}");
    }
}

#[tokio::test]
async fn what_is_appended_over_a_connection_is_read_over_it_and_signed_at_the_end() {
    let Book { server, folder, store, router } = Book::empty().await;
    drop((store, router));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server.serve(listener, async move { drop(stopped.await) }));

    let mut stream = TcpStream::connect(address).await.unwrap();
    let event = json!({"eventType": "T", "aggregate": "A/1", "payload": {}}).to_string();
    let (status, _) =
        ask(&mut stream, "POST /v1/events HTTP/1.1\r\ncontent-type: application/json", &event).await;
    assert_eq!(status, 201);
    let (status, body) = ask(&mut stream, "GET /v1/events HTTP/1.1", "").await;
    let events: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &events["items"][0]["position"]), (200, &json!(0)));

    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(20), serving).await.unwrap().unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
    // It was closed: somebody else may write it, and what it holds is signed.
    let log = annals::open_for_reading(&Location::sqlite(folder.path().join("annals.db")), &LogName::main())
        .await
        .unwrap();
    assert_eq!(log.events().head().await.unwrap().size, 1);
    assert_eq!(log.store().newest_checkpoint().await.unwrap().unwrap().unverified().size, 1);
}

#[tokio::test]
async fn a_large_answer_arrives_whole() {
    let Book { server, store, router, folder } = Book::empty().await;
    let event = json!({"eventType": "T", "aggregate": "A/1", "payload": {"text": "x".repeat(10_000)}});
    let many = json!({"events": vec![event; 100]});
    let book = Book { server, store, router, folder };
    assert_eq!(book.post("/v1/events", &many).await.status.as_u16(), 201);
    let answer = book.json("/v1/events?limit=100").await;
    assert_eq!(answer["items"].as_array().unwrap().len(), 100);
    assert_eq!(answer["next"], json!(null));
}

#[tokio::test]
async fn without_a_key_nobody_else_is_let_in() {
    let book = Book::empty().await;
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let refused = book.server.serve(listener, std::future::pending()).await;
    assert!(matches!(refused, Err(ServerError::KeylessBeyondLoopback { .. })));
}

#[tokio::test]
async fn logs_need_names_of_their_own_and_one_is_called_main() {
    let folder = tempfile::tempdir().unwrap();
    let none = Server::new(vec![served(open(&folder, "orders").await, "orders")], ServerOptions::default());
    assert!(matches!(none, Err(ServerError::NoMainLog)));
    let (first, second) = (open(&folder, "main").await, open(&folder, "other").await);
    let twice = Server::new(vec![served(first, "main"), served(second, "main")], ServerOptions::default());
    assert!(matches!(twice, Err(ServerError::LogTwice { .. })));
}
