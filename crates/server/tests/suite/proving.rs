//! Receipts, checkpoints, tiles and consistency, checked as their receivers check them.

use annals::{SignedCheckpoint, check_receipt};
use axum::http::StatusCode;
use serde_json::json;

use crate::book::Book;

#[tokio::test]
async fn a_receipt_can_be_checked_as_soon_as_the_append_is_answered() {
    let book = Book::of_orders().await;
    let both = book.json("/v1/events/3/receipt?form=json").await;
    let keys = book.store.verifier_keys().await.unwrap();
    let (receipt, event_file) = (both["receipt"].as_str().unwrap(), both["eventFile"].as_str().unwrap());
    let checked = check_receipt(receipt.as_bytes(), event_file.as_bytes(), &keys).unwrap();
    assert_eq!(checked.event.position.0, 3);
    let text = book.get(&format!("/v1/events/{}/receipt", both["eventId"].as_str().unwrap())).await;
    assert_eq!((text.status, text.text.as_str()), (StatusCode::OK, receipt));
    assert_eq!(book.get("/v1/events/3/receipt?form=pdf").await.code(), "parameter-invalid");
}

#[tokio::test]
async fn the_checkpoint_and_the_tiles_lead_to_the_same_root() {
    let book = Book::of_orders().await;
    assert_eq!(
        book.get("/logs/access/checkpoint").await.status,
        StatusCode::NOT_FOUND,
        "an empty log has none"
    );
    let text = book.get("/checkpoint").await;
    assert_eq!(text.headers["cache-control"], "no-cache");
    let checkpoint = SignedCheckpoint::parse(text.text.as_bytes()).unwrap();
    let size = checkpoint.unverified().size;
    assert_eq!(book.get("/logs/main/checkpoint").await.text, text.text);
    let folder = tempfile::tempdir().unwrap();
    annals::write_tiles(&*book.store, folder.path(), &checkpoint).await.unwrap();
    for path in [format!("tile/0/000.p/{size}"), format!("tile/entries/000.p/{size}")] {
        let answer = book.get(&format!("/{path}")).await;
        let written = std::fs::read(folder.path().join(&path)).unwrap();
        assert_eq!(answer.text, String::from_utf8_lossy(&written), "{path}");
    }
    assert_eq!(book.get("/tile/0/000").await.status, StatusCode::NOT_FOUND, "it is not full yet");
}

#[tokio::test]
async fn a_full_tile_may_be_kept_for_ever() {
    let book = Book::empty().await;
    let event = json!({"eventType": "T", "aggregate": "A/1", "payload": {}});
    let many = json!({"events": vec![event; 300]});
    assert_eq!(book.post("/v1/events", &many).await.status, StatusCode::CREATED);
    // A checkpoint of that size is signed at once when a receipt needs it.
    assert_eq!(book.get("/v1/events/299/receipt").await.status, StatusCode::OK);
    let full = book.get("/tile/0/000").await;
    assert_eq!(
        (full.status, &full.headers["cache-control"]),
        (StatusCode::OK, &"public, max-age=31536000, immutable".parse().unwrap())
    );
    assert_eq!(book.get("/tile/0/001.p/44").await.headers["cache-control"], "no-store");
    assert_eq!(book.get("/tile/1/000.p/1").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_consistency_proof_has_the_roots_of_both_sizes() {
    let book = Book::of_orders().await;
    let proof = book.json("/v1/consistency?from=2&to=4").await;
    assert_eq!(proof["fromRoot"], book.store.root_at(2).await.unwrap().to_string());
    assert_eq!(proof["toRoot"], book.store.root_at(4).await.unwrap().to_string());
    let hashes = book.store.consistency_proof(2, 4).await.unwrap().hashes;
    assert_eq!(proof["proof"], json!(hashes.iter().map(ToString::to_string).collect::<Vec<_>>()));
    assert_eq!(book.json("/v1/consistency?from=1").await["to"], 4);
}
