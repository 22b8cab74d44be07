//! One verification: what the pages say, one after the other, in the order of positions.

use std::sync::Arc;

use annals_store::{Head, Inspector, Store, StoreError};
use annals_tlog::{Hash, TILE_WIDTH};

use super::checkpoints::CheckpointCheck;
use super::events::Events;
use super::page::{HashedPage, HashedRow};
use super::problems::Problems;
use super::tree::TreeCheck;
use super::{Verification, VerifyOptions, VerifyProgress, key_history, tail};
use crate::ProofError;

/// The state between two pages.
pub(super) struct Run<'a> {
    store: &'a dyn Store,
    /// The store's own inspection, which is told of the rows too.
    inspector: Arc<dyn Inspector>,
    progress: Option<&'a (dyn Fn(VerifyProgress) + Send + Sync)>,
    size: u64,
    /// The head at the beginning; `None` if it cannot be read.
    head: Option<Head>,
    problems: Problems,
    tree: TreeCheck,
    checkpoints: CheckpointCheck,
    events: Events,
}

impl<'a> Run<'a> {
    /// Reads the head and the keys, and checks the checkpoints that were given.
    pub(super) async fn begin(store: &'a dyn Store, options: VerifyOptions<'a>) -> Result<Self, ProofError> {
        let VerifyOptions { verifier_keys, checkpoints, problems_max, progress } = options;
        // It begins before the size is read, so that nothing that it sees lies behind that.
        let inspector = store.begin_inspection().await?;
        let head = tail::readable_head(store).await?;
        let size = match &head {
            Some(head) => head.size,
            None => tail::end_of_rows(store).await?,
        };
        let mut problems = Problems::new(problems_max);
        let keys = key_history::trusted(store, verifier_keys, &mut problems).await?;
        if head.is_none() {
            problems
                .of_log("head-altered", || format!("the head cannot be read; the rows end at {size} events"));
        }
        let mut checkpoints = CheckpointCheck::new(store.origin().clone(), keys, &checkpoints, &mut problems);
        checkpoints.read_up_to(0, store, &mut problems).await?;
        checkpoints.compare(0, Some(Hash::EMPTY_ROOT));
        Ok(Self {
            store,
            inspector,
            progress,
            size,
            head,
            problems,
            tree: TreeCheck::new(),
            checkpoints,
            events: Events::new(),
        })
    }

    /// The size of the log that is verified.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// The store's own inspection.
    pub(super) fn inspector(&self) -> Arc<dyn Inspector> {
        Arc::clone(&self.inspector)
    }

    /// Takes in the next page.
    pub(super) async fn fold(&mut self, page: HashedPage) -> Result<(), ProofError> {
        let HashedPage { range, rows, stored_leaves } = page;
        self.checkpoints.read_up_to(range.end, self.store, &mut self.problems).await?;
        let are_leaves_known = !stored_leaves.is_empty();
        let mut stored_leaves = stored_leaves.into_iter();
        let mut rows = rows.into_iter().peekable();
        let events_before = self.events.count;
        for position in range.clone() {
            while let Some(row) = rows.next_if(|row| row.position < position) {
                self.report_added(&row);
            }
            let row = rows.next_if(|row| row.position == position);
            let stored_leaf = stored_leaves.next();
            let leaf = self.events.leaf_at(position, row, stored_leaf, &mut self.problems);
            self.tree.push(leaf);
            if self.tree.is_resumable() {
                self.tree.resume(self.store).await?;
            }
            if self.checkpoints.next_size() == Some(position + 1) {
                self.checkpoints.compare(position + 1, self.tree.root());
            }
        }
        rows.for_each(|row| self.report_added(&row));
        if !are_leaves_known && self.events.count - events_before == range.end - range.start {
            self.problems.at("tree-hash-altered", range.start, || {
                format!(
                    "stored leaf hashes of the positions {} to {} are missing",
                    range.start,
                    range.end - 1
                )
            });
        }
        self.events.disputed.drain(..).for_each(|position| self.tree.suspect_leaf(position));
        self.events.ids.tidy().await?;
        self.tree.compare(self.store, &mut self.problems).await?;
        if let Some(progress) = self.progress {
            progress(VerifyProgress { checked: range.end, size: self.size });
        }
        Ok(())
    }

    /// Compares what can be compared at the end only.
    pub(super) async fn finish(mut self) -> Result<Verification, ProofError> {
        let (store, size) = (self.store, self.size);
        self.tree.compare_all(store, &mut self.problems).await?;
        self.checkpoints.finish(size, self.tree.suspects(), store, &mut self.problems).await?;
        let root = self.tree.root();
        self.check_head(root);
        let twins = self.events.ids.finish().await?;
        for twin in twins.named {
            self.problems.at("event-id-twice", twin.second, || {
                format!(
                    "the event id {} stands at the positions {} and {}",
                    twin.event_id, twin.first, twin.second
                )
            });
        }
        self.problems.omit(twins.omitted);
        tail::check(store, &mut self.problems).await?;
        let mut unchecked = Vec::new();
        match self.inspector.finish(self.problems.room().max(1)).await {
            Err(StoreError::Corrupt { reason }) => self.problems.of_log("store-corrupt", || reason),
            inspected => {
                let findings = inspected?;
                self.problems.extend(findings.problems);
                unchecked = findings.unchecked;
            }
        }
        let predecessor = key_history::predecessor(store, &mut self.problems).await?;
        let (problems, problems_omitted) = self.problems.into_parts();
        Ok(Verification {
            ok: problems.is_empty() && problems_omitted == 0,
            size,
            root,
            events: self.events.count,
            checkpoints: self.checkpoints.agreed_count(),
            unsigned_tail: size.saturating_sub(self.checkpoints.agreed_size()),
            keys: self.checkpoints.keys().to_vec(),
            predecessor,
            problems,
            problems_omitted,
            unchecked,
        })
    }

    fn report_added(&mut self, row: &HashedRow) {
        self.problems.at("event-added", row.position, || {
            format!("a second row stands at position {}, or one out of order", row.position)
        });
    }

    fn check_head(&mut self, root: Option<Hash>) {
        let Some(Head { size, root: stated, recorded_at }) = self.head else { return };
        // Where a subtree differs the root must too; that is reported already, and more narrowly.
        if let Some(root) = root.filter(|root| *root != stated && self.tree.suspects().is_empty()) {
            let since = self.checkpoints.agreed_size().max(size - size % TILE_WIDTH).min(size);
            self.problems.of_log("head-altered", || {
                format!(
                    "the head states the root {stated} of {size} events, but the events give {root}: the head was \
                     altered, or an event behind position {since} with its leaf hash"
                )
            });
        }
        let last = self.events.last_recorded_at;
        if last != recorded_at && self.events.last_unaltered == size.checked_sub(1) {
            self.problems.of_log("head-altered", || {
                format!("the head says that its last event was recorded at {recorded_at:?}, the event says {last:?}")
            });
        }
    }
}
