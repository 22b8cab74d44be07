//! Live feeds.

use std::sync::Arc;
use std::time::Duration;

use annals::{ActorId, Clock as _, SystemClock};
use annals_auth::{AllowedLogs, AuthOptions, Authenticator, KeySource, Mint, Role, SharedSecret, TokenGrant};
use annals_server::ServerOptions;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tower::ServiceExt as _;

use crate::book::Book;

/// Longer than any feed should take to tell what is there.
const PATIENCE: Duration = Duration::from_secs(20);

/// A feed while it is taken.
struct Feed {
    body: Body,
    text: String,
}

/// An event of the feed's own form.
#[derive(Debug, PartialEq)]
struct Told {
    kind: String,
    id: Option<String>,
    data: Value,
}

impl Feed {
    async fn open(book: &Book, request: Request<Body>) -> Self {
        let answer = book.router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self { body: answer.into_body(), text: String::new() }
    }

    async fn of(book: &Book, path: &str) -> Self {
        Self::open(book, Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// The next event that is told; `None` when the feed has ended.
    async fn next(&mut self) -> Option<Told> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let told = read(block);
                self.text = rest.to_owned();
                if told.is_some() {
                    return told;
                }
            }
            let frame = tokio::time::timeout(PATIENCE, self.body.frame()).await.expect("news in time")?;
            self.text.push_str(std::str::from_utf8(&frame.unwrap().into_data().unwrap()).unwrap());
        }
    }

    async fn next_positions(&mut self, count: usize) -> Vec<u64> {
        let mut positions = Vec::new();
        while positions.len() < count {
            positions.push(self.next().await.unwrap().data["position"].as_u64().unwrap());
        }
        positions
    }

    /// Whether nothing comes for a moment.
    async fn is_quiet(&mut self) -> bool {
        self.text.is_empty()
            && tokio::time::timeout(Duration::from_millis(200), self.body.frame()).await.is_err()
    }
}

/// Reads a block of fields; `None` where it has no data.
fn read(block: &str) -> Option<Told> {
    let field = |name: &str| {
        let mut values = block.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let value = values.next().map(str::to_owned);
        assert_eq!(values.next(), None, "{block}");
        value
    };
    let data = field("data")?;
    let kind = field("event").unwrap_or_else(|| "message".to_owned());
    Some(Told { kind, id: field("id"), data: serde_json::from_str(&data).unwrap() })
}

fn event(event_type: &str, actor: &str) -> Value {
    json!({"eventType": event_type, "aggregate": "A/1", "actorId": actor, "payload": {}})
}

#[tokio::test]
async fn what_is_recorded_is_told_first_and_then_what_comes() {
    let book = Book::of_orders().await;
    let mut feed = Feed::of(&book, "/v1/feed").await;
    for position in 0..4 {
        let told = feed.next().await.unwrap();
        assert_eq!((told.kind.as_str(), told.id), ("message", Some(position.to_string())));
        assert_eq!(told.data, book.json(&format!("/v1/events/{position}")).await);
    }
    assert!(feed.is_quiet().await);
    book.post("/v1/events", &event("T", "maria")).await;
    assert_eq!(feed.next_positions(1).await, [4]);
}

#[tokio::test]
async fn it_goes_on_behind_the_last_event_that_arrived() {
    let book = Book::of_orders().await;
    let request = Request::get("/v1/feed?after=0").header("last-event-id", "1").body(Body::empty()).unwrap();
    let mut feed = Feed::open(&book, request).await;
    assert_eq!(feed.next_positions(2).await, [2, 3]);
    let mut feed = Feed::of(&book, "/v1/feed?after=2").await;
    assert_eq!(feed.next_positions(1).await, [3]);
    let mut feed = Feed::of(&book, "/v1/feed?after=now").await;
    assert_eq!(feed.text, "");
    book.post("/v1/events", &event("T", "maria")).await;
    assert_eq!(feed.next_positions(1).await, [4]);
}

