//! The Merkle tree over everything: roots, stored hashes, proofs.

use std::collections::HashSet;

use annals_event::Opening;
use annals_store::{ProvableEvent, StoreError};
use annals_tlog::{ConsistencyClaim, Frontier, Hash, InclusionClaim, TreeHead, recompute_leaf_hash};

use crate::build::{Described, append, event, events, exactly, numbered, stream};
use crate::fixture::Fixture;

/// What the rows state; none of them is unreadable.
async fn provable(t: &Fixture) -> Vec<ProvableEvent> {
    t.rows().await.into_iter().map(|row| row.event.expect("the row is readable")).collect()
}

/// The roots of every size, computed from the leaves alone.
async fn expected_heads(t: &Fixture) -> Vec<TreeHead> {
    let mut frontier = Frontier::new();
    let mut heads = vec![frontier.head()];
    for row in provable(t).await {
        frontier.push(row.leaf_hash, |_| ());
        heads.push(frontier.head());
    }
    heads
}

async fn root(t: &Fixture) -> Hash {
    t.store().head().await.unwrap().root
}

fn assert_not_found<T>(result: Result<T, StoreError>) {
    assert!(matches!(result.map(drop), Err(StoreError::NotFound { .. })));
}

pub(crate) async fn of_an_empty_log_has_the_empty_root(t: Fixture) {
    assert_eq!(root(&t).await, Hash::EMPTY_ROOT);
    assert_eq!(t.store().root_at(0).await.unwrap(), Hash::EMPTY_ROOT);
    assert!(t.store().stored_rows(0..100).await.unwrap().is_empty());
    assert!(t.store().tree_hashes(0, 0..256).await.unwrap().is_empty());
}

pub(crate) async fn rows_state_what_is_read(t: Fixture) {
    for n in 0..5 {
        t.append(append([numbered(n).by("ann").tagged(&["a", "b"]), event("Order/1", "Placed")])).await;
    }
    let (rows, read) = (t.rows().await, t.all().await);
    assert_eq!(rows.len(), 10);
    for (row, event) in rows.into_iter().zip(read) {
        assert_eq!(row.position, event.position);
        assert_eq!(row.event.unwrap().event, event);
    }
}

