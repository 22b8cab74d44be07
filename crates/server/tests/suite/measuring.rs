//! Numbers for Prometheus.

use axum::http::StatusCode;
use serde_json::json;

use crate::book::Book;

/// The value of a series.
fn value(text: &str, series: &str) -> f64 {
    let line = text.lines().find(|line| line.rsplit_once(' ').is_some_and(|(name, _)| name == series));
    let line = line.unwrap_or_else(|| panic!("no {series} in\n{text}"));
    line.rsplit_once(' ').unwrap().1.parse().unwrap()
}

#[tokio::test]
async fn what_happens_is_counted_by_route() {
    let book = Book::of_orders().await;
    book.json("/v1/events/0").await;
    book.json("/v1/logs/access/events?limit=1").await;
    let refused =
        json!({"events": [{"eventType": "T", "aggregate": "Order/1", "payload": {}}], "expectedVersion": 99});
    assert_eq!(book.post("/v1/events", &refused).await.status, StatusCode::CONFLICT);
    assert_eq!(book.get("/nowhere").await.status, StatusCode::NOT_FOUND);
    let answer = book.get("/metrics").await;
    assert!(answer.headers["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    let text = &answer.text;
    let requests = |labels: &str| value(text, &format!("annals_requests_total{{{labels}}}"));
    assert_eq!(requests(r#"method="POST",route="/v1/events",status="201""#), 4.0);
    assert_eq!(requests(r#"method="GET",route="/v1/events",status="200""#), 1.0);
    assert_eq!(requests(r#"method="GET",route="none",status="404""#), 1.0);
    assert_eq!(value(text, r#"annals_appends_refused_total{code="wrong-expected-version"}"#), 1.0);
    assert_eq!(value(text, "annals_append_seconds_count"), 4.0);
    assert_eq!(value(text, r#"annals_log_events{log="main"}"#), 4.0);
    assert_eq!(value(text, "annals_feeds"), 0.0);
    assert!(text.ends_with("# EOF\n"));
}

#[tokio::test]
async fn the_numbers_can_have_a_listener_of_their_own_which_holds_no_log_open() {
    let book = Book::of_orders().await;
    let Book { server, store, router, folder } = book;
    let apart = server.metrics_router();
    drop((store, router));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    server.serve(listener, async {}).await.unwrap();
    let request = axum::http::Request::get("/metrics").body(axum::body::Body::empty()).unwrap();
    let answer = tower::ServiceExt::oneshot(apart, request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    drop(folder);
}
