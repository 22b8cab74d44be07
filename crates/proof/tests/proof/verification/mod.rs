//! Verification of logs that somebody altered.

mod checkpoints;
mod events;
mod tree;
mod whole;

use std::sync::Arc;

use annals_proof::{Verification, VerifyOptions, verify};
use annals_store::{MemoryStore, Store};

use crate::altered_store::AlteredStore;
use crate::log::{grow, log_of, signer};

/// 700 events, signed at 100, 300, 512 and 690.
pub(super) async fn signed_log() -> Arc<MemoryStore> {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 0).await;
    let mut from = 0;
    for size in [100, 300, 512, 690] {
        grow(&store, from..size).await;
        from = size;
        signer(&store, &folder).sign_now().await.unwrap();
    }
    grow(&store, from..700).await;
    store
}

pub(super) async fn altered() -> AlteredStore {
    AlteredStore::copy(&signed_log().await).await
}

pub(super) async fn verified(store: &dyn Store) -> Verification {
    let verification = verify(store, VerifyOptions::default()).await.unwrap();
    assert_eq!(verification.ok, verification.problems.is_empty());
    verification
}

/// What was found, as codes and positions.
pub(super) async fn found(store: &dyn Store) -> Vec<(&'static str, Option<u64>)> {
    let problems = verified(store).await.problems;
    problems.iter().map(|problem| (problem.code, problem.position.map(|position| position.0))).collect()
}
