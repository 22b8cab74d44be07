use annals_event::{Commitment, Committed, CommittedField, EventId, Opening};
use annals_proof::{EventDisclosure, EventProof, ProofError, SigningState, check_receipt, prove_event};
use annals_store::{CheckpointStore, MemoryStore, ProofStore, StoreError};
use annals_tlog::{Commitments, Signer, SigningKey, derive_salt};
use proptest::prelude::*;

use crate::log::{grow, key, log_of, origin, signer};

async fn id_at(store: &MemoryStore, position: u64) -> EventId {
    let row = store.stored_rows(position..position + 1).await.unwrap().remove(0);
    row.event.unwrap().event.event_id
}

async fn proof_of(size: u64, position: u64) -> EventProof {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, size).await;
    let signer = signer(&store, &folder);
    prove_event(&*store, Some(&signer), id_at(&store, position).await).await.unwrap()
}

#[tokio::test]
async fn every_event_has_a_receipt_that_verifies_without_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 300).await;
    let signer = signer(&store, &folder);
    for position in [0, 1, 127, 255, 256, 298, 299] {
        let proof = prove_event(&*store, Some(&signer), id_at(&store, position).await).await.unwrap();
        let keys = [key().verifier_key().clone()];
        let (receipt, file) = (proof.receipt.to_string(), proof.disclosure.to_string());
        let checked = check_receipt(receipt.as_bytes(), file.as_bytes(), &keys).unwrap();
        assert_eq!(checked.event.position.0, position);
        assert_eq!((checked.checkpoint.size, checked.signed_by), (300, keys.to_vec()));
    }
}

#[tokio::test]
async fn the_newest_kept_checkpoint_is_used_while_it_covers_the_event() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 10).await;
    signer(&store, &folder).sign_now().await.unwrap();
    grow(&store, 10..12).await;
    let covered = prove_event(&*store, None, id_at(&store, 9).await).await.unwrap();
    assert_eq!(covered.receipt.checkpoint.unverified().size, 10);

    let young = id_at(&store, 10).await;
    let refused = prove_event(&*store, None, young).await.unwrap_err();
    assert!(matches!(refused, ProofError::NotYetSigned { .. }), "{refused}");
    let signer = signer(&store, &folder);
    let signed = prove_event(&*store, Some(&signer), young).await.unwrap();
    assert_eq!(signed.receipt.checkpoint.unverified().size, 12);
    assert_eq!(store.checkpoints(None, 9).await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_unknown_event_has_no_receipt() {
    let store = log_of(1, 3).await;
    let result = prove_event(&*store, None, EventId::from_bytes([1; 16])).await;
    assert!(matches!(result, Err(ProofError::Store(StoreError::NotFound { .. }))));
}

#[tokio::test]
async fn no_receipt_is_signed_for_a_rewound_log() {
    let folder = tempfile::tempdir().unwrap();
    signer(&log_of(1, 9).await, &folder).sign_now().await.unwrap();
    let rewound = log_of(1, 3).await;
    let signer = signer(&rewound, &folder);
    let result = prove_event(&*rewound, Some(&signer), id_at(&rewound, 1).await).await;
    assert!(matches!(result, Err(ProofError::Rewound { .. })));
}

#[tokio::test]
async fn another_key_or_none_does_not_verify() {
    let EventProof { receipt, disclosure } = proof_of(5, 2).await;
    let (receipt, file) = (receipt.to_string(), disclosure.to_string());
    let check = |keys: &[_]| check_receipt(receipt.as_bytes(), file.as_bytes(), keys).unwrap_err();
    assert!(matches!(check(&[]), ProofError::NoVerifierKey));
    let stranger = SigningKey::from_seed(origin().into(), &[8; 32]);
    let error = check(&[stranger.verifier_key().clone()]);
    assert!(matches!(error, ProofError::Tlog(annals_tlog::Error::NotSignedBy { .. })), "{error}");
}

#[tokio::test]
async fn the_receipt_of_another_event_does_not_verify() {
    let (one, other) = (proof_of(5, 2).await, proof_of(5, 3).await);
    let keys = [key().verifier_key().clone()];
    let (receipt, file) = (one.receipt.to_string(), other.disclosure.to_string());
    let error = check_receipt(receipt.as_bytes(), file.as_bytes(), &keys).unwrap_err();
    assert!(matches!(error, ProofError::PositionsDiffer { receipt: 2, .. }), "{error}");
}

#[tokio::test]
async fn an_event_file_keeps_the_producers_bytes() {
    let file = proof_of(5, 2).await.disclosure.to_string();
    let json: serde_json::Value = serde_json::from_str(&file).unwrap();
    assert_eq!(json["payloadText"], "{ \"total\" : 2.50, \"note\" : \"ü\\n\\\"\" }");
    assert_eq!(json["contextText"], "{}");
    assert_eq!(json["tags"], serde_json::json!(["customer:2", "vip"]));
    assert_eq!(json["opening"]["secret"].as_str().unwrap().len(), 32);
}

/// The disclosure after a field was erased: its commitment stays, the secret goes.
fn without(disclosure: &EventDisclosure, field: CommittedField) -> EventDisclosure {
    let Opening::Secret(secret) = &disclosure.opening else { panic!("something was erased before") };
    let all = Commitments::recompute(&disclosure.event, &disclosure.opening).unwrap();
    let mut erased = disclosure.clone();
    match field {
        CommittedField::ActorId => erased.event.actor_id = Committed::Erased(all.actor_id),
        CommittedField::AggregateId => erased.event.aggregate_id = Committed::Erased(all.aggregate_id),
        CommittedField::Context => erased.event.context = Committed::Erased(all.context),
        CommittedField::Metadata => erased.event.metadata = Committed::Erased(all.metadata),
        CommittedField::Payload => erased.event.payload = Committed::Erased(all.payload),
        CommittedField::Tags => erased.event.tags = Committed::Erased(all.tags),
    }
    let others = CommittedField::ALL.into_iter().filter(|other| *other != field);
    erased.opening = Opening::Salts(others.map(|other| (other, derive_salt(secret, other))).collect());
    erased
}

#[tokio::test]
async fn a_receipt_still_verifies_when_a_field_was_erased() {
    let EventProof { receipt, disclosure } = proof_of(300, 7).await;
    let (receipt, keys) = (receipt.to_string(), [key().verifier_key().clone()]);
    for field in CommittedField::ALL {
        let mut erased = without(&disclosure, field);
        let checked = check_receipt(receipt.as_bytes(), erased.to_string().as_bytes(), &keys).unwrap();
        assert_eq!(checked.event.erased().map(|(field, _)| field).collect::<Vec<_>>(), [field]);

        // A salt that opens nothing, and a secret beside an erased field, cannot be checked.
        let opening = erased.opening.clone();
        erased.opening = disclosure.opening.clone();
        assert!(EventDisclosure::parse(erased.to_string().as_bytes()).is_err());
        let Opening::Salts(mut salts) = opening else { unreachable!() };
        salts.insert(field, *salts.values().next().unwrap());
        erased.opening = Opening::Salts(salts);
        assert!(EventDisclosure::parse(erased.to_string().as_bytes()).is_err());
    }
    let mut forged = without(&disclosure, CommittedField::Payload);
    forged.event.payload = Committed::Erased(Commitment([9; 32]));
    assert!(check_receipt(receipt.as_bytes(), forged.to_string().as_bytes(), &keys).is_err());
}

/// A receipt and two event files for it, one of them with an erased field.
fn files() -> &'static [Vec<u8>; 3] {
    static FILES: std::sync::OnceLock<[Vec<u8>; 3]> = std::sync::OnceLock::new();
    FILES.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let EventProof { receipt, disclosure } = runtime.block_on(proof_of(300, 7));
        let erased = without(&disclosure, CommittedField::AggregateId);
        [receipt.to_string(), disclosure.to_string(), erased.to_string()].map(String::into_bytes)
    })
}