#[tokio::test]
async fn a_feed_with_filters_says_what_came_before_each_event() {
    let book = Book::of_orders().await;
    let mut feed = Feed::of(&book, "/v1/feed?type=OrderPlaced&type=Again").await;
    let told = [feed.next().await.unwrap(), feed.next().await.unwrap()];
    assert_eq!(told.each_ref().map(|told| &told.data["position"]), [&json!(0), &json!(2)]);
    assert_eq!(told.each_ref().map(|told| &told.data["previousPosition"]), [&json!(null), &json!(0)]);
    book.post("/v1/events", &event("Other", "maria")).await;
    book.post("/v1/events", &event("Again", "maria")).await;
    let told = feed.next().await.unwrap();
    assert_eq!((&told.data["position"], &told.data["previousPosition"]), (&json!(5), &json!(2)));
}

#[tokio::test]
async fn while_nothing_comes_it_says_how_far_it_looked() {
    let heartbeat_interval = Duration::from_millis(500);
    let book = Book::with(ServerOptions { heartbeat_interval, ..ServerOptions::default() }).await;
    let mut feed = Feed::of(&book, "/v1/feed?type=Wanted").await;
    let heartbeat = |id: Option<&str>, data: Value| Told {
        kind: "heartbeat".to_owned(),
        id: id.map(str::to_owned),
        data,
    };
    let nothing = heartbeat(None, json!({"scanned": null, "previousPosition": null}));
    assert_eq!(feed.next().await.unwrap(), nothing);
    for event_type in ["Wanted", "Other"] {
        assert_eq!(book.post("/v1/events", &event(event_type, "maria")).await.status, StatusCode::CREATED);
    }
    assert_eq!(feed.next().await.unwrap().data["position"], 0);
    let looked = heartbeat(Some("1"), json!({"scanned": 1, "previousPosition": 0}));
    assert_eq!(feed.next().await.unwrap(), looked);
}

