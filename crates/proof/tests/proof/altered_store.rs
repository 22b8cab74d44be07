//! A store in which somebody altered what its database holds.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use annals_event::{CursorName, EventId, Position, StreamName, StreamVersion, Timestamp};
use annals_store::{
    Append, Appended, CheckpointStore, CursorAdvance, CursorStore, CursorValue, DeadLetter, DeadLetterId,
    DeadLetterState, DeadLetterStore, EventStore, Findings, Head, Inspection, Inspector, MemoryStore,
    NewDeadLetter, Page, PageRequest, ProofStore, ProvableEvent, Query, Snapshot, SnapshotKey, SnapshotStore,
    Statistics, StoreError, StoredRow, StreamCatalog, StreamFilter, StreamSummary,
};
use annals_tlog::{ConsistencyProof, Hash, InclusionProof, Origin, SignedCheckpoint, VerifierKey};
use async_trait::async_trait;

/// What a database holds of a log, for the taking.
pub(crate) struct AlteredStore {
    pub(crate) original: Arc<MemoryStore>,
    pub(crate) rows: Vec<StoredRow>,
    /// The hashes of each level, by index.
    pub(crate) levels: Vec<BTreeMap<u64, Hash>>,
    pub(crate) head: Head,
    /// Why the head cannot be read.
    pub(crate) head_damage: Option<String>,
    pub(crate) checkpoints: Vec<SignedCheckpoint>,
    pub(crate) keys: Vec<VerifierKey>,
    pub(crate) inspected: Findings,
    /// Positions whose rows lie in a damaged page of the database.
    pub(crate) damaged: Range<u64>,
    /// How many rows fit into an answer.
    pub(crate) page_len: usize,
}

impl AlteredStore {
    /// A copy of everything, not altered yet.
    pub(crate) async fn copy(original: &Arc<MemoryStore>) -> Self {
        let head = original.head().await.unwrap();
        let mut levels = Vec::new();
        for level in 0..3_u8 {
            let hashes = original.tree_hashes(level, 0..head.size).await.unwrap();
            levels.push((0..).zip(hashes).collect());
        }
        Self {
            rows: original.stored_rows(0..head.size).await.unwrap(),
            levels,
            head,
            head_damage: None,
            checkpoints: original.checkpoints(None, usize::MAX).await.unwrap(),
            keys: original.verifier_keys().await.unwrap(),
            inspected: Findings::default(),
            damaged: 0..0,
            page_len: 100,
            original: original.clone(),
        }
    }

    /// The event in the row at an index.
    pub(crate) fn event(&mut self, index: usize) -> &mut ProvableEvent {
        self.rows[index].event.as_mut().unwrap()
    }

    /// Makes the leaf hash beside an event fit the event, as a careful forger does.
    pub(crate) fn rehash(&mut self, index: usize) {
        let row = self.event(index);
        let leaf = annals_tlog::recompute_leaf_hash(&row.event, &row.opening).unwrap();
        row.leaf_hash = leaf;
        self.levels[0].insert(index as u64, leaf);
    }

    /// Makes the tree and the head fit the leaves, as a very careful forger does.
    pub(crate) fn rebuild_tree(&mut self) {
        let mut frontier = annals_tlog::Frontier::new();
        let leaves = std::mem::take(&mut self.levels).swap_remove(0);
        let mut levels = vec![leaves.clone(), BTreeMap::new(), BTreeMap::new()];
        for leaf in leaves.into_values() {
            frontier.push(leaf, |subtree| {
                levels[usize::from(subtree.level)].insert(subtree.index, subtree.hash);
            });
        }
        self.levels = levels;
        self.head.root = frontier.root();
        self.head.size = frontier.size();
    }
}

#[async_trait]
impl EventStore for AlteredStore {
    fn origin(&self) -> &Origin {
        self.original.origin()
    }

    async fn append_each(&self, appends: Vec<Append>) -> Vec<Result<Appended, StoreError>> {
        self.original.append_each(appends).await
    }

    async fn read_page(&self, query: &Query, request: PageRequest) -> Result<Page, StoreError> {
        self.original.read_page(query, request).await
    }

    async fn position_of(&self, event_id: EventId) -> Result<Option<Position>, StoreError> {
        self.original.position_of(event_id).await
    }

    async fn head(&self) -> Result<Head, StoreError> {
        match &self.head_damage {
            Some(reason) => Err(StoreError::Corrupt { reason: reason.clone() }),
            None => Ok(self.head),
        }
    }

    async fn grown(&self, size: u64) -> Result<Head, StoreError> {
        self.original.grown(size).await
    }
}

#[async_trait]
impl ProofStore for AlteredStore {
    async fn stored_rows(&self, positions: Range<u64>) -> Result<Vec<StoredRow>, StoreError> {
        let rows = self.rows.iter().filter(|row| positions.contains(&row.position.0));
        let rows: Vec<_> = rows.take(self.page_len).cloned().collect();
        if rows.iter().any(|row| self.damaged.contains(&row.position.0)) {
            return Err(StoreError::Corrupt { reason: "the disk image is malformed".to_owned() });
        }
        Ok(rows)
    }