#[derive(Debug, Clone, Copy)]
enum Change {
    Replace(u8),
    Insert(u8),
    Delete,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        any::<u8>().prop_map(Change::Replace),
        prop_oneof![any::<u8>(), Just(b' '), Just(b'\n'), Just(b'0')].prop_map(Change::Insert),
        Just(Change::Delete),
    ]
}

fn changed(file: &[u8], at: prop::sample::Index, change: Change) -> Vec<u8> {
    let (at, mut file) = (at.index(file.len()), file.to_vec());
    match change {
        Change::Replace(byte) => file[at] = byte,
        Change::Insert(byte) => file.insert(at, byte),
        Change::Delete => drop(file.remove(at)),
    }
    file
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_single_byte_of_receipt_or_event_file_can_change(
        which in 0..3_usize, at: prop::sample::Index, change in change()
    ) {
        let files = files();
        let changed = changed(&files[which], at, change);
        prop_assume!(changed != files[which]);
        let keys = [key().verifier_key().clone()];
        let check = |receipt: &[u8], file: &[u8]| check_receipt(receipt, file, &keys);
        match which {
            0 => prop_assert!(check(&changed, &files[1]).is_err()),
            _ => prop_assert!(check(&files[0], &changed).is_err()),
        }
    }
}

#[test]
fn the_unchanged_files_verify() {
    let [receipt, file, erased] = files();
    let keys = [key().verifier_key().clone()];
    assert!(check_receipt(receipt, file, &keys).is_ok());
    assert!(check_receipt(receipt, erased, &keys).is_ok());
}

#[tokio::test]
async fn an_event_whose_checkpoint_was_signed_by_a_stranger_is_not_handed_out() {
    let folder = tempfile::tempdir().unwrap();
    let store = log_of(1, 5).await;
    let stranger = SigningKey::from_seed(origin().into(), &[8; 32]);
    let state = SigningState::in_folder(folder.path(), &origin());
    let stranger = annals_proof::CheckpointSigner::new(store.clone(), stranger, state).unwrap();
    stranger.sign_now().await.unwrap();
    // The recorded key is now another one than the one that signed.
    let other = log_of(1, 5).await;
    other.keep_checkpoint(&store.newest_checkpoint().await.unwrap().unwrap()).await.unwrap();
    other.add_verifier_key(key().verifier_key()).await.unwrap();
    let result = prove_event(&*other, None, id_at(&other, 2).await).await;
    assert!(matches!(result, Err(ProofError::EventAltered { .. })));
}
