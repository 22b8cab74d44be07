//! What the server says of itself.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::book::Book;
use crate::dead_letters::keep;
use crate::exporting::done;

/// Where the description is kept, so that a change of it is seen.
const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/openapi.json");

#[tokio::test]
async fn the_description_is_the_one_that_is_kept() {
    let book = Book::empty().await;
    let answer = book.get("/openapi.json").await;
    if std::env::var_os("ANNALS_OVERWRITE").is_some() {
        std::fs::write(SNAPSHOT, &answer.text).unwrap();
    }
    let kept = std::fs::read_to_string(SNAPSHOT).unwrap_or_default();
    assert!(kept == answer.text, "the API changed; look at it, and run this test with ANNALS_OVERWRITE=1");
}

#[tokio::test]
async fn every_shape_that_is_named_is_described() {
    let api = Book::empty().await.openapi().await;
    let schemas: BTreeSet<&String> = api["components"]["schemas"].as_object().unwrap().keys().collect();
    let mut named = BTreeSet::new();
    collect(&api, &mut named);
    let missing: Vec<_> = named.iter().filter(|name| !schemas.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let unused: Vec<_> = schemas.iter().filter(|name| !named.contains(**name)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

fn collect(value: &Value, named: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(name) = members.get("$ref").and_then(Value::as_str) {
                named.insert(name.trim_start_matches("#/components/schemas/").to_owned());
            }
            members.values().for_each(|value| collect(value, named));
        }
        Value::Array(elements) => elements.iter().for_each(|value| collect(value, named)),
        _ => {}
    }
}

/// Holds an answer against what is documented of a path.
fn must_be_documented(api: &Value, path: &str, answer: &Value) {
    let schema = &api["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
    assert!(!schema.is_null(), "{path} has no shape");
    let mut schema = schema.clone();
    schema["components"] = api["components"].clone();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(answer).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{path}: {wrong:#?}\n{answer:#}");
}

#[tokio::test]
async fn answers_are_as_they_are_documented() {
    let book = Book::of_orders().await;
    let api = book.openapi().await;
    assert_eq!(book.post("/v1/aggregates/Order/1/snapshots", &json!(null)).await.status, StatusCode::CREATED);
    let of_order = "/v1/aggregates/{aggregateType}/{aggregateId}";
    for (path, asked) in [
        ("/livez", "/livez"),
        ("/readyz", "/readyz"),
        ("/v1/events", "/v1/events?offset=1"),
        ("/v1/events/{event}", "/v1/events/1"),
        ("/v1/events/{event}", "/v1/events/1?raw=true"),
        ("/v1/events/{event}/receipt", "/v1/events/1/receipt?form=json"),
        ("/v1/counts", "/v1/counts?by=actor"),
        ("/v1/buckets", "/v1/buckets?by=type"),
        ("/v1/values/{field}", "/v1/values/tags"),
        ("/v1/aggregates", "/v1/aggregates?limit=1"),
        (&format!("{of_order}/events"), "/v1/aggregates/Order/1/events"),
        (&format!("{of_order}/state"), "/v1/aggregates/Order/1/state?explain=true"),
        (&format!("{of_order}/state"), "/v1/aggregates/Order/1/state?version=0"),
        (&format!("{of_order}/diff"), "/v1/aggregates/Order/1/diff?from=0"),
        (&format!("{of_order}/blame"), "/v1/aggregates/Order/1/blame"),
        (&format!("{of_order}/timeline"), "/v1/aggregates/Order/1/timeline"),
        (&format!("{of_order}/replay"), "/v1/aggregates/Order/1/replay"),
        (&format!("{of_order}/undo"), "/v1/aggregates/Order/1/undo?version=1"),
        (&format!("{of_order}/undo"), "/v1/aggregates/Order/1/undo?version=3"),
        (&format!("{of_order}/snapshots"), "/v1/aggregates/Order/1/snapshots"),
        ("/v1/snapshots", "/v1/snapshots"),
        ("/v1/states/{aggregateType}", "/v1/states/Order"),
        ("/v1/traces/{correlationId}", "/v1/traces/c-1"),
        ("/v1/stats", "/v1/stats"),
        ("/v1/exports", "/v1/exports"),
        ("/v1/verifications", "/v1/verifications"),
        ("/v1/dead-letters", "/v1/dead-letters"),
        ("/v1/consistency", "/v1/consistency?from=1"),
        ("/v1/logs", "/v1/logs"),
        ("/v1/me", "/v1/me"),
        ("/session", "/session"),
        ("/api/{user_id}/audit", "/api/jonas/audit"),
    ] {
        must_be_documented(&api, path, &book.json(asked).await);
    }
}

#[tokio::test]
async fn work_that_is_done_and_dead_letters_are_as_they_are_documented() {
    let book = Book::of_orders().await;
    let api = book.openapi().await;
    for (kind, question) in [("exports", "?redact=/actorId"), ("verifications", "")] {
        let begun = book.post(&format!("/v1/{kind}{question}"), &json!(null)).await;
        assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.text);
        let job = done(&book, begun.headers["location"].to_str().unwrap()).await;
        assert_eq!(job["state"], "done", "{job:#}");
        must_be_documented(&api, &format!("/v1/{kind}/{{job}}"), &job);
        must_be_documented(&api, &format!("/v1/{kind}"), &book.json(&format!("/v1/{kind}")).await);
    }
    for raw in [b"{}".as_slice(), b"\xff"] {
        let number = keep(&book, raw).await;
        let letter = book.json(&format!("/v1/dead-letters/{number}")).await;
        must_be_documented(&api, "/v1/dead-letters/{letter}", &letter);
    }
    must_be_documented(&api, "/v1/dead-letters", &book.json("/v1/dead-letters").await);
}

#[tokio::test]
async fn examples_are_of_the_shape_that_they_show() {
    let api = Book::empty().await.openapi().await;
    for (name, schema) in api["components"]["schemas"].as_object().unwrap() {
        let mut whole = schema.clone();
        whole["components"] = api["components"].clone();
        let validator = jsonschema::validator_for(&whole).unwrap();
        for example in schema["examples"].as_array().into_iter().flatten() {
            let wrong: Vec<String> = validator.iter_errors(example).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty(), "{name}: {wrong:?}");
        }
    }
}

#[tokio::test]
async fn every_operation_has_a_name_of_its_own_a_summary_and_its_problems() {
    let api = Book::empty().await.openapi().await;
    let mut names = BTreeSet::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} stands twice");
            assert!(!operation["summary"].as_str().unwrap_or_default().is_empty(), "{method} {path}");
            assert!(
                operation["responses"]["400"]["content"]["application/problem+json"].is_object(),
                "{method} {path}"
            );
            for parameter in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                let parameters = operation["parameters"].as_array().unwrap();
                let is_described =
                    parameters.iter().any(|known| known["name"] == parameter && known["in"] == "path");
                assert!(is_described, "{method} {path}: {parameter}");
            }
        }
    }
}

#[tokio::test]
async fn the_page_asks_no_other_server() {
    let book = Book::empty().await;
    for path in ["/docs", "/docs/docs.js", "/docs/docs.css"] {
        let answer = book.get(path).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.text.contains("://") && !answer.text.contains("src=\"//"), "{path}");
    }
    let policy = book.get("/docs").await.headers["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("script-src 'self'") && policy.contains("default-src 'none'"));
}

#[tokio::test]
async fn a_code_leads_to_the_page_that_explains_it() {
    let book = Book::empty().await;
    let problem = book.get("/v1/events?typ=x").await.json();
    let page = book.get(problem["type"].as_str().unwrap()).await;
    assert!(page.text.starts_with("# `parameter-unknown`: "), "{}", page.text);
    assert_eq!(page.headers["content-type"], "text/markdown; charset=utf-8");
}
