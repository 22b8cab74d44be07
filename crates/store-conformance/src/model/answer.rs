use std::fmt::Debug;

use annals_event::StreamVersion;
use annals_store::{DeadLetterId, NewDeadLetter, Snapshot, SnapshotKey, Statistics, Store, StoreError};
use annals_tlog::{LogCheckpoint, SignedCheckpoint, SigningKey};

use super::history::Step;
use crate::build::{event_id, events, object};
use crate::fixture::read_pages;

/// What a store says to a step, in a form that can be compared and printed.
pub(super) async fn answer(store: &dyn Store, step: &Step) -> String {
    match step {
        Step::Append(batch) => {
            let verdicts = store.append_each(batch.clone()).await;
            let verdicts: Vec<String> = verdicts.into_iter().map(said).collect();
            format!("{}\n{}", verdicts.join("\n"), said(store.head().await))
        }
        Step::Bulk { stream, count } => said(store.append(events(&stream.to_string(), *count)).await),
        Step::Advance(advance) => said(store.advance_cursor(advance.clone()).await),
        Step::Read(query, request) => lines(read_pages(store, query, *request).await),
        Step::Streams { filter, after, limit } => said(store.streams(filter, after.as_ref(), *limit).await),
        Step::Statistics { top } => {
            let statistics = store.statistics(*top).await;
            said(statistics.map(|statistics| Statistics { size_on_disk: 0, ..statistics }))
        }
        Step::Inclusion { index, size } => said(store.inclusion_proof(*index, *size).await),
        Step::Consistency { from, to } => said(store.consistency_proof(*from, *to).await),
        Step::Root { size } => said(store.root_at(*size).await),
        Step::PositionOf(id) => said(store.position_of(event_id(*id)).await),
        Step::KeepCheckpoint { size } => said(keep_checkpoint(store, *size).await),
        Step::KeepSnapshot { .. } | Step::NearestSnapshot { .. } | Step::DropSnapshots(_) => {
            snapshot_answer(store, step).await
        }
        Step::KeepDeadLetter => said(store.keep_dead_letter(letter()).await),
        Step::SettleDeadLetter { id, state } => {
            said(store.settle_dead_letter(DeadLetterId(*id), *state).await)
        }
        Step::DeadLetters { state, after, limit } => {
            said(store.dead_letters(*state, after.map(DeadLetterId), *limit).await)
        }
        Step::Listings => listings(store).await,
        Step::Clock(_) | Step::Reopen => String::new(),
    }
}

async fn snapshot_answer(store: &dyn Store, step: &Step) -> String {
    let key = |stream: &annals_event::StreamName| SnapshotKey {
        stream: stream.clone(),
        reducer: "merge".to_owned(),
    };
    match step {
        Step::KeepSnapshot { stream, version, timestamp } => {
            let snapshot = Snapshot {
                key: key(stream),
                version: StreamVersion(*version),
                greatest_timestamp: *timestamp,
                state: object(&format!(r#"{{"v": {version}, "t": "{timestamp}"}}"#)),
            };
            said(store.keep_snapshot(snapshot).await)
        }
        Step::NearestSnapshot { stream, version, timestamp } => {
            said(store.nearest_snapshot(&key(stream), version.map(StreamVersion), *timestamp).await)
        }
        Step::DropSnapshots(stream) => said(store.drop_snapshots(stream.as_ref()).await),
        _ => String::new(),
    }
}

/// Head, tree, rows, cursors and checkpoints.
async fn listings(store: &dyn Store) -> String {
    let size = store.head().await.map_or(0, |head| head.size);
    let checkpoints = store.checkpoints(None, 1_000).await;
    // Signatures differ with the origins of the two stores.
    let sizes = checkpoints.map(|kept| kept.iter().map(|kept| kept.unverified().size).collect::<Vec<_>>());
    let mut rows = Vec::new();
    while (rows.len() as u64) < size {
        let page = store.stored_rows(rows.len() as u64..size).await.unwrap();
        assert!(!page.is_empty(), "rows are missing behind {}", rows.len());
        rows.extend(page);
    }
    [
        said(store.head().await),
        said(store.tree_hashes(0, 0..size.min(256)).await),
        said(store.tree_hashes(1, 0..256).await),
        said(store.cursors().await),
        said(store.snapshots(None, 1_000).await),
        said(sizes),
        lines(rows),
    ]
    .join("\n")
}

async fn keep_checkpoint(store: &dyn Store, size: u64) -> Result<(), StoreError> {
    let (origin, root) = (store.origin().clone(), store.root_at(size).await?);
    let key = SigningKey::from_seed(origin.clone().into(), &[7; 32]);
    let checkpoint = LogCheckpoint { origin, size, root, extensions: Vec::new() };
    let signed = SignedCheckpoint::sign(&checkpoint, &key).expect("the key is the log's");
    store.keep_checkpoint(&signed).await
}

fn letter() -> NewDeadLetter {
    NewDeadLetter {
        source: "file:x".to_owned(),
        place: "1".to_owned(),
        code: "invalid-json".to_owned(),
        reason: "it is cut off".to_owned(),
        raw: b"{\xff".to_vec(),
    }
}

fn lines<T: Debug>(items: Vec<T>) -> String {
    items.iter().map(|item| format!("{item:?}\n")).collect()
}

/// An answer, or an error by its code and, where every store must know them, its facts.
fn said<T: Debug>(result: Result<T, StoreError>) -> String {
    match result {
        Ok(answer) => format!("{answer:?}"),
        Err(error @ (StoreError::NotFound { .. } | StoreError::CheckpointRefused { .. })) => {
            error.code().to_owned()
        }
        Err(error) => format!("{}: {error}", error.code()),
    }
}