    async fn tree_hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, StoreError> {
        let hashes = self.levels.get(usize::from(level));
        let found = hashes.into_iter().flat_map(|hashes| hashes.range(range.clone()));
        Ok(found.take(256).map(|(_, hash)| *hash).collect())
    }

    async fn root_at(&self, size: u64) -> Result<Hash, StoreError> {
        self.original.root_at(size).await
    }

    async fn inclusion_proof(&self, index: u64, size: u64) -> Result<InclusionProof, StoreError> {
        self.original.inclusion_proof(index, size).await
    }

    async fn consistency_proof(&self, from: u64, to: u64) -> Result<ConsistencyProof, StoreError> {
        self.original.consistency_proof(from, to).await
    }
}

#[async_trait]
impl CheckpointStore for AlteredStore {
    async fn keep_checkpoint(&self, checkpoint: &SignedCheckpoint) -> Result<(), StoreError> {
        self.original.keep_checkpoint(checkpoint).await
    }

    async fn newest_checkpoint(&self) -> Result<Option<SignedCheckpoint>, StoreError> {
        Ok(self.checkpoints.last().cloned())
    }

    async fn checkpoints(
        &self,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<SignedCheckpoint>, StoreError> {
        let at = |size| self.checkpoints.iter().position(|kept| kept.unverified().size == size);
        let start = after.and_then(at).map_or(0, |place| place + 1);
        Ok(self.checkpoints.iter().skip(start).take(limit.min(2)).cloned().collect())
    }

    async fn verifier_keys(&self) -> Result<Vec<VerifierKey>, StoreError> {
        Ok(self.keys.clone())
    }

    async fn add_verifier_key(&self, key: &VerifierKey) -> Result<(), StoreError> {
        self.original.add_verifier_key(key).await
    }
}

#[async_trait]
impl Inspection for AlteredStore {
    async fn begin_inspection(&self) -> Result<Arc<dyn Inspector>, StoreError> {
        Ok(Arc::new(Inspected(self.inspected.clone())))
    }
}

/// An inspection that found something before it was told of any row.
struct Inspected(Findings);

#[async_trait]
impl Inspector for Inspected {
    fn take_in(&self, _: &[StoredRow]) {}

    async fn finish(self: Arc<Self>, problems_max: usize) -> Result<Findings, StoreError> {
        let Findings { mut problems, unchecked } = self.0.clone();
        problems.truncate(problems_max);
        Ok(Findings { problems, unchecked })
    }
}

#[async_trait]
impl CursorStore for AlteredStore {
    async fn cursor(&self, name: &CursorName) -> Result<Option<CursorValue>, StoreError> {
        self.original.cursor(name).await
    }

    async fn advance_cursor(&self, advance: CursorAdvance) -> Result<(), StoreError> {
        self.original.advance_cursor(advance).await
    }

    async fn cursors(&self) -> Result<Vec<(CursorName, CursorValue)>, StoreError> {
        self.original.cursors().await
    }
}

#[async_trait]
impl StreamCatalog for AlteredStore {
    async fn streams(
        &self,
        filter: &StreamFilter,
        after: Option<&StreamName>,
        limit: usize,
    ) -> Result<Vec<StreamSummary>, StoreError> {
        self.original.streams(filter, after, limit).await
    }

    async fn statistics(&self, top: usize) -> Result<Statistics, StoreError> {
        self.original.statistics(top).await
    }
}

#[async_trait]
impl SnapshotStore for AlteredStore {
    async fn keep_snapshots(&self, snapshots: Vec<Snapshot>) -> Result<(), StoreError> {
        self.original.keep_snapshots(snapshots).await
    }

    async fn nearest_snapshot(
        &self,
        key: &SnapshotKey,
        version: Option<StreamVersion>,
        timestamp: Option<Timestamp>,
    ) -> Result<Option<Snapshot>, StoreError> {
        self.original.nearest_snapshot(key, version, timestamp).await
    }

    async fn snapshots(
        &self,
        after: Option<(&SnapshotKey, StreamVersion)>,
        limit: usize,
    ) -> Result<Vec<Snapshot>, StoreError> {
        self.original.snapshots(after, limit).await
    }

    async fn drop_snapshots(&self, stream: Option<&StreamName>) -> Result<u64, StoreError> {
        self.original.drop_snapshots(stream).await
    }
}

#[async_trait]
impl DeadLetterStore for AlteredStore {
    async fn keep_dead_letter(&self, letter: NewDeadLetter) -> Result<DeadLetterId, StoreError> {
        self.original.keep_dead_letter(letter).await
    }

    async fn dead_letters(
        &self,
        state: Option<DeadLetterState>,
        after: Option<DeadLetterId>,
        limit: usize,
    ) -> Result<Vec<DeadLetter>, StoreError> {
        self.original.dead_letters(state, after, limit).await
    }

    async fn dead_letter(&self, id: DeadLetterId) -> Result<DeadLetter, StoreError> {
        self.original.dead_letter(id).await
    }

    async fn settle_dead_letter(&self, id: DeadLetterId, state: DeadLetterState) -> Result<(), StoreError> {
        self.original.settle_dead_letter(id, state).await
    }
}
