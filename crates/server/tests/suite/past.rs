//! The past of aggregates, compared with what the crate `history` says.

use annals::history::{JqOptions, Moment, Rules};
use annals::jq::WorkerCommand;
use annals::{StreamName, StreamVersion};
use axum::http::StatusCode;
use serde_json::json;

use crate::book::Book;

#[tokio::test]
async fn a_state_is_that_of_history_at_any_moment() {
    let book = Book::of_orders().await;
    let jq = JqOptions::new(WorkerCommand::new("annals", ["jq-worker"]));
    let history = annals::history::History::new(book.store.clone(), Rules::default(), jq);
    let order = StreamName::new("Order", "1").unwrap();
    for (query, moment) in [
        ("", Moment::Now),
        ("?version=2", Moment::Version(StreamVersion(2))),
        ("?version=0", Moment::Version(StreamVersion(0))),
        ("?at=2026-11-20T10:00:30Z", Moment::Time("2026-11-20T10:00:30Z".parse().unwrap())),
        ("?at=2026-11-20", Moment::Time("2026-11-20T23:59:59.999999Z".parse().unwrap())),
    ] {
        let answer = book.json(&format!("/v1/aggregates/Order/1/state{query}")).await;
        let at = history.state(&order, moment).await.unwrap();
        assert_eq!(
            answer["state"].to_string(),
            at.state.to_string().parse::<serde_json::Value>().unwrap().to_string()
        );
        assert_eq!(answer["version"], at.version().0, "{query}");
    }
    let explained = book.json("/v1/aggregates/Order/1/state?explain=true&version=1").await;
    assert_eq!(explained["explain"]["eventsFolded"], 1);
    let known = book.json("/v1/aggregates/Order/1/state?at=2026-11-21T09:00:00Z&recorded=true").await;
    assert!(known["version"].is_u64());
}

#[tokio::test]
async fn an_aggregates_events_changes_and_authors_are_told() {
    let book = Book::of_orders().await;
    let events = book.json("/v1/aggregates/Order/1/events?order=desc&limit=2").await;
    assert_eq!((&events["items"][0]["version"], &events["items"][1]["version"]), (&json!(3), &json!(2)));

    let diff = book.json("/v1/aggregates/Order/1/diff?from=1&to=3").await;
    assert_eq!(
        diff["items"],
        json!([{"path": "/status", "old": "placed", "new": "refunded"}, {"path": "/refund", "new": 200}])
    );
    assert_eq!((&diff["from"]["version"], &diff["to"]["position"]), (&json!(1), &json!(3)));
    assert_eq!(book.json("/v1/aggregates/Order/1/diff").await["from"]["position"], json!(null));

    let blame = book.json("/v1/aggregates/Order/1/blame?version=2").await;
    let actors: Vec<_> =
        blame["items"].as_array().unwrap().iter().map(|leaf| (&leaf["path"], &leaf["actorId"])).collect();
    assert_eq!(actors, [(&json!("/status"), &json!("stripe")), (&json!("/total"), &json!("maria"))]);

    let timeline = book.json("/v1/aggregates/Order/1/timeline?from=2").await;
    assert_eq!(timeline["items"].as_array().unwrap().len(), 2);
    assert_eq!(timeline["items"][0]["changes"], json!([{"path": "/status", "old": "placed", "new": "paid"}]));

    let replay = book.json("/v1/aggregates/Order/1/replay?version=2").await;
    assert_eq!(replay["items"][1]["before"], json!({"total": 100, "status": "placed"}));
    assert_eq!(replay["items"][1]["after"], json!({"total": 100, "status": "paid"}));

    let undo = book.json("/v1/aggregates/Order/1/undo?version=2").await;
    assert_eq!(undo["payload"], json!({"status": "paid", "refund": null}));
    assert_eq!((&undo["fromVersion"], &undo["undoneCount"]), (&json!(3), &json!(1)));
}

#[tokio::test]
async fn an_id_with_slashes_is_one_segment() {
    let book = Book::of_orders().await;
    let state = book.json("/v1/aggregates/Order/2%2Fa/state").await;
    assert_eq!((&state["aggregate"], &state["state"]["total"]), (&json!("Order/2/a"), &json!(7)));
}

#[tokio::test]
async fn the_states_of_a_type_leave_out_what_was_not_there_yet() {
    let book = Book::of_orders().await;
    let now = book.json("/v1/states/Order").await;
    assert_eq!(now["items"].as_array().unwrap().len(), 2);
    let before = book.json("/v1/states/Order?at=2026-11-20T11:00:00Z").await;
    assert_eq!(before["items"].as_array().unwrap().len(), 1);
    assert_eq!(before["items"][0]["state"]["status"], "paid");
    assert_eq!(book.json("/v1/states/Payment").await["items"], json!([]));
}

#[tokio::test]
async fn a_snapshot_is_taken_and_listed() {
    let book = Book::of_orders().await;
    let taken = book.post("/v1/aggregates/Order/1/snapshots", &json!(null)).await;
    assert_eq!((taken.status, &taken.json()["version"]), (StatusCode::CREATED, &json!(3)));
    assert_eq!(book.json("/v1/snapshots").await["items"][0], taken.json());
    assert_eq!(book.json("/v1/aggregates/Order/1/snapshots").await["items"][0]["isCurrent"], true);
    assert_eq!(book.json("/v1/aggregates/Order/2%2Fa/snapshots").await["items"], json!([]));
}

#[tokio::test]
async fn what_cannot_be_asked_of_an_aggregate_is_named() {
    let book = Book::of_orders().await;
    for (path, parameter) in [
        ("state?at=x", "at"),
        ("state?version=1&at=now", "version"),
        ("state?version=one", "version"),
        ("diff?from=x", "from"),
        ("timeline?to=x", "to"),
        ("blame?on=1", "on"),
        ("replay?until=2", "until"),
        ("undo", ""),
        ("undo?version=-1", "version"),
        ("snapshots?limit=1", "limit"),
        ("events?type=x", "type"),
    ] {
        let answer = book.get(&format!("/v1/aggregates/Order/1/{path}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}: {}", answer.text);
        if !parameter.is_empty() {
            assert_eq!(answer.json()["parameter"], parameter, "{path}");
        }
    }
}
