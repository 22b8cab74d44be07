use std::sync::{Arc, Mutex};

use annals_event::{
    ActorId, AggregateId, Committed, CommittedField, Context, EventId, EventType, JsonObject, Opening,
    Position, SchemaVersion, Secret, StreamVersion, Tags, Timestamp,
};
use annals_proof::{Verification, VerifyOptions, VerifyProgress, verify};
use annals_store::{CheckpointStore, EventStore, MemoryStore, Problem, ProvableEvent, Store, StoredRow};
use annals_tlog::{Commitments, Hash, LogCheckpoint, SignedCheckpoint, Signer, SigningKey, derive_salt};

use crate::altered_store::AlteredStore;
use crate::log::{grow, key, log_of, origin, signer};

/// 700 events, signed at 100, 300, 512 and 690.
async fn signed_log() -> Arc<MemoryStore> {
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

async fn altered() -> AlteredStore {
    AlteredStore::copy(&signed_log().await).await
}

async fn verified(store: &dyn Store) -> Verification {
    let verification = verify(store, VerifyOptions::default()).await.unwrap();
    assert_eq!(verification.ok, verification.problems.is_empty());
    verification
}

/// What was found, as codes and positions.
async fn found(store: &dyn Store) -> Vec<(&'static str, Option<u64>)> {
    let problems = verified(store).await.problems;
    problems.iter().map(|problem| (problem.code, problem.position.map(|position| position.0))).collect()
}

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
        problems: Vec::new(),
        problems_omitted: 0,
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
async fn every_field_of_an_event_is_covered() {
    type Alteration = fn(&mut ProvableEvent);
    let alterations: [(&str, Alteration); 14] = [
        ("position", |row| row.event.position = Position(299)),
        ("event id", |row| row.event.event_id = EventId::from_bytes([1; 16])),
        ("event type", |row| row.event.event_type = EventType::new("OrderPaid").unwrap()),
        ("aggregate type", |row| row.event.aggregate_type = "Orders".parse().unwrap()),
        ("aggregate id", |row| row.event.aggregate_id = Committed::Value(AggregateId::new("other").unwrap())),
        ("version", |row| row.event.version = StreamVersion(row.event.version.0 + 1)),
        ("schema version", |row| row.event.schema_version = SchemaVersion::new(2).unwrap()),
        ("timestamp", |row| row.event.timestamp = later(row.event.timestamp)),
        ("recorded at", |row| row.event.recorded_at = later(row.event.recorded_at)),
        ("actor", |row| row.event.actor_id = Committed::Value(ActorId::new("user_788").unwrap())),
        ("tags", |row| row.event.tags = Committed::Value(Tags::default())),
        ("payload", |row| row.event.payload = Committed::Value(JsonObject::new("{}").unwrap())),
        ("metadata", |row| row.event.metadata = Committed::Value(JsonObject::new("{ }").unwrap())),
        ("context", |row| {
            let context = JsonObject::new(r#"{"source":"file"}"#).unwrap();
            row.event.context = Committed::Value(Context::from_object(context));
        }),
    ];
    for (field, alter) in alterations {
        let mut store = altered().await;
        alter(store.event(300));
        let found = found(&store).await;
        assert_eq!(found.first(), Some(&("event-altered", Some(300))), "{field}: {found:?}");
        // Of another stream or version, the next of the stream may show the gap; nothing else follows.
        assert!(found.iter().skip(1).all(|(code, _)| *code == "version-gap"), "{field}: {found:?}");
    }
}

fn later(time: Timestamp) -> Timestamp {
    Timestamp::from_micros(time.as_micros() + 1).unwrap()
}

#[tokio::test]
async fn an_altered_secret_commitment_or_leaf_hash_is_found() {
    let mut store = altered().await;
    store.event(300).opening = Opening::Secret(Secret([1; 16]));
    assert_eq!(found(&store).await, [("event-altered", Some(300))]);

    let mut store = altered().await;
    store.event(300).opening = Opening::Salts(Default::default());
    assert_eq!(found(&store).await, [("event-altered", Some(300))]);

    let mut store = altered().await;
    store.event(300).leaf_hash = Hash::EMPTY_ROOT;
    assert_eq!(found(&store).await, [("tree-hash-altered", Some(300))]);
    store.levels[0].insert(300, Hash::EMPTY_ROOT);
    assert_eq!(found(&store).await.first(), Some(&("event-altered", Some(300))));
}

#[tokio::test]
async fn an_event_that_was_altered_with_its_leaf_hash_is_narrowed_down_to_a_tile() {
    let mut store = altered().await;
    store.event(400).event.actor_id = Committed::Value(ActorId::new("somebody_else").unwrap());
    store.rehash(400);
    let problems = verified(&store).await.problems;
    let codes: Vec<_> = problems.iter().map(|problem| (problem.code, problem.position.unwrap().0)).collect();
    // The tile says 256 to 511; the checkpoint of 300 events still agrees, that of 512 does not.
    assert_eq!(codes, [("tree-hash-altered", 256), ("checkpoint-contradicts-log", 300)]);
    assert!(problems[1].detail.contains("the positions 300 to 511"), "{}", problems[1].detail);
    assert!(problems[1].detail.contains("so do 1 later ones"), "{}", problems[1].detail);
}

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
async fn an_event_of_the_unsigned_tail_that_was_altered_with_its_leaf_hash_is_found_by_the_head() {
    let mut store = altered().await;
    store.event(695).event.actor_id = Committed::Value(ActorId::new("somebody_else").unwrap());
    store.rehash(695);
    let problems = verified(&store).await.problems;
    assert_eq!(problems.len(), 1);
    assert!(problems[0].detail.contains("behind position 690"), "{}", problems[0].detail);
    assert_eq!(problems[0].code, "head-altered");
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
async fn a_missing_event_is_found_and_the_rest_is_still_checked() {
    let mut store = altered().await;
    store.rows.remove(300);
    let problems = found(&store).await;
    assert_eq!(problems.first(), Some(&("event-missing", Some(300))));
    assert_eq!(problems.get(1..), Some(&[("version-gap", Some(307))][..]));

    // Also where the leaf hash went with the row: the tile above stands in for it.
    store.levels[0].remove(&300);
    store.event(550).event.actor_id = Committed::Value(ActorId::anonymous());
    let verification = verified(&store).await;
    let codes: Vec<_> = verification.problems.iter().map(|problem| problem.code).collect();
    assert!(codes.contains(&"event-missing") && codes.contains(&"event-altered"), "{codes:?}");
    assert!(!codes.contains(&"checkpoint-contradicts-log"), "{codes:?}");
}

#[tokio::test]
async fn removed_first_and_last_events_are_found() {
    for position in [0, 699] {
        let mut store = altered().await;
        store.rows.remove(position);
        let found = found(&store).await;
        assert_eq!(found.first(), Some(&("event-missing", Some(position as u64))), "{found:?}");
    }
    let mut store = altered().await;
    store.rows.clear();
    store.levels.clear();
    let verification =
        verify(&store, VerifyOptions { problems_max: 3, ..VerifyOptions::default() }).await.unwrap();
    assert_eq!((verification.problems.len(), verification.problems_omitted), (3, 697));
    assert_eq!(verification.root, None);
}

#[tokio::test]
async fn swapped_events_are_found() {
    let mut store = altered().await;
    let (one, other) = (store.event(300).clone(), store.event(301).clone());
    *store.event(300) = ProvableEvent { event: at(other.event, 300), ..other };
    *store.event(301) = ProvableEvent { event: at(one.event, 301), ..one };
    let swapped = found(&store).await;
    assert!(swapped.contains(&("recorded-at-order", Some(301))), "{swapped:?}");
    assert!(swapped.contains(&("tree-hash-altered", Some(300))), "{swapped:?}");
}

fn at(mut event: annals_event::RecordedEvent, position: u64) -> annals_event::RecordedEvent {
    event.position = Position(position);
    event
}

#[tokio::test]
async fn added_rows_are_found_behind_the_head_and_in_between() {
    let mut store = altered().await;
    let mut twin = store.rows[5].clone();
    store.rows.insert(5, twin.clone());
    assert_eq!(found(&store).await, [("event-added", Some(5))]);
    store.rows.remove(5);

    twin.position = Position(700);
    store.rows.push(twin.clone());
    twin.position = Position(9_000);
    store.rows.push(twin);
    assert_eq!(found(&store).await, [("event-added", Some(700)), ("event-added", Some(9_000))]);
}

#[tokio::test]
async fn an_event_that_was_added_with_the_whole_tree_is_found() {
    let mut store = altered().await;
    let mut forged = store.event(699).clone();
    forged.event = at(forged.event, 700);
    store.rows.push(StoredRow { position: Position(700), event: Ok(forged.clone()) });
    store.levels[0].insert(700, forged.leaf_hash);
    store.rebuild_tree();
    let found = found(&store).await;
    assert!(found.contains(&("event-id-twice", Some(700))), "{found:?}");
    assert!(found.contains(&("version-gap", Some(700))), "{found:?}");
}

#[tokio::test]
async fn an_unreadable_row_is_found() {
    let mut store = altered().await;
    store.rows[300].event = Err("its time is no time".to_owned());
    let problems = verified(&store).await.problems;
    assert_eq!(problems[0].code, "event-unreadable");
    assert!(problems[0].detail.contains("its time is no time"));
}

#[tokio::test]
async fn altered_and_missing_tree_hashes_are_found_at_every_level() {
    let mut store = altered().await;
    store.levels[0].insert(300, Hash::EMPTY_ROOT);
    assert_eq!(found(&store).await, [("tree-hash-altered", Some(300))]);

    let mut store = altered().await;
    store.levels[1].insert(1, Hash::EMPTY_ROOT);
    assert_eq!(found(&store).await, [("tree-hash-altered", Some(256))]);

    let mut store = altered().await;
    store.levels[1].remove(&1);
    assert_eq!(found(&store).await, [("tree-hash-altered", Some(256))]);

    let mut store = altered().await;
    store.levels[0].remove(&699);
    assert_eq!(found(&store).await.len(), 1);
}

#[tokio::test]
async fn an_altered_head_is_found() {
    let mut store = altered().await;
    store.head.root = Hash::EMPTY_ROOT;
    assert_eq!(found(&store).await, [("head-altered", None)]);

    let mut store = altered().await;
    store.head.recorded_at = None;
    assert_eq!(found(&store).await, [("head-altered", None)]);
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
    assert_eq!(found(&store).await, [("checkpoint-altered", None)]);

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
    store.inspected = vec![problem("event-altered", 300), problem("index-differs", 300)];
    assert_eq!(found(&store).await, [("event-altered", Some(300)), ("index-differs", Some(300))]);
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
