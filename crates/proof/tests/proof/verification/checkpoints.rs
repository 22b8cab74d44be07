//! What only a signature shows.

use annals_event::{ActorId, Committed};
use annals_proof::{VerifyOptions, verify};
use annals_store::{CheckpointStore, EventStore, MemoryStore};
use annals_tlog::{Hash, LogCheckpoint, SignedCheckpoint, Signer, SigningKey};

use crate::altered_store::AlteredStore;
use crate::log::{key, log_of, origin};

use super::{altered, found, signed_log, verified};

#[tokio::test]
async fn an_event_that_was_altered_with_the_whole_tree_is_found_by_the_checkpoints() {
    let mut store = altered().await;
    store.event(400).event.actor_id = Committed::Value(ActorId::new("somebody_else").unwrap());
    store.rehash(400);
    store.rebuild_tree();
    let verification = verified(&store).await;
    let problem = &verification.problems[0];
    assert_eq!(verification.problems.len(), 1);
    assert_eq!(problem.code, "checkpoint-contradicts-log");
    assert!(problem.detail.contains("the positions 300 to 511"), "{}", problem.detail);
    assert_eq!((verification.checkpoints, verification.unsigned_tail), (2, 400));
}

#[tokio::test]
async fn only_a_checkpoint_kept_elsewhere_shows_a_rewritten_unsigned_tail() {
    let original = signed_log().await;
    let elsewhere = signer_of(&original).await;
    let mut store = AlteredStore::copy(&original).await;
    store.checkpoints.pop_if(|kept| kept.unverified().size == 700);
    store.event(695).event.actor_id = Committed::Value(ActorId::new("somebody_else").unwrap());
    store.rehash(695);
    store.rebuild_tree();
    assert!(verified(&store).await.ok);

    let options = VerifyOptions { checkpoints: vec![elsewhere], ..VerifyOptions::default() };
    let problems = verify(&store, options).await.unwrap().problems;
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code, "checkpoint-contradicts-log");
    assert!(problems[0].detail.contains("the positions 690 to 699"), "{}", problems[0].detail);
}

/// A checkpoint of the log's head that is not kept in the log.
async fn signer_of(store: &MemoryStore) -> SignedCheckpoint {
    let head = store.head().await.unwrap();
    sign(head.size, head.root, &key())
}

fn sign(size: u64, root: Hash, key: &SigningKey) -> SignedCheckpoint {
    let checkpoint = LogCheckpoint { origin: origin(), size, root, extensions: Vec::new() };
    SignedCheckpoint::sign(&checkpoint, key).unwrap()
}

#[tokio::test]
async fn a_truncated_log_is_found() {
    let original = signed_log().await;
    let shorter = log_of(1, 600).await;
    let mut store = AlteredStore::copy(&shorter).await;
    store.checkpoints = original.checkpoints(None, 9).await.unwrap();
    store.keys = original.verifier_keys().await.unwrap();
    let verification = verified(&store).await;
    assert_eq!(verification.problems.len(), 1);
    assert_eq!(verification.problems[0].code, "truncated");
    assert_eq!((verification.checkpoints, verification.unsigned_tail), (3, 88));

    // Where the kept checkpoints were removed too, only the auditor's shows it.
    store.checkpoints.truncate(3);
    assert!(verified(&store).await.ok);
    let options = VerifyOptions {
        checkpoints: original.checkpoints(None, 9).await.unwrap(),
        ..VerifyOptions::default()
    };
    assert_eq!(verify(&store, options).await.unwrap().problems[0].code, "truncated");
}

#[tokio::test]
async fn checkpoints_by_other_keys_of_other_logs_or_out_of_order_are_found() {
    let stranger = SigningKey::from_seed(origin().into(), &[8; 32]);
    let mut store = altered().await;
    let root = store.checkpoints[1].unverified().root;
    store.checkpoints[1] = sign(300, root, &stranger);
    assert_eq!(found(&store).await, [("checkpoint-altered", None)]);

    let other = "example.com/other".parse().unwrap();
    let other_key = SigningKey::from_seed("example.com/other".parse().unwrap(), &[7; 32]);
    let foreign = LogCheckpoint { origin: other, size: 300, root, extensions: Vec::new() };
    store.checkpoints[1] = SignedCheckpoint::sign(&foreign, &other_key).unwrap();
    store.keys.push(other_key.verifier_key().clone());
    assert_eq!(found(&store).await, [("key-altered", None), ("checkpoint-altered", None)]);

    let mut store = altered().await;
    store.checkpoints.swap(1, 2);
    assert!(found(&store).await.contains(&("checkpoint-altered", None)));
}

#[tokio::test]
async fn the_key_beside_the_store_need_not_be_trusted() {
    // Somebody replaced everything: events, tree, key and checkpoints.
    let folder = tempfile::tempdir().unwrap();
    let forged = log_of(2, 50).await;
    let stranger = SigningKey::from_seed(origin().into(), &[8; 32]);
    let state = annals_proof::SigningState::in_folder(folder.path(), &origin());
    let signer = annals_proof::CheckpointSigner::new(forged.clone(), stranger, state).unwrap();
    signer.sign_now().await.unwrap();
    assert!(verified(&*forged).await.ok);
    let verifier_keys = vec![key().verifier_key().clone()];
    let options = VerifyOptions { verifier_keys, ..VerifyOptions::default() };
    let verification = verify(&*forged, options).await.unwrap();
    assert_eq!(verification.problems[0].code, "checkpoint-altered");
    assert_eq!((verification.checkpoints, verification.unsigned_tail), (0, 50));
}
