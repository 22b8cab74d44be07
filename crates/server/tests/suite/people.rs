//! Callers of every kind, and a server that knows them.

use std::sync::Arc;
use std::time::Duration;

use annals::{ActorId, Clock as _, SystemClock};
use annals_auth::{
    AllowedLogs, AuthOptions, Authenticator, KeySource, Mint, Role, SessionOptions, SharedSecret, TokenGrant,
};
use annals_server::ServerOptions;
use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};

use crate::book::{Answer, Book};

const SECRET: &str = "a secret of tests, of which all is known";

/// A server with a key, and who makes its tokens.
pub(crate) struct Office {
    pub(crate) book: Book,
    pub(crate) authenticator: Authenticator,
    mint: Mint,
}

pub(crate) fn auth_options() -> AuthOptions {
    let secret = || SharedSecret::from_text(SECRET).unwrap();
    AuthOptions {
        sessions: SessionOptions { secret: Some(secret()), ..SessionOptions::default() },
        ..AuthOptions::new(KeySource::SharedSecret(secret()))
    }
}

impl Office {
    pub(crate) async fn new() -> Self {
        Self::with(ServerOptions::default()).await
    }

    pub(crate) async fn with(options: ServerOptions) -> Self {
        Self::with_auth(&auth_options(), options).await
    }

    pub(crate) async fn with_auth(auth: &AuthOptions, options: ServerOptions) -> Self {
        let authenticator = Authenticator::new(auth, Arc::new(SystemClock)).unwrap();
        let mint = Mint::new(auth).unwrap();
        let book = Book::with(ServerOptions { auth: Some(authenticator.clone()), ..options }).await;
        Self { book, authenticator, mint }
    }

    /// A server over a log in which `reader` and `jonas` did something, in this order, and jonas once more.
    pub(crate) async fn with_events() -> Self {
        let office = Self::new().await;
        let admin = office.token("admin", &[Role::Admin], "*");
        for actor in ["reader", "jonas", "jonas"] {
            let answer = office.ask_as(&admin, Method::POST, "/v1/events", Some(&event(Some(actor)))).await;
            assert_eq!(answer.status.as_u16(), 201, "{}", answer.text);
        }
        office
    }

    /// A token for somebody with these roles, good for an hour.
    pub(crate) fn token(&self, subject: &str, roles: &[Role], logs: &str) -> String {
        self.token_for(subject, roles, logs, Duration::from_secs(3_600))
    }

    pub(crate) fn token_for(&self, subject: &str, roles: &[Role], logs: &str, lifetime: Duration) -> String {
        let grant = TokenGrant {
            subject: ActorId::new(subject).unwrap(),
            roles: roles.iter().copied().collect(),
            logs: AllowedLogs::from_words(logs.split(' ')),
            lifetime,
        };
        self.mint.mint(&grant, SystemClock.now()).unwrap()
    }

    pub(crate) async fn ask_as(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        let authorization = format!("Bearer {token}");
        self.ask_with(&[("authorization", &authorization)], method, path, body).await
    }

    pub(crate) async fn ask_with(
        &self,
        headers: &[(&str, &str)],
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or(Body::empty(), |body| Body::from(body.to_string()));
        self.book.ask(request.body(body).unwrap()).await
    }
}

/// An event of an order, that somebody did, or whoever appends it.
pub(crate) fn event(actor: Option<&str>) -> Value {
    let mut event = json!({
        "eventType": "OrderPlaced", "aggregate": "Order/1", "payload": {"total": 1},
        "metadata": {"correlationId": "c-1"},
    });
    if let Some(actor) = actor {
        event["actorId"] = json!(actor);
    }
    event
}