pub(crate) async fn leaves_follow_from_the_rows(t: Fixture) {
    t.append(append([
        event("Order/1", "Placed").payload(r#"{ "total" : 99.90 }"#).metadata(r#"{"a":"ä"}"#).by("ann \"x\""),
        event("Order/ä\"/1", "Placed \\ 😀")
            .context(r#"{"source":"x"}"#)
            .tagged(&["a\"b", "ä", "a"])
            .shaped(9),
        event("Order/1", "Paid").at("0001-01-01T00:00:00Z"),
        numbered(u128::MAX),
    ]))
    .await;
    t.setup.clock.advance(123_456_789);
    t.append(events("Order/1", 10)).await;
    for row in provable(&t).await {
        assert_eq!(
            recompute_leaf_hash(&row.event, &row.opening),
            Ok(row.leaf_hash),
            "{}",
            row.event.position
        );
    }
}

pub(crate) async fn openings_are_secrets_of_their_own(t: Fixture) {
    t.append(append((0..50).map(|_| event("Order/1", "Same")))).await;
    t.append(append((0..50).map(|_| event("Order/1", "Same")))).await;
    let rows = provable(&t).await;
    let secrets: HashSet<[u8; 16]> = rows
        .iter()
        .map(|row| match row.opening {
            Opening::Secret(secret) => secret.0,
            Opening::Salts(_) => panic!("nothing was erased"),
        })
        .collect();
    assert_eq!(secrets.len(), 100);
}

pub(crate) async fn rows_of_a_range_stop_at_its_ends(t: Fixture) {
    t.append(events("Order/1", 10)).await;
    for (range, expected) in [(0..10, 0..10), (3..5, 3..5), (8..100, 8..10), (10..20, 10..10), (4..4, 4..4)] {
        let mut next = range.start;
        let mut found = Vec::new();
        loop {
            let rows = t.store().stored_rows(next..range.end).await.unwrap();
            let Some(last) = rows.last() else { break };
            next = last.position.0 + 1;
            found.extend(rows.iter().map(|row| row.position.0));
        }
        assert_eq!(found, expected.collect::<Vec<_>>());
    }
}

pub(crate) async fn roots_follow_from_the_leaves(t: Fixture) {
    for count in [1, 2, 1, 4, 8, 1, 16, 3] {
        t.append(events("Order/1", count)).await;
        assert_eq!(root(&t).await, expected_heads(&t).await.last().unwrap().root);
    }
}

pub(crate) async fn roots_of_earlier_sizes_stay(t: Fixture) {
    let mut roots = vec![root(&t).await];
    for _ in 0..30 {
        t.append(events("Order/1", 1)).await;
        roots.push(root(&t).await);
    }
    for (size, root) in roots.into_iter().enumerate() {
        assert_eq!(t.store().root_at(size as u64).await.unwrap(), root, "{size}");
    }
}

pub(crate) async fn of_inclusion_verify_for_every_leaf_and_size(t: Fixture) {
    t.append(events("Order/1", 20)).await;
    let (heads, rows) = (expected_heads(&t).await, provable(&t).await);
    for size in 1..=20 {
        for index in 0..size {
            let proof = t.store().inclusion_proof(index, size).await.unwrap();
            let claim =
                InclusionClaim { index, leaf: rows[index as usize].leaf_hash, tree: heads[size as usize] };
            proof.verify(&claim).unwrap();
        }
    }
}

pub(crate) async fn of_consistency_verify_for_every_pair_of_sizes(t: Fixture) {
    t.append(events("Order/1", 20)).await;
    let heads = expected_heads(&t).await;
    for to in 0..=20 {
        for from in 0..=to {
            let proof = t.store().consistency_proof(from, to).await.unwrap();
            proof.verify(&ConsistencyClaim { old: heads[from as usize], new: heads[to as usize] }).unwrap();
        }
    }
}

pub(crate) async fn that_cannot_exist_are_not_found(t: Fixture) {
    t.append(events("Order/1", 5)).await;
    let store = t.store();
    assert_not_found(store.root_at(6).await);
    assert_not_found(store.inclusion_proof(0, 6).await);
    assert_not_found(store.inclusion_proof(5, 5).await);
    assert_not_found(store.inclusion_proof(0, 0).await);
    assert_not_found(store.consistency_proof(2, 6).await);
    assert_not_found(store.consistency_proof(4, 3).await);
    assert_not_found(store.inclusion_proof(u64::MAX, u64::MAX).await);
}

pub(crate) async fn hashes_of_level_0_are_the_leaves(t: Fixture) {
    t.append(events("Order/1", 10)).await;
    let leaves: Vec<Hash> = provable(&t).await.iter().map(|row| row.leaf_hash).collect();
    let store = t.store();
    assert_eq!(store.tree_hashes(0, 0..10).await.unwrap(), leaves);
    assert_eq!(store.tree_hashes(0, 3..7).await.unwrap(), leaves[3..7]);
    assert_eq!(store.tree_hashes(0, 8..256).await.unwrap(), leaves[8..]);
    assert!(store.tree_hashes(0, 10..20).await.unwrap().is_empty());
    assert!(store.tree_hashes(1, 0..256).await.unwrap().is_empty());
    assert!(store.tree_hashes(63, 0..1).await.unwrap().is_empty());
}

pub(crate) async fn hashes_of_level_1_are_the_roots_of_256_leaves(t: Fixture) {
    let mut frontier = Frontier::new();
    let mut complete = Vec::new();
    for count in [255, 1, 255, 200, 57, 3] {
        t.append(events("Order/1", count)).await;
        for row in &provable(&t).await[frontier.size() as usize..] {
            frontier.push(row.leaf_hash, |subtree| complete.push(subtree.hash));
        }
        assert_eq!(t.store().tree_hashes(1, 0..256).await.unwrap(), complete, "at {}", frontier.size());
    }
    assert_eq!((complete.len(), frontier.size()), (3, 771));
    assert_eq!(t.store().tree_hashes(1, 1..2).await.unwrap(), complete[1..2]);
}

pub(crate) async fn in_a_tree_of_several_tiles_verify(t: Fixture) {
    for _ in 0..7 {
        t.append(events("Order/1", 100)).await;
    }
    let (heads, rows) = (expected_heads(&t).await, provable(&t).await);
    for (index, size) in [(0, 700), (255, 256), (256, 257), (300, 512), (511, 513), (699, 700), (600, 699)] {
        let proof = t.store().inclusion_proof(index, size).await.unwrap();
        let claim =
            InclusionClaim { index, leaf: rows[index as usize].leaf_hash, tree: heads[size as usize] };
        proof.verify(&claim).unwrap();
    }
    for (from, to) in [(1, 700), (255, 256), (256, 700), (257, 512), (512, 513), (699, 700), (3, 300)] {
        let proof = t.store().consistency_proof(from, to).await.unwrap();
        proof.verify(&ConsistencyClaim { old: heads[from as usize], new: heads[to as usize] }).unwrap();
    }
}

pub(crate) async fn does_not_change_with_refused_and_repeated_appends(t: Fixture) {
    t.append(numbered(1)).await;
    let before = root(&t).await;
    t.append(numbered(1)).await;
    t.refused(numbered(1).by("other")).await;
    t.refused(events("Order/1", 1).expecting(stream("Order/1"), exactly(1))).await;
    assert_eq!(root(&t).await, before);
}

pub(crate) async fn goes_on_growing_after_reopening(mut t: Fixture) {
    t.append(events("Order/1", 300)).await;
    let before = root(&t).await;
    t.reopen().await;
    assert_eq!(root(&t).await, before);
    t.append(events("Order/1", 300)).await;
    let heads = expected_heads(&t).await;
    assert_eq!(root(&t).await, heads[600].root);
    let proof = t.store().consistency_proof(300, 600).await.unwrap();
    proof.verify(&ConsistencyClaim { old: TreeHead { size: 300, root: before }, new: heads[600] }).unwrap();
}

pub(crate) async fn is_of_one_head_while_many_write(t: Fixture) {
    let store = t.store();
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for _ in 0..20 {
                    store.append(events(&format!("Order/{writer}"), 2)).await.unwrap();
                }
            })
        })
        .collect();
    let mut size = 0;
    while size < 160 {
        let head = store.head().await.unwrap();
        assert_eq!(store.root_at(head.size).await.unwrap(), head.root);
        assert!(head.size >= size && head.size.is_multiple_of(2), "a head of {}", head.size);
        size = head.size;
    }
    for writer in writers {
        writer.await.unwrap();
    }
}
