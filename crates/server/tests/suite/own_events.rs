//! What a reader sees: what she did herself, and of what others did not even that it is there. And what is recorded of
//! who did something.

use annals_auth::Role;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::people::{Office, event};

async fn reader_asks(office: &Office, path: &str) -> crate::book::Answer {
    let token = office.token("reader", &[Role::Reader], "*");
    office.ask_as(&token, Method::GET, path, None).await
}

fn actors(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|event| event["actorId"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_reader_is_shown_her_own_events_whatever_she_filters() {
    let office = Office::with_events().await;
    let all = reader_asks(&office, "/v1/events?offset=0").await.json();
    assert_eq!(actors(&all), ["reader"]);
    assert_eq!(all["total"], 1);
    for filter in ["type=OrderPlaced", "aggregate=Order/1", "order=desc", "actor=reader", "limit=1000"] {
        let list = reader_asks(&office, &format!("/v1/events?{filter}")).await.json();
        assert_eq!(actors(&list), ["reader"], "{filter}");
    }
    for filter in ["actor=jonas", "actor=jonas&offset=0", "cursor=0"] {
        let list = reader_asks(&office, &format!("/v1/events?{filter}")).await.json();
        assert!(actors(&list).is_empty(), "{filter}");
        assert_eq!(list["next"], Value::Null);
    }
}

#[tokio::test]
async fn an_event_of_another_is_to_a_reader_as_one_that_is_not_there() {
    let office = Office::with_events().await;
    let auditor = office.token("auditor", &[Role::Auditor], "*");
    let of_jonas = office.ask_as(&auditor, Method::GET, "/v1/events/1", None).await.json();
    let id = of_jonas["eventId"].as_str().unwrap();
    let unknown = "0192f0c1-7b3e-7c4a-9d52-0a4f5b2f6d11";
    for rest in ["", "/receipt", "/receipt?form=json", "?raw=true"] {
        let by_id = reader_asks(&office, &format!("/v1/events/{id}{rest}")).await;
        let absent = reader_asks(&office, &format!("/v1/events/{unknown}{rest}")).await;
        assert_eq!(by_id.status, StatusCode::NOT_FOUND);
        assert_eq!(by_id.text.replace(id, unknown), absent.text);
        let by_position = reader_asks(&office, &format!("/v1/events/1{rest}")).await;
        let beyond = reader_asks(&office, &format!("/v1/events/999{rest}")).await;
        assert_eq!(by_position.text.replace("position 1", "position 999"), beyond.text);
        assert!(reader_asks(&office, &format!("/v1/events/0{rest}")).await.status.is_success());
    }
}

#[tokio::test]
async fn a_trail_is_its_users_and_an_auditors() {
    let office = Office::with_events().await;
    assert_eq!(reader_asks(&office, "/api/reader/audit").await.json()["total"], 1);
    let of_jonas = reader_asks(&office, "/api/jonas/audit").await;
    assert_eq!((of_jonas.status, of_jonas.code().as_str()), (StatusCode::FORBIDDEN, "forbidden"));
    let auditor = office.token("auditor", &[Role::Auditor], "*");
    let seen = office.ask_as(&auditor, Method::GET, "/api/jonas/audit", None).await;
    assert_eq!(seen.json()["total"], 2);
}

#[tokio::test]
async fn whoever_is_a_reader_and_an_auditor_sees_everything() {
    let office = Office::with_events().await;
    let both = office.token("reader", &[Role::Reader, Role::Auditor], "*");
    let list = office.ask_as(&both, Method::GET, "/v1/events", None).await.json();
    assert_eq!(actors(&list), ["reader", "jonas", "jonas"]);
}

/// Appends as somebody with a role, and what is recorded then.
async fn recorded(office: &Office, role: Role, actor: Option<&str>) -> Result<Value, String> {
    let token = office.token("maria", &[role], "*");
    let answer = office.ask_as(&token, Method::POST, "/v1/events", Some(&event(actor))).await;
    if !answer.status.is_success() {
        return Err(answer.code());
    }
    let auditor = office.token("auditor", &[Role::Auditor], "*");
    let newest = office.ask_as(&auditor, Method::GET, "/v1/events?order=desc&limit=1", None).await.json();
    Ok(newest["items"][0].clone())
}

#[tokio::test]
async fn a_writer_appends_as_herself_and_as_nobody_else() {
    let office = Office::new().await;
    for actor in [None, Some("maria")] {
        let event = recorded(&office, Role::Writer, actor).await.unwrap();
        assert_eq!(event["actorId"], "maria", "{event}");
    }
    for actor in ["jonas", "anonymous", "Maria"] {
        assert_eq!(recorded(&office, Role::Writer, Some(actor)).await, Err("forbidden".to_owned()));
    }
}

#[tokio::test]
async fn of_a_delegates_event_both_are_kept_who_did_it_and_who_says_so() {
    let office = Office::new().await;
    for role in [Role::Delegate, Role::Admin] {
        let event = recorded(&office, role, Some("jonas")).await.unwrap();
        assert_eq!((&event["actorId"], &event["context"]["recordedBy"]), (&json!("jonas"), &json!("maria")));
        let own = recorded(&office, role, None).await.unwrap();
        assert_eq!(own["actorId"], "maria");
    }
}

#[tokio::test]
async fn nothing_is_recorded_of_an_append_that_names_another_among_its_events() {
    let office = Office::new().await;
    let writer = office.token("maria", &[Role::Writer], "*");
    let both = json!([event(None), event(Some("jonas"))]);
    for body in [json!({"events": both}), json!({"appends": [{"events": both}]})] {
        let answer = office.ask_as(&writer, Method::POST, "/v1/events", Some(&body)).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "forbidden"), "{body}");
    }
    let line = Request::post("/v1/events")
        .header("authorization", format!("Bearer {writer}"))
        .header("content-type", "application/x-ndjson")
        .body(Body::from(format!("{}\n", event(Some("jonas")))))
        .unwrap();
    let told = office.book.ask(line).await;
    assert!(told.text.contains("forbidden"), "{}", told.text);
    let auditor = office.token("auditor", &[Role::Auditor], "*");
    let list = office.ask_as(&auditor, Method::GET, "/v1/events", None).await.json();
    assert_eq!(list["items"], json!([]));
}

#[tokio::test]
async fn the_context_of_an_event_is_not_for_a_writer_to_say() {
    let office = Office::new().await;
    let mut forged = event(None);
    forged["context"] = json!({"recordedBy": "jonas", "source": "elsewhere"});
    for role in [Role::Writer, Role::Delegate] {
        let token = office.token("maria", &[role], "*");
        let answer = office.ask_as(&token, Method::POST, "/v1/events", Some(&forged)).await;
        assert!(answer.status.is_client_error(), "{}", answer.text);
    }
}
