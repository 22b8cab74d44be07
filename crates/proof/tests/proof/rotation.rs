//! Handing a log over to another key.

use std::sync::Arc;

use annals_event::{EventType, JsonObject, NewEvent, write_json_string};
use annals_proof::{
    CheckpointSigner, KeyHistory, KeyRotation, ProofError, SigningState, Verification, VerifyOptions, verify,
};
use annals_store::{
    Append, Authority, CheckpointStore, EventStore, MemoryStore, PageRequest, Query, StoreError, log_stream,
};
use annals_tlog::{Note, Origin, SignedCheckpoint, Signer, SigningKey, TreeHead, VerifierKey};

use crate::log::{grow, key, log_of, origin};

/// The log's keys in their order; the first is that of [`key`].
fn nth(index: u8) -> SigningKey {
    SigningKey::from_seed(origin().into(), &[7 + index; 32])
}

fn vkey(index: u8) -> VerifierKey {
    nth(index).verifier_key().clone()
}

fn signer_with(store: &Arc<MemoryStore>, key: SigningKey, folder: &tempfile::TempDir) -> CheckpointSigner {
    CheckpointSigner::new(store.clone(), key, SigningState::in_folder(folder.path(), &origin())).unwrap()
}

/// A log of ten events that was handed over twice, each key of which signed two checkpoints.
async fn rotated_log() -> (Arc<MemoryStore>, Vec<KeyRotation>) {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 3).await;
    let mut rotations = Vec::new();
    for index in 0..2 {
        let signer = signer_with(&store, nth(index), &folder);
        signer.sign_now().await.unwrap();
        grow(&store, 10..12).await;
        rotations.push(signer.rotate(&nth(index + 1)).await.unwrap());
    }
    signer_with(&store, nth(2), &folder).sign_now().await.unwrap();
    grow(&store, 20..21).await;
    signer_with(&store, nth(2), &folder).sign_now().await.unwrap();
    (store, rotations)
}

async fn verified_with(store: &MemoryStore, verifier_keys: Vec<VerifierKey>) -> Verification {
    verify(store, VerifyOptions { verifier_keys, ..VerifyOptions::default() }).await.unwrap()
}

fn codes(verification: &Verification) -> Vec<(&'static str, Option<u64>)> {
    verification.problems.iter().map(|problem| (problem.code, problem.position.map(|at| at.0))).collect()
}

#[tokio::test]
async fn every_key_speaks_for_its_part_of_the_log() {
    let (store, rotations) = rotated_log().await;
    let positions: Vec<u64> = rotations.iter().map(|rotation| rotation.at.size).collect();
    assert_eq!(positions, [5, 8]);
    for checkpoint in store.checkpoints(None, 100).await.unwrap() {
        let size = checkpoint.unverified().size;
        let expected = nth(u8::from(size > 5) + u8::from(size > 8));
        checkpoint.verify([expected.verifier_key()]).unwrap();
    }
    assert_eq!(store.verifier_keys().await.unwrap(), [vkey(0), vkey(1), vkey(2)]);
}

#[tokio::test]
async fn from_any_key_that_somebody_kept_the_rotations_lead_to_all_others() {
    let (store, _) = rotated_log().await;
    for kept in [vec![], vec![vkey(0)], vec![vkey(1)], vec![vkey(2)], vec![vkey(2), vkey(0)]] {
        let verification = verified_with(&store, kept).await;
        assert!(verification.ok, "{:?}", verification.problems);
        assert_eq!((verification.checkpoints, verification.unsigned_tail), (6, 0));
        let keys: Vec<_> = verification.keys.iter().map(|period| period.key.clone()).collect();
        assert_eq!(keys, [vkey(0), vkey(1), vkey(2)]);
    }
    let stranger = SigningKey::from_seed(origin().into(), &[99; 32]).verifier_key().clone();
    assert!(!verified_with(&store, vec![stranger]).await.ok);
}