#[tokio::test]
async fn an_event_of_several_lines_stays_one_event() {
    let book = Book::empty().await;
    let text = "{\"eventType\":\"T\",\"aggregate\":\"A/1\",\"payload\":{\r\n\"a\":\n1}}";
    assert_eq!(book.post_text("/v1/events", "application/json", text).await.status, StatusCode::CREATED);
    let told = Feed::of(&book, "/v1/feed").await.next().await.unwrap();
    assert_eq!(told.data["payload"], json!({"a": 1}));
    let told = Feed::of(&book, "/v1/feed?raw=true").await.next().await.unwrap();
    assert_eq!(told.data["payloadText"], "{\r\n\"a\":\n1}");
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_by_its_name() {
    let book = Book::empty().await;
    for (path, parameter) in
        [("/v1/feed?after=x", "after"), ("/v1/feed?type=", "type"), ("/v1/feed?limit=1", "limit")]
    {
        let answer = book.get(path).await;
        assert_eq!(
            (answer.status, &answer.json()["parameter"]),
            (StatusCode::BAD_REQUEST, &json!(parameter))
        );
    }
    let request = Request::get("/v1/feed").header("last-event-id", "x").body(Body::empty()).unwrap();
    assert_eq!(book.ask(request).await.code(), "header-invalid");
    assert_eq!(book.get("/v1/logs/none/feed").await.code(), "no-such-log");
}

/// Options with a key, and what mints tokens for it.
fn with_key() -> (ServerOptions, Mint) {
    let secret = SharedSecret::new([7; 32]).unwrap();
    let options = AuthOptions::new(KeySource::SharedSecret(secret));
    let mint = Mint::new(&options).unwrap();
    let auth = Authenticator::new(&options, Arc::new(SystemClock)).unwrap();
    (ServerOptions { auth: Some(auth), ..ServerOptions::default() }, mint)
}

fn token(mint: &Mint, subject: &str, role: Role, lifetime: Duration) -> String {
    let grant = TokenGrant {
        subject: ActorId::new(subject).unwrap(),
        roles: [role].into_iter().collect(),
        logs: AllowedLogs::All,
        lifetime,
    };
    let now = SystemClock.now();
    format!("Bearer {}", mint.mint(&grant, now).unwrap())
}

#[tokio::test]
async fn a_reader_is_told_her_own_events_only_and_no_longer_than_her_token_is_good() {
    let (options, mint) = with_key();
    let book = Book::with(options).await;
    let delegate = token(&mint, "gateway", Role::Delegate, PATIENCE);
    for actor in ["jonas", "maria", "jonas", "maria"] {
        let request = Request::post("/v1/events")
            .header("authorization", &delegate)
            .header("content-type", "application/json");
        let answer = book.ask(request.body(Body::from(event("T", actor).to_string())).unwrap()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    }
    let reader = token(&mint, "maria", Role::Reader, Duration::from_secs(4));
    let request = Request::get("/v1/feed").header("authorization", reader).body(Body::empty()).unwrap();
    let mut feed = Feed::open(&book, request).await;
    assert_eq!(feed.next_positions(2).await, [1, 3]);
    assert_eq!(feed.next().await, None);
}

/// Reads from a connection until `wanted` stands in what came; all of it.
async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut bytes = Vec::new();
    loop {
        let mut part = [0; 4096];
        let count = tokio::time::timeout(PATIENCE, stream.read(&mut part)).await.unwrap().unwrap();
        bytes.extend_from_slice(part.get(..count).unwrap());
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if text.contains(wanted) || count == 0 {
            return text;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_hold_up_neither_appends_nor_the_end_of_the_server() {
    let Book { server, folder, store, router } = Book::empty().await;
    drop((store, router));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server.serve(listener, async move { drop(stopped.await) }));
    let follow = async || {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /v1/feed HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
        stream
    };
    let (mut taken, gone) = (follow().await, follow().await);
    assert!(read_until(&mut taken, "retry: 1000").await.starts_with("HTTP/1.1 200"));
    drop(gone);
    let mut writer = TcpStream::connect(address).await.unwrap();
    let body = event("T", "maria").to_string();
    let head = "POST /v1/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json";
    let request = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    writer.write_all(request.as_bytes()).await.unwrap();
    assert!(read_until(&mut writer, "\r\n\r\n").await.starts_with("HTTP/1.1 201"));
    assert!(read_until(&mut taken, "\"position\":0").await.contains("id: 0\n"));

    stop.send(()).unwrap();
    assert!(
        read_until(&mut taken, "\r\n0\r\n\r\n").await.ends_with("0\r\n\r\n"),
        "the feed ends as it should"
    );
    tokio::time::timeout(PATIENCE, serving).await.unwrap().unwrap().unwrap();
    drop(folder);
}

/// As many as there may be at a time by default, but for those that ask something else.
const FEEDS: usize = 1_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_feeds_are_told_of_an_event_and_take_little_memory() {
    let Book { server, folder, store, router } = Book::empty().await;
    drop(router);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server.serve(listener, async move { drop(stopped.await) }));
    let before = resident_bytes();
    let mut feeds = Vec::new();
    for _ in 0..FEEDS {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /v1/feed HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
        read_until(&mut stream, "retry: 1000").await;
        feeds.push(stream);
    }
    let each = resident_bytes().saturating_sub(before) / FEEDS as u64;
    let told: Vec<_> = feeds
        .into_iter()
        .map(|mut stream| {
            tokio::spawn(async move {
                read_until(&mut stream, "\"position\":0").await;
                (std::time::Instant::now(), stream)
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let begun = std::time::Instant::now();
    let event = annals::NewEvent::new(
        "A/1".parse().unwrap(),
        "T".parse().unwrap(),
        annals::JsonObject::new("{}").unwrap(),
    );
    annals::EventStore::append(&*store, annals::Append::event(event)).await.unwrap();
    let mut last = Duration::ZERO;
    for task in told {
        last = last.max(task.await.unwrap().0.duration_since(begun));
    }
    println!(
        "the last of {FEEDS} feeds was told after {last:?}; each takes {each} bytes, its client's included"
    );
    assert!(each < 100_000, "each takes {each} bytes");
    drop(store);
    stop.send(()).unwrap();
    tokio::time::timeout(PATIENCE, serving).await.unwrap().unwrap().unwrap();
    drop(folder);
}

/// How much memory this process has; 0 where that cannot be known.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or_default() << 10
}
