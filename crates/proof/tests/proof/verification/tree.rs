//! Stored hashes and the head.

use annals_event::{ActorId, Committed};
use annals_tlog::Hash;

use super::{altered, found, verified};

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
    assert!(problems[1].detail.contains("of later kept ones 1 contradict too"), "{}", problems[1].detail);
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
async fn a_head_that_cannot_be_read_keeps_nothing_from_being_verified() {
    let mut store = altered().await;
    store.head_damage = Some("its peaks are cut off".to_owned());
    store.event(300).event.actor_id = Committed::Value(ActorId::anonymous());
    assert_eq!(found(&store).await, [("head-altered", None), ("event-altered", Some(300))]);
    let verification = verified(&store).await;
    assert_eq!((verification.size, verification.checkpoints), (700, 4));
}

#[tokio::test]
async fn an_event_that_disagrees_with_its_leaf_in_the_tree_is_narrowed_down_to_itself() {
    let mut store = altered().await;
    let leaf = store.levels[0][&400];
    store.event(400).event.actor_id = Committed::Value(ActorId::anonymous());
    store.rehash(400);
    store.levels[0].insert(400, leaf);
    // The tile above must differ too, and says nothing further.
    let expected = [("tree-hash-altered", Some(400)), ("checkpoint-contradicts-log", Some(400))];
    assert_eq!(found(&store).await, expected);
}