#[tokio::test]
async fn the_key_that_went_signs_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 3).await;
    let old = signer_with(&store, key(), &folder);
    old.rotate(&nth(1)).await.unwrap();
    grow(&store, 5..6).await;
    for error in [old.sign_now().await.map(drop), old.rotate(&nth(2)).await.map(drop), old.check().await] {
        let error = error.unwrap_err();
        let says = matches!(&error, ProofError::KeyMismatch { recorded: Some(now), .. } if **now == vkey(1));
        assert!(says, "{error}");
    }
    assert_eq!(store.newest_checkpoint().await.unwrap().unwrap().unverified().size, 3);
}

#[tokio::test]
async fn a_key_that_went_does_not_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 3).await;
    signer_with(&store, key(), &folder).rotate(&nth(1)).await.unwrap();
    let signer = signer_with(&store, nth(1), &folder);
    for known in [key(), nth(1)] {
        let error = signer.rotate(&known).await.unwrap_err();
        assert!(matches!(error, ProofError::RotationRefused { .. }), "{error}");
    }
    let other = SigningKey::from_seed("example.com/other".parse().unwrap(), &[7; 32]);
    assert!(matches!(signer.rotate(&other).await, Err(ProofError::KeyOfAnotherLog { .. })));
}

#[tokio::test]
async fn a_log_that_may_not_be_signed_is_not_handed_over() {
    let (folder, lost) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = log_of(1, 3).await;
    signer_with(&store, key(), &folder).sign_now().await.unwrap();
    let error = signer_with(&store, key(), &lost).rotate(&nth(1)).await.unwrap_err();
    assert!(matches!(error, ProofError::StateMissing { .. }), "{error}");
    let rewound = log_of(1, 2).await;
    let error = signer_with(&rewound, key(), &folder).rotate(&nth(1)).await.unwrap_err();
    assert!(matches!(error, ProofError::Rewound { .. }), "{error}");
    assert_eq!((store.head().await.unwrap().size, rewound.head().await.unwrap().size), (3, 2));
}

#[tokio::test]
async fn whoever_appends_meanwhile_does_not_come_between_the_signature_and_the_event() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 3).await;
    let signer = Arc::new(signer_with(&store, key(), &folder));
    let appending = tokio::spawn({
        let store = store.clone();
        async move {
            for number in 100..160 {
                grow(&store, number..number + 1).await;
                tokio::task::yield_now().await;
            }
        }
    });
    let rotation = signer.rotate(&nth(1)).await.unwrap();
    appending.await.unwrap();
    let own = Query::stream(log_stream(&origin()).unwrap());
    let page = store.read_page(&own, PageRequest::default()).await.unwrap();
    assert_eq!(page.events[0].position.0, rotation.at.size);
    assert!(verified_with(&store, vec![vkey(0)]).await.ok);
}

#[tokio::test]
async fn a_crash_between_the_event_and_its_bookkeeping_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 3).await;
    let old = signer_with(&store, key(), &folder);
    let at = old.sign_now().await.unwrap().unverified().tree();
    // The event alone, as if the process had died before it noted the key beside the log.
    let payload = payload_of(&note(&origin(), at, &[&nth(0), &nth(1)], &vkey(0), &vkey(1)));
    append_rotation(&store, &payload).await;
    assert_eq!(store.verifier_keys().await.unwrap(), [vkey(0)]);
    assert!(verified_with(&store, vec![]).await.ok);
    assert!(old.sign_now().await.is_err());
    signer_with(&store, nth(1), &folder).sign_now().await.unwrap();
    assert_eq!(store.verifier_keys().await.unwrap(), [vkey(0), vkey(1)]);
}

/// A rotation's note as anybody could write it, signed by whom they like.
fn note(of: &Origin, at: TreeHead, by: &[&SigningKey], from: &VerifierKey, to: &VerifierKey) -> Note {
    let TreeHead { size, root } = at;
    let text = format!("Annals key rotation, version 1\n{of}\n{size}\n{root}\n{from}\n{to}\n");
    let mut note = Note::sign(text, by[0]).unwrap();
    for signer in &by[1..] {
        note.add_signature(signer.sign(note.text().as_bytes()).unwrap()).unwrap();
    }
    note
}

