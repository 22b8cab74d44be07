use std::fs;
use std::sync::Arc;

use annals_proof::{CheckpointSigner, ProofError, SigningState};
use annals_store::{CheckpointStore, EventStore, MemoryStore, StoreError};
use annals_tlog::{SignedCheckpoint, SigningKey, TreeHead};

use crate::altered_store::AlteredStore;
use crate::log::{grow, key, log_of, origin, signer};

/// The log, signed at `size`, with everything that was signed before.
async fn keep_all(from: &MemoryStore, to: &MemoryStore) {
    for checkpoint in from.checkpoints(None, usize::MAX).await.unwrap() {
        to.keep_checkpoint(&checkpoint).await.unwrap();
    }
}

fn state(folder: &tempfile::TempDir) -> SigningState {
    SigningState::in_folder(folder.path(), &origin())
}

#[tokio::test]
async fn a_signed_checkpoint_is_kept_with_its_key_and_its_state() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 300).await;
    let signed = signer(&store, &folder).sign_now().await.unwrap();
    let head = store.head().await.unwrap();
    let tree = TreeHead { size: 300, root: head.root };
    assert_eq!(signed.verify(&store.verifier_keys().await.unwrap()).unwrap().tree(), tree);
    assert_eq!(store.newest_checkpoint().await.unwrap(), Some(signed));
    assert_eq!(state(&folder).read().unwrap(), Some(tree));
}

#[tokio::test]
async fn a_head_that_is_signed_already_is_not_signed_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 3).await;
    let first = signer(&store, &folder).sign_now().await.unwrap();
    assert_eq!(signer(&store, &folder).sign_now().await.unwrap(), first);
    assert_eq!(store.checkpoints(None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn requests_at_the_same_time_share_one_signature() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 5).await;
    let signer = Arc::new(signer(&store, &folder));
    let requests: Vec<_> = (0..16)
        .map(|_| {
            let signer = signer.clone();
            tokio::spawn(async move { signer.covering(4).await.unwrap() })
        })
        .collect();
    for request in requests {
        assert_eq!(request.await.unwrap().unverified().size, 5);
    }
    assert_eq!(store.checkpoints(None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn refuses_a_rewound_log() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 10).await;
    signer(&store, &folder).sign_now().await.unwrap();
    for size in [0, 4, 9] {
        let restored = log_of(1, size).await;
        let error = signer(&restored, &folder).sign_now().await.unwrap_err();
        assert!(
            matches!(error, ProofError::Rewound { signed, found, .. } if signed.size == 10 && found.size == size),
            "{error}"
        );
        assert_eq!(restored.newest_checkpoint().await.unwrap(), None);
    }
}

#[tokio::test]
async fn refuses_a_fork_of_the_same_size_and_a_longer_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 10).await;
    let signed = signer(&store, &folder).sign_now().await.unwrap();
    for size in [10, 11, 300] {
        let fork = log_of(1, 4).await;
        let other = log_of(2, size).await;
        grow(&fork, 5..size + 1).await;
        for fork in [fork, other] {
            let error = signer(&fork, &folder).sign_now().await.unwrap_err();
            let expected = signed.unverified().tree();
            assert!(matches!(error, ProofError::Forked { signed, .. } if signed == expected), "{error}");
        }
    }
}

#[tokio::test]
async fn refuses_to_sign_when_the_state_is_lost_until_a_checkpoint_is_adopted() {
    let (folder, lost) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = log_of(1, 10).await;
    let checkpoint = signer(&store, &folder).sign_now().await.unwrap();
    grow(&store, 10..12).await;

    let signer = signer(&store, &lost);
    for result in [signer.check().await, signer.sign_now().await.map(drop)] {
        let error = result.unwrap_err();
        assert!(matches!(error, ProofError::StateMissing { kept_size: 10, .. }), "{error}");
        assert!(error.to_string().contains("annals key adopt --checkpoint FILE"));
    }
    assert_eq!(signer.adopt(&checkpoint).await.unwrap().size, 10);
    assert_eq!(signer.sign_now().await.unwrap().unverified().size, 12);
}

#[tokio::test]
async fn refuses_a_damaged_state_until_a_checkpoint_is_adopted() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 10).await;
    let checkpoint = signer(&store, &folder).sign_now().await.unwrap();
    grow(&store, 10..12).await;
    let whole = fs::read(state(&folder).path()).unwrap();
    for damaged in [
        &b""[..],
        &whole[..whole.len() - 3],
        b"example.com/other\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
    ] {
        fs::write(state(&folder).path(), damaged).unwrap();
        let error = signer(&store, &folder).sign_now().await.unwrap_err();
        assert!(matches!(error, ProofError::StateUnreadable { .. }), "{error}");
    }
    signer(&store, &folder).adopt(&checkpoint).await.unwrap();
    assert_eq!(signer(&store, &folder).sign_now().await.unwrap().unverified().size, 12);
}

#[tokio::test]
async fn adopts_no_checkpoint_of_another_key_log_or_history() {
    let (folder, lost) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = log_of(1, 10).await;
    signer(&store, &folder).sign_now().await.unwrap();
    let signer = signer(&store, &lost);

    let fork = log_of(2, 8).await;
    let forked = crate::log::signer(&fork, &tempfile::tempdir().unwrap()).sign_now().await.unwrap();
    assert!(matches!(signer.adopt(&forked).await, Err(ProofError::Forked { .. })));

    let longer = log_of(1, 11).await;
    let longer = crate::log::signer(&longer, &tempfile::tempdir().unwrap()).sign_now().await.unwrap();
    assert!(matches!(signer.adopt(&longer).await, Err(ProofError::Rewound { .. })));

    let stranger = SigningKey::from_seed(origin().into(), &[8; 32]);
    let by_stranger = SignedCheckpoint::sign(forked.unverified(), &stranger).unwrap();
    assert!(matches!(signer.adopt(&by_stranger).await, Err(ProofError::Tlog(_))));
    assert_eq!(state(&lost).read().unwrap(), None);
}

