//! Going on for a log that can no longer be signed.

use std::sync::Arc;

use annals_event::Limits;
use annals_proof::{Predecessor, ProofError, SigningState, VerifyOptions, verify};
use annals_store::{EventStore, MemoryStore, SystemClock, SystemRandomness};

use crate::log::{grow, log_of, origin, signer};

fn successor() -> MemoryStore {
    let origin = "example.com/log43".parse().unwrap();
    MemoryStore::with(Arc::new(SystemClock), Arc::new(SystemRandomness), Limits::default(), origin)
}

/// A log of six events that was restored from a backup, after ten were signed; and its signing state.
async fn restored(folder: &tempfile::TempDir) -> (Arc<MemoryStore>, SigningState) {
    signer(&log_of(1, 10).await, folder).sign_now().await.unwrap();
    (log_of(1, 6).await, SigningState::in_folder(folder.path(), &origin()))
}

#[tokio::test]
async fn the_first_event_names_what_was_left_and_what_was_signed() {
    let folder = tempfile::tempdir().unwrap();
    let (old, state) = restored(&folder).await;
    let predecessor = Predecessor::of(&*old, &state).await.unwrap();
    assert_eq!((predecessor.head.size, predecessor.signed.unwrap().size), (6, 10));

    let new = successor();
    predecessor.record_in(&new).await.unwrap();
    assert_eq!(Predecessor::named_by(&new).await.unwrap(), Some(predecessor.clone()));
    let verification = verify(&new, VerifyOptions::default()).await.unwrap();
    assert!(verification.ok, "{:?}", verification.problems);
    assert_eq!(verification.predecessor, Some(predecessor));
}

#[tokio::test]
async fn the_newest_kept_checkpoint_goes_along_as_it_was_signed() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 4).await;
    let kept = signer(&store, &folder).sign_now().await.unwrap();
    grow(&store, 4..6).await;
    let state = SigningState::in_folder(folder.path(), &origin());
    let new = successor();
    Predecessor::of(&*store, &state).await.unwrap().record_in(&new).await.unwrap();
    assert_eq!(Predecessor::named_by(&new).await.unwrap().unwrap().checkpoint, Some(kept));
}

#[tokio::test]
async fn recording_it_again_changes_nothing_and_another_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (old, state) = restored(&folder).await;
    let predecessor = Predecessor::of(&*old, &state).await.unwrap();
    let new = successor();
    predecessor.record_in(&new).await.unwrap();
    predecessor.record_in(&new).await.unwrap();
    grow(&old, 6..7).await;
    let later = Predecessor::of(&*old, &state).await.unwrap();
    let error = later.record_in(&new).await.unwrap_err();
    assert!(matches!(error, ProofError::NotEmpty { size: 1, .. }), "{error}");
    assert_eq!(new.head().await.unwrap().size, 1);
}

#[tokio::test]
async fn only_the_log_that_is_named_is_the_predecessor() {
    let folder = tempfile::tempdir().unwrap();
    let (old, state) = restored(&folder).await;
    let predecessor = Predecessor::of(&*old, &state).await.unwrap();
    predecessor.must_be(&*old).await.unwrap();
    predecessor.must_be(&*log_of(1, 8).await).await.unwrap();
    for (other, what) in [(log_of(1, 5).await, "shorter"), (log_of(2, 6).await, "altered")] {
        let error = predecessor.must_be(&*other).await.unwrap_err();
        assert!(matches!(error, ProofError::PredecessorDiffers { .. }), "{what}: {error}");
    }
    assert!(matches!(predecessor.must_be(&successor()).await, Err(ProofError::PredecessorDiffers { .. })));
}

#[tokio::test]
async fn an_ordinary_log_names_none() {
    assert_eq!(Predecessor::named_by(&*log_of(1, 3).await).await.unwrap(), None);
    assert_eq!(Predecessor::named_by(&*log_of(1, 0).await).await.unwrap(), None);
}