fn payload_of(note: &Note) -> String {
    let lines: Vec<&str> = note.text().lines().collect();
    let mut payload = format!(r#"{{"previousKey":"{}","key":"{}","note":"#, lines[4], lines[5]);
    write_json_string(&mut payload, &note.to_string());
    payload.push('}');
    payload
}

async fn append_rotation(store: &MemoryStore, payload: &str) {
    let stream = log_stream(&origin()).unwrap();
    let event_type = EventType::new("SigningKeyRotated").unwrap();
    let event = NewEvent::new(stream, event_type, JsonObject::new(payload.to_owned()).unwrap());
    store.append(Append { authority: Authority::Log, ..Append::event(event) }).await.unwrap();
}

/// What a forger does: the payload as an event of the log's own, and a checkpoint behind it by the forged key.
async fn forge(payload: impl Fn(TreeHead) -> String, forger: &SigningKey) -> (Verification, bool) {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 5).await;
    let honest = signer_with(&store, key(), &folder);
    honest.sign_now().await.unwrap();
    grow(&store, 5..9).await;
    let head = store.head().await.unwrap();
    append_rotation(&store, &payload(TreeHead { size: head.size, root: head.root })).await;
    let head = store.head().await.unwrap();
    let mut forged = store.newest_checkpoint().await.unwrap().unwrap().unverified().clone();
    (forged.size, forged.root) = (head.size, head.root);
    store.keep_checkpoint(&SignedCheckpoint::sign(&forged, forger).unwrap()).await.unwrap();
    let is_signer_refused =
        signer_with(&store, SigningKey::from_seed(origin().into(), &[8; 32]), &folder).check().await.is_err();
    (verified_with(&store, vec![vkey(0)]).await, is_signer_refused)
}

#[tokio::test]
async fn a_producer_cannot_record_a_rotation_even_one_that_both_keys_signed() {
    let store = log_of(1, 3).await;
    let head = store.head().await.unwrap();
    let at = TreeHead { size: head.size, root: head.root };
    let payload = payload_of(&note(&origin(), at, &[&nth(0), &nth(1)], &vkey(0), &vkey(1)));
    let (stream, event_type) = (log_stream(&origin()).unwrap(), EventType::new("SigningKeyRotated").unwrap());
    let event = NewEvent::new(stream, event_type, JsonObject::new(payload).unwrap());
    let refused = store.append(Append::event(event)).await;
    assert!(matches!(refused, Err(StoreError::ReservedStream { index: 0, .. })), "{refused:?}");
    assert_eq!(store.head().await.unwrap(), head);
}

