//! What browsers get where people look at the log.

use annals_server::ServerOptions;
use annals_ui::PageFile;
use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::book::{Answer, Book};

const PAGES: &[PageFile] = &[
    PageFile { path: "/assets/index-B3x.js", bytes: b"script", gzip: Some(b"pressed") },
    PageFile { path: "/index.html", bytes: b"<document>", gzip: None },
];

/// What a browser says that it takes when somebody goes to an address.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

async fn book() -> Book {
    Book::with(ServerOptions { pages: PAGES, ..ServerOptions::default() }).await
}

async fn visit(book: &Book, path: &str) -> Answer {
    book.ask(Request::get(path).header("accept", BROWSER).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn every_address_of_a_page_gives_the_document_under_a_strict_policy() {
    let book = book().await;
    for path in ["/", "/events?type=A", "/aggregates/Invoice/2026-105.1", "/sign-in"] {
        let answer = visit(&book, path).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "<document>"), "{path}");
        assert_eq!(answer.headers["cache-control"], "no-cache");
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; "), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}

#[tokio::test]
async fn files_are_compressed_for_who_takes_it_and_kept_by_who_has_them() {
    let book = book().await;
    let plain = book.get("/assets/index-B3x.js").await;
    assert_eq!(plain.text, "script");
    assert_eq!(plain.headers["cache-control"], "public, max-age=31536000, immutable");
    let request = Request::get("/assets/index-B3x.js").header("accept-encoding", "gzip, br");
    let pressed = book.ask(request.body(Body::empty()).unwrap()).await;
    assert_eq!(pressed.text, "pressed");
    assert_eq!(pressed.headers["content-encoding"], "gzip");
    assert_eq!(pressed.headers["vary"], "accept, accept-encoding");
    assert_eq!(pressed.headers["content-type"], "text/javascript; charset=utf-8");
}

#[tokio::test]
async fn programs_are_told_what_is_not_there_and_get_no_page() {
    let book = book().await;
    for path in ["/evnts", "/assets/index-old.js"] {
        assert_eq!(book.get(path).await.code(), "no-such-route", "{path}");
    }
    for path in ["/v1/evnts", "/logs/main/nothing", "/docs/nothing.css"] {
        assert_eq!(visit(&book, path).await.code(), "no-such-route", "{path}");
    }
    let posted = Request::post("/events").header("accept", BROWSER).body(Body::empty()).unwrap();
    assert_eq!(book.ask(posted).await.code(), "no-such-route");
}

#[tokio::test]
async fn a_program_without_pages_says_how_they_are_added() {
    let book = Book::empty().await;
    let answer = visit(&book, "/").await;
    assert!(answer.text.contains("cargo xtask ui"), "{}", answer.text);
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
}
