//! A server over a small log, and the questions that tests ask it.

use std::sync::Arc;

use annals::history::{JqOptions, Rules};
use annals::jq::WorkerCommand;
use annals::{HistoryOptions, KeyLocation, Location, Log, LogName, StateLocation, Store, WritingOptions};
use annals_server::{ServedLog, Server, ServerOptions};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// A server, what it stands on, and what answers its requests.
pub(crate) struct Book {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) router: Router,
    pub(crate) server: Server,
    pub(crate) folder: TempDir,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The code of a problem.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.headers["content-type"], "application/problem+json", "{}", self.text);
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        problem["code"].as_str().expect("a code").to_owned()
    }
}

/// Opens a log in `folder` for writing.
pub(crate) async fn open(folder: &TempDir, name: &str) -> Log {
    let options = WritingOptions {
        key: KeyLocation::Folder(folder.path().join("keys")),
        signing_state: StateLocation::Folder(folder.path().join("state")),
        ..WritingOptions::default()
    };
    let location = Location::sqlite(folder.path().join("annals.db"));
    annals::open_for_writing(&location, &LogName::new(name).unwrap(), options).await.unwrap()
}

/// A log with the past of its aggregates.
pub(crate) fn served(log: Log, name: &str) -> ServedLog {
    // No reducer is a jq program here, so that none is started.
    let jq = JqOptions::new(WorkerCommand::new("annals", ["jq-worker"]));
    let history = log.history(HistoryOptions { rules: Rules::default(), jq });
    ServedLog { name: LogName::new(name).unwrap(), log, history }
}

impl Book {
    /// A server over the empty logs `main` and `access`.
    pub(crate) async fn empty() -> Self {
        Self::with(ServerOptions::default()).await
    }

    pub(crate) async fn with(options: ServerOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let main = open(&folder, "main").await;
        let store = main.store().clone();
        let logs = vec![served(main, "main"), served(open(&folder, "access").await, "access")];
        let server = Server::new(logs, options).unwrap();
        Self { store, router: server.router(), server, folder }
    }

    /// A server over a log in which an order is placed, paid and refunded twice the amount, and another one is placed.
    pub(crate) async fn of_orders() -> Self {
        let book = Self::empty().await;
        let order = |id: &str, event_type: &str, actor: &str, timestamp: &str, payload: Value| {
            json!({
                "eventType": event_type, "aggregate": format!("Order/{id}"), "actorId": actor,
                "timestamp": timestamp, "payload": payload, "tags": [format!("order:{id}"), "shop"],
                "metadata": {"correlationId": format!("c-{id}")},
            })
        };
        for event in [
            order(
                "1",
                "OrderPlaced",
                "maria",
                "2026-11-20T10:00:00Z",
                json!({"total": 100, "status": "placed"}),
            ),
            order("1", "OrderPaid", "stripe", "2026-11-20T10:01:00Z", json!({"status": "paid"})),
            order(
                "2/a",
                "OrderPlaced",
                "jonas",
                "2026-11-20T11:30:00Z",
                json!({"total": 7, "status": "placed"}),
            ),
            order(
                "1",
                "RefundIssued",
                "jonas",
                "2026-11-21T09:00:00Z",
                json!({"refund": 200, "status": "refunded"}),
            ),
        ] {
            let answer = book.post("/v1/events", &event).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        }
        book
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        if parts.headers.get("content-type").is_some_and(|kind| kind == "text/event-stream") {
            // A feed has no end; whoever wants to read it asks the router.
            return Answer { status: parts.status, headers: parts.headers, text: String::new() };
        }
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A good answer, as JSON, which is as it is documented.
    pub(crate) async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.json()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_text(path, "application/json", body.to_string()).await
    }

    pub(crate) async fn post_text(&self, path: &str, media_type: &str, body: impl Into<Body>) -> Answer {
        self.ask(Request::post(path).header("content-type", media_type).body(body.into()).unwrap()).await
    }

    /// What the server says of itself.
    pub(crate) async fn openapi(&self) -> Value {
        self.json("/openapi.json").await
    }
}