#[tokio::test]
async fn forged_rotations_hand_nothing_over() {
    let other: Origin = "example.com/other".parse().unwrap();
    let foreign = |seed| SigningKey::from_seed(other.clone().into(), &[seed; 32]);
    let forger = nth(1);
    let stranger = nth(50);
    let elsewhere = |at: TreeHead| TreeHead { size: at.size - 1, ..at };
    type Forgery<'a> = (&'a str, Box<dyn Fn(TreeHead) -> String + 'a>);
    let forgeries: Vec<Forgery<'_>> = vec![
        (
            "signed by the new key only",
            Box::new(|at| payload_of(&note(&origin(), at, &[&forger], &vkey(0), &vkey(1)))),
        ),
        (
            "signed by the old key only",
            Box::new(|at| payload_of(&note(&origin(), at, &[&nth(0)], &vkey(0), &vkey(1)))),
        ),
        (
            "signed by a stranger in the name of the old key",
            Box::new(|at| payload_of(&note(&origin(), at, &[&stranger, &forger], &vkey(0), &vkey(1)))),
        ),
        (
            "from a stranger's key",
            Box::new(|at| payload_of(&note(&origin(), at, &[&stranger, &forger], &vkey(50), &vkey(1)))),
        ),
        (
            "of another origin",
            Box::new(|at| {
                let (old, new) = (foreign(7), foreign(8));
                let (from, to) = (old.verifier_key().clone(), new.verifier_key().clone());
                payload_of(&note(&other, at, &[&old, &new], &from, &to))
            }),
        ),
        (
            "of another position",
            Box::new(|at| {
                payload_of(&note(&origin(), elsewhere(at), &[&nth(0), &forger], &vkey(0), &vkey(1)))
            }),
        ),
        ("no note at all", Box::new(|_| r#"{"previousKey":"","key":"","note":"x"}"#.to_owned())),
        ("no payload", Box::new(|_| "{}".to_owned())),
    ];
    for (what, payload) in forgeries {
        let (verification, is_signer_refused) = forge(payload, &forger).await;
        let found = codes(&verification);
        assert!(found.contains(&("key-rotation-refused", Some(9))), "{what}: {found:?}");
        assert!(found.contains(&("checkpoint-altered", None)), "{what}: {found:?}");
        assert!(is_signer_refused, "{what}: the forger's key signs");
        assert_eq!(verification.keys.len(), 1, "{what}");
    }
}

#[tokio::test]
async fn a_rotation_states_the_tree_in_front_of_it() {
    // Both keys signed, but another tree: whoever has both keys still cannot contradict the log.
    let lie = |at: TreeHead| {
        let at = TreeHead { root: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".parse().unwrap(), ..at };
        payload_of(&note(&origin(), at, &[&nth(0), &nth(1)], &vkey(0), &vkey(1)))
    };
    let (verification, _) = forge(lie, &nth(1)).await;
    assert!(codes(&verification).iter().any(|(code, _)| *code == "checkpoint-contradicts-log"));
}

#[tokio::test]
async fn a_rotation_that_an_old_key_signs_after_its_time_is_refused() {
    let (store, _) = rotated_log().await;
    let head = store.head().await.unwrap();
    let at = TreeHead { size: head.size, root: head.root };
    append_rotation(&store, &payload_of(&note(&origin(), at, &[&nth(0), &nth(9)], &vkey(0), &vkey(9)))).await;
    let verification = verified_with(&store, vec![vkey(0)]).await;
    assert_eq!(codes(&verification), [("key-rotation-refused", Some(10))]);
    assert_eq!(verification.keys.last().unwrap().key, vkey(2));
}

#[tokio::test]
async fn a_checkpoint_of_a_key_outside_its_time_proves_nothing() {
    let (store, _) = rotated_log().await;
    let head = store.head().await.unwrap();
    let mut late = store.newest_checkpoint().await.unwrap().unwrap().unverified().clone();
    (late.size, late.root) = (head.size, head.root);
    for (key, ok) in [(nth(2), true), (nth(1), false), (nth(0), false)] {
        let checkpoints = vec![SignedCheckpoint::sign(&late, &key).unwrap()];
        let options = VerifyOptions { checkpoints, verifier_keys: vec![vkey(0)], ..VerifyOptions::default() };
        assert_eq!(verify(&*store, options).await.unwrap().ok, ok);
    }
}

#[tokio::test]
async fn a_key_beside_the_log_to_which_no_rotation_leads_is_reported() {
    let (store, _) = rotated_log().await;
    store.add_verifier_key(&vkey(40)).await.unwrap();
    assert_eq!(codes(&verified_with(&store, vec![]).await), [("key-altered", None)]);
}

#[tokio::test]
async fn the_notes_of_the_rotations_alone_lead_from_key_to_key() {
    let (_, rotations) = rotated_log().await;
    let read =
        rotations.iter().rev().map(|rotation| KeyRotation::parse(rotation.to_string().as_bytes()).unwrap());
    let history = KeyHistory::of_notes(&[vkey(0)], read.collect());
    assert_eq!(history.current(), Some(&vkey(2)));
    let at = |size| history.keys_at(size).cloned().collect::<Vec<_>>();
    assert_eq!((at(0), at(5), at(6)), (vec![vkey(0)], vec![vkey(0)], vec![vkey(1)]));
    assert_eq!((at(8), at(9), at(u64::MAX)), (vec![vkey(1)], vec![vkey(2)], vec![vkey(2)]));
}

#[tokio::test]
async fn a_checkpoint_that_an_earlier_key_signed_is_adopted() {
    let (folder, lost) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = log_of(1, 3).await;
    let old = signer_with(&store, key(), &folder);
    let by_old = old.sign_now().await.unwrap();
    old.rotate(&nth(1)).await.unwrap();
    let new = signer_with(&store, nth(1), &lost);
    assert!(matches!(new.sign_now().await, Err(ProofError::StateMissing { kept_size: 3, .. })));
    assert_eq!(new.adopt(&by_old).await.unwrap().size, 3);
    assert_eq!(new.sign_now().await.unwrap().unverified().size, 4);
}
