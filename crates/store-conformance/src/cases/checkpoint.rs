//! Signed checkpoints are kept as they are; a log's keys are known.

use annals_store::StoreError;
use annals_tlog::{Hash, LogCheckpoint, Origin, SignedCheckpoint, Signer, SigningKey, VerifierKey};

use crate::build::events;
use crate::fixture::Fixture;

fn key(origin: &Origin, seed: u8) -> SigningKey {
    SigningKey::from_seed(origin.clone().into(), &[seed; 32])
}

/// A checkpoint of the log when it held `size` events.
async fn signed(t: &Fixture, size: u64) -> SignedCheckpoint {
    let store = t.store();
    let root = store.root_at(size).await.unwrap();
    sign(store.origin(), size, root)
}

fn sign(origin: &Origin, size: u64, root: Hash) -> SignedCheckpoint {
    let checkpoint = LogCheckpoint { origin: origin.clone(), size, root, extensions: Vec::new() };
    SignedCheckpoint::sign(&checkpoint, &key(origin, 7)).unwrap()
}

async fn keep(t: &Fixture, size: u64) -> SignedCheckpoint {
    let checkpoint = signed(t, size).await;
    t.store().keep_checkpoint(&checkpoint).await.unwrap();
    checkpoint
}

async fn refuse(t: &Fixture, checkpoint: &SignedCheckpoint) {
    let newest = t.store().newest_checkpoint().await.unwrap();
    let error = t.store().keep_checkpoint(checkpoint).await.unwrap_err();
    assert!(matches!(error, StoreError::CheckpointRefused { .. }), "{error:?}");
    assert_eq!(t.store().newest_checkpoint().await.unwrap(), newest);
}

async fn sizes(t: &Fixture, after: Option<u64>, limit: usize) -> Vec<u64> {
    let kept = t.store().checkpoints(after, limit).await.unwrap();
    kept.iter().map(|checkpoint| checkpoint.unverified().size).collect()
}

pub(crate) async fn none_is_kept_at_first(t: Fixture) {
    assert_eq!(t.store().newest_checkpoint().await.unwrap(), None);
    assert!(sizes(&t, None, 10).await.is_empty());
    assert!(t.store().verifier_keys().await.unwrap().is_empty());
}

pub(crate) async fn the_newest_is_the_largest(t: Fixture) {
    t.append(events("Order/1", 5)).await;
    for size in [1, 3, 5] {
        let checkpoint = keep(&t, size).await;
        assert_eq!(t.store().newest_checkpoint().await.unwrap(), Some(checkpoint));
    }
}

pub(crate) async fn the_newest_may_be_kept_again(t: Fixture) {
    t.append(events("Order/1", 5)).await;
    let checkpoint = keep(&t, 3).await;
    t.store().keep_checkpoint(&checkpoint).await.unwrap();
    assert_eq!(sizes(&t, None, 10).await, [3]);
}

pub(crate) async fn one_that_is_not_larger_is_refused(t: Fixture) {
    t.append(events("Order/1", 5)).await;
    let older = keep(&t, 2).await;
    keep(&t, 3).await;
    refuse(&t, &older).await;
    refuse(&t, &signed(&t, 1).await).await;
    let store = t.store();
    let other_root = sign(store.origin(), 3, Hash::from_bytes([7; 32]));
    refuse(&t, &other_root).await;
}

pub(crate) async fn one_larger_than_the_log_is_refused(t: Fixture) {
    t.append(events("Order/1", 5)).await;
    let store = t.store();
    refuse(&t, &sign(store.origin(), 6, Hash::from_bytes([7; 32]))).await;
    keep(&t, 5).await;
}

pub(crate) async fn one_of_another_log_is_refused(t: Fixture) {
    t.append(events("Order/1", 5)).await;
    let root = t.store().root_at(5).await.unwrap();
    let other: Origin = "elsewhere.example/log".parse().unwrap();
    refuse(&t, &sign(&other, 5, root)).await;
}

pub(crate) async fn those_kept_are_listed_by_size(t: Fixture) {
    t.append(events("Order/1", 9)).await;
    for size in [1, 2, 4, 8, 9] {
        keep(&t, size).await;
    }
    assert_eq!(sizes(&t, None, 10).await, [1, 2, 4, 8, 9]);
    assert_eq!(sizes(&t, None, 2).await, [1, 2]);
    assert_eq!(sizes(&t, Some(2), 2).await, [4, 8]);
    assert_eq!(sizes(&t, Some(3), 10).await, [4, 8, 9]);
    assert!(sizes(&t, Some(9), 10).await.is_empty());
    assert!(sizes(&t, None, 0).await.is_empty());
}

pub(crate) async fn is_kept_byte_for_byte_with_all_signatures(t: Fixture) {
    t.append(events("Order/1", 3)).await;
    let store = t.store();
    let mut checkpoint = signed(&t, 3).await;
    let text = checkpoint.unverified().to_string();
    checkpoint.add_signature(key(store.origin(), 8).sign(text.as_bytes()).unwrap()).unwrap();
    store.keep_checkpoint(&checkpoint).await.unwrap();
    let kept = store.newest_checkpoint().await.unwrap().unwrap();
    assert_eq!(kept.to_string(), checkpoint.to_string());
    kept.verify([key(store.origin(), 7).verifier_key()]).unwrap();
}

pub(crate) async fn is_there_after_reopening(mut t: Fixture) {
    t.append(events("Order/1", 3)).await;
    let (origin, checkpoint) = (t.store().origin().clone(), keep(&t, 2).await);
    t.store().add_verifier_key(key(&origin, 7).verifier_key()).await.unwrap();
    t.reopen().await;
    assert_eq!(*t.store().origin(), origin);
    assert_eq!(t.store().newest_checkpoint().await.unwrap(), Some(checkpoint));
    assert_eq!(t.store().verifier_keys().await.unwrap(), [key(&origin, 7).verifier_key().clone()]);
    keep(&t, 3).await;
}

pub(crate) async fn keys_are_listed_the_current_one_last(t: Fixture) {
    let origin = t.store().origin().clone();
    let keys: Vec<VerifierKey> = [1, 2].map(|seed| key(&origin, seed).verifier_key().clone()).to_vec();
    for key in &keys {
        t.store().add_verifier_key(key).await.unwrap();
        t.store().add_verifier_key(key).await.unwrap();
    }
    assert_eq!(t.store().verifier_keys().await.unwrap(), keys);
}