#[tokio::test]
async fn adopting_an_older_checkpoint_moves_nothing_backwards() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 5).await;
    let older = signer(&store, &folder).sign_now().await.unwrap();
    grow(&store, 5..9).await;
    signer(&store, &folder).sign_now().await.unwrap();
    assert_eq!(signer(&store, &folder).adopt(&older).await.unwrap().size, 9);
    assert_eq!(state(&folder).read().unwrap().unwrap().size, 9);
}

#[tokio::test]
async fn adopting_never_outvotes_a_state_that_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let older = signer(&log_of(1, 5).await, &folder).sign_now().await.unwrap();
    signer(&log_of(1, 9).await, &folder).sign_now().await.unwrap();
    let rewound = signer(&log_of(1, 7).await, &folder).adopt(&older).await;
    assert!(matches!(rewound, Err(ProofError::Rewound { signed, .. }) if signed.size == 9));
    assert_eq!(signer(&log_of(1, 12).await, &folder).adopt(&older).await.unwrap().size, 9);
}

#[tokio::test]
async fn refuses_a_head_that_its_own_tree_does_not_lead_to() {
    let (folder, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    signer(&log_of(1, 5).await, &folder).sign_now().await.unwrap();
    let mut forged = AlteredStore::copy(&log_of(1, 10).await).await;
    forged.head.root = log_of(2, 10).await.head().await.unwrap().root;
    let forged = Arc::new(forged);
    let sign = async |folder| {
        let signer = CheckpointSigner::new(forged.clone(), key(), state(folder)).unwrap();
        signer.sign_now().await.unwrap_err()
    };
    assert!(matches!(sign(&folder).await, ProofError::Forked { .. }));
    assert!(matches!(sign(&fresh).await, ProofError::Store(StoreError::Corrupt { .. })));
    assert_eq!(state(&fresh).read().unwrap(), None);
}

#[tokio::test]
async fn a_copy_beside_another_server_learns_from_the_kept_checkpoints() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = log_of(1, 5).await;
    signer(&store, &here).sign_now().await.unwrap();
    fs::copy(state(&here).path(), state(&there).path()).unwrap();
    grow(&store, 5..9).await;
    signer(&store, &here).sign_now().await.unwrap();

    // The state over there ends at 5; a log that forks behind that, but keeps what was signed at 9, is noticed.
    let fork = log_of(1, 5).await;
    grow(&fork, 6..12).await;
    keep_all(&store, &fork).await;
    let error = signer(&fork, &there).sign_now().await.unwrap_err();
    assert!(matches!(error, ProofError::Forked { signed, .. } if signed.size == 9), "{error}");

    let copy = log_of(1, 12).await;
    keep_all(&store, &copy).await;
    assert_eq!(signer(&copy, &there).sign_now().await.unwrap().unverified().size, 12);
}

#[tokio::test]
async fn refuses_a_key_that_is_not_the_one_recorded_beside_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 5).await;
    signer(&store, &folder).sign_now().await.unwrap();
    let stranger = SigningKey::from_seed(origin().into(), &[8; 32]);
    let stranger = CheckpointSigner::new(store.clone(), stranger, state(&folder)).unwrap();
    let error = stranger.sign_now().await.unwrap_err();
    assert!(matches!(error, ProofError::KeyMismatch { recorded: Some(_), .. }), "{error}");

    // That it is recorded does not help a key to which no rotation leads.
    store.add_verifier_key(stranger.verifier_key()).await.unwrap();
    let error = stranger.sign_now().await.unwrap_err();
    assert!(matches!(error, ProofError::KeyMismatch { recorded: Some(_), .. }), "{error}");

    // Nor where the kept checkpoints are signed by another.
    let unrecorded = log_of(1, 5).await;
    keep_all(&store, &unrecorded).await;
    let stranger = SigningKey::from_seed(origin().into(), &[8; 32]);
    let stranger = CheckpointSigner::new(unrecorded, stranger, state(&folder)).unwrap();
    let error = stranger.sign_now().await.unwrap_err();
    assert!(matches!(error, ProofError::KeyMismatch { recorded: None, .. }), "{error}");
}

#[tokio::test]
async fn a_key_of_another_name_makes_no_signer() {
    let folder = tempfile::tempdir().unwrap();
    let other = SigningKey::from_seed("example.com/other".parse().unwrap(), &[7; 32]);
    let made = CheckpointSigner::new(log_of(1, 1).await, other, state(&folder));
    assert!(matches!(made, Err(ProofError::KeyOfAnotherLog { .. })));
}

#[tokio::test]
async fn a_state_that_was_written_without_its_note_leads_to_the_same_note() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 10).await;
    let signed = signer(&store, &folder).sign_now().await.unwrap();
    // The same log after a crash between writing the state and keeping the note.
    let crashed = log_of(1, 10).await;
    assert_eq!(signer(&crashed, &folder).sign_now().await.unwrap(), signed);
}
