use std::sync::Arc;
use std::time::Duration;

use annals_proof::{ProofError, SigningStatus, SigningTask};
use annals_store::CheckpointStore;

use crate::log::{empty_log, grow, log_of, signer};

#[tokio::test]
async fn signs_while_the_log_grows_and_once_more_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let store = empty_log(1);
    let task = SigningTask::spawn(Arc::new(signer(&store, &folder)), Duration::from_secs(3_600));
    let mut status = task.status();
    assert!(matches!(*status.borrow(), SigningStatus::Idle));

    grow(&store, 0..3).await;
    status.changed().await.unwrap();
    let size = match &*status.borrow_and_update() {
        SigningStatus::Signed(checkpoint) => checkpoint.unverified().size,
        other => panic!("{other:?}"),
    };
    assert!((1..=3).contains(&size));

    grow(&store, 3..9).await;
    assert_eq!(task.stop().await.unwrap().unwrap().unverified().size, 9);
    assert!(store.checkpoints(None, 10).await.unwrap().len() <= 2);
}

#[tokio::test]
async fn an_empty_log_is_not_signed_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let store = empty_log(1);
    let task = SigningTask::spawn(Arc::new(signer(&store, &folder)), Duration::from_millis(1));
    assert!(task.stop().await.unwrap().is_none());
    assert_eq!(store.newest_checkpoint().await.unwrap(), None);
}

#[tokio::test]
async fn tells_why_nothing_is_signed() {
    let folder = tempfile::tempdir().unwrap();
    signer(&log_of(1, 9).await, &folder).sign_now().await.unwrap();
    let rewound = log_of(1, 3).await;
    let task = SigningTask::spawn(Arc::new(signer(&rewound, &folder)), Duration::from_millis(1));
    let mut status = task.status();
    status.changed().await.unwrap();
    let is_refused = |status: &SigningStatus| matches!(status, SigningStatus::Refused(error) if matches!(**error, ProofError::Rewound { .. }));
    assert!(is_refused(&status.borrow()));
    assert!(matches!(task.stop().await, Err(ProofError::Rewound { .. })));
}
