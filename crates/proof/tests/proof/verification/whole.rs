//! Logs that are in order, and what is told beside problems.

use std::sync::Mutex;

use annals_event::{ActorId, Committed, CommittedField, Opening, Position};
use annals_proof::{KeyPeriod, Verification, VerifyOptions, VerifyProgress, verify};
use annals_store::{EventStore, Problem};
use annals_tlog::{Commitments, Hash, Signer, derive_salt};

use crate::altered_store::AlteredStore;
use crate::log::{grow, key, log_of};

use super::{altered, found, signed_log, verified};

#[tokio::test]
async fn an_unaltered_log_is_in_order() {
    let store = signed_log().await;
    let head = store.head().await.unwrap();
    let expected = Verification {
        ok: true,
        size: 700,
        root: Some(head.root),
        events: 700,
        checkpoints: 4,
        unsigned_tail: 10,
        keys: vec![KeyPeriod { key: key().verifier_key().clone(), began: None, ended: None }],
        predecessor: None,
        problems: Vec::new(),
        problems_omitted: 0,
        unchecked: Vec::new(),
    };
    assert_eq!(verified(&*store).await, expected);
    for page_len in [1, 7, 256, 1_000] {
        let mut copy = AlteredStore::copy(&store).await;
        copy.page_len = page_len;
        assert_eq!(verified(&copy).await, expected, "pages of {page_len}");
    }
}

#[tokio::test]
async fn an_empty_log_is_in_order() {
    let verification = verified(&*log_of(1, 0).await).await;
    assert!(verification.ok);
    assert_eq!((verification.size, verification.root), (0, Some(Hash::EMPTY_ROOT)));
}

#[tokio::test]
async fn what_was_erased_is_in_order_as_long_as_its_commitment_is() {
    let mut store = altered().await;
    for index in [300, 307] {
        let row = store.event(index);
        let all = Commitments::recompute(&row.event, &row.opening).unwrap();
        let Opening::Secret(secret) = row.opening.clone() else { panic!() };
        row.event.aggregate_id = Committed::Erased(all.aggregate_id);
        let others = CommittedField::ALL.into_iter().filter(|field| *field != CommittedField::AggregateId);
        row.opening = Opening::Salts(others.map(|field| (field, derive_salt(&secret, field))).collect());
    }
    assert_eq!(found(&store).await, []);

    let erased = store.event(300);
    erased.event.aggregate_id = Committed::Erased(annals_event::Commitment([3; 32]));
    assert_eq!(found(&store).await, [("event-altered", Some(300))]);
}

#[tokio::test]
async fn what_the_store_itself_found_is_told_once() {
    let mut store = altered().await;
    store.event(300).event.actor_id = Committed::Value(ActorId::anonymous());
    let problem =
        |code, position: u64| Problem { code, position: Some(Position(position)), detail: String::new() };
    store.inspected.problems = vec![problem("event-altered", 300), problem("index-differs", 300)];
    assert_eq!(found(&store).await, [("event-altered", Some(300)), ("index-differs", Some(300))]);
}

#[tokio::test]
async fn what_the_store_could_not_look_at_is_told_and_is_no_problem() {
    let mut store = altered().await;
    store.inspected.unchecked = vec!["the weather was bad".to_owned()];
    let verification = verified(&store).await;
    assert!(verification.ok, "{verification:?}");
    assert_eq!(verification.unchecked, ["the weather was bad"]);
}

#[tokio::test]
async fn progress_is_told_up_to_the_end() {
    let told = Mutex::new(Vec::new());
    let progress = |progress: VerifyProgress| told.lock().unwrap().push(progress);
    let options = VerifyOptions { progress: Some(&progress), ..VerifyOptions::default() };
    verify(&altered().await, options).await.unwrap();
    let told = told.into_inner().unwrap();
    assert!(told.is_sorted_by_key(|progress| progress.checked));
    assert_eq!(told.last(), Some(&VerifyProgress { checked: 700, size: 700 }));
}

#[tokio::test]
async fn a_log_that_grows_meanwhile_is_in_order() {
    let store = signed_log().await;
    let growing = store.clone();
    let growth = tokio::spawn(async move {
        for number in 700..800 {
            grow(&growing, number..number + 1).await;
            tokio::task::yield_now().await;
        }
    });
    let verification = verify(&*store, VerifyOptions::default()).await.unwrap();
    growth.await.unwrap();
    assert!(verification.ok, "{verification:?}");
}
