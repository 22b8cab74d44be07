//! Comparing the growing tree with every signed checkpoint.

mod contradiction;
mod trust;

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use annals_store::{Store, StoreError};
use annals_tlog::{Hash, Origin, SignedCheckpoint, TreeHead};

use super::problems::Problems;
use super::tail::readable_head;
use crate::error::blocking;
use crate::{KeyHistory, KeyPeriod, ProofError};
use contradiction::{Contradiction, report_truncated};
use trust::{CheckedSignature, Keeper, Trust};

/// How many kept checkpoints are read at a time.
const PAGE_LEN: usize = 256;

/// The checkpoints that the log must agree with.
pub(super) struct CheckpointCheck {
    trust: Arc<Trust>,
    /// Kept ones with valid signatures, by size, read ahead of the tree.
    kept: VecDeque<TreeHead>,
    /// The size of the last kept one that was read.
    kept_after: Option<u64>,
    is_kept_at_end: bool,
    /// Those of auditors with valid signatures, by size.
    given: VecDeque<TreeHead>,
    /// Those that rotations of the key state, by size.
    rotated: VecDeque<TreeHead>,
    agreed_count: u64,
    agreed_size: u64,
    contradictions: Vec<Contradiction>,
    contradictions_omitted: u64,
}

impl CheckpointCheck {
    /// Checks the signatures of the checkpoints that auditors gave; those kept are read as the tree grows.
    pub(super) fn new(
        origin: Origin,
        keys: KeyHistory,
        given: &[SignedCheckpoint],
        problems: &mut Problems,
    ) -> Self {
        let trust = Trust { origin, keys };
        let rotations = trust.keys.periods().iter().filter_map(|period| period.began.as_ref());
        let mut rotated: Vec<TreeHead> = rotations.map(|rotation| rotation.at).collect();
        rotated.sort_unstable_by_key(|tree| tree.size);
        let mut trees: Vec<TreeHead> = given
            .iter()
            .filter_map(|given| trust.accept(Keeper::Auditor, trust.check(given), problems))
            .collect();
        trees.sort_unstable_by_key(|tree| tree.size);
        Self {
            trust: Arc::new(trust),
            kept: VecDeque::new(),
            kept_after: None,
            is_kept_at_end: false,
            given: trees.into(),
            rotated: rotated.into(),
            agreed_count: 0,
            agreed_size: 0,
            contradictions: Vec::new(),
            contradictions_omitted: 0,
        }
    }

    /// Reads kept checkpoints until all up to `size` are known.
    pub(super) async fn read_up_to(
        &mut self,
        size: u64,
        store: &dyn Store,
        problems: &mut Problems,
    ) -> Result<(), ProofError> {
        while !self.is_kept_at_end && self.kept.back().is_none_or(|last| last.size <= size) {
            self.read_page(store, problems).await?;
        }
        Ok(())
    }

    async fn read_page(&mut self, store: &dyn Store, problems: &mut Problems) -> Result<(), ProofError> {
        let page = match store.checkpoints(self.kept_after, PAGE_LEN).await {
            Err(StoreError::Corrupt { reason }) => {
                problems.of_log("checkpoint-altered", || {
                    format!("the kept checkpoints cannot be read: {reason}")
                });
                self.is_kept_at_end = true;
                return Ok(());
            }
            page => page?,
        };
        self.is_kept_at_end = page.is_empty();
        let trust = self.trust.clone();
        let checked: Vec<CheckedSignature> =
            blocking(move || Ok(page.iter().map(|kept| trust.check(kept)).collect())).await?;
        for checked in checked {
            let size = checked.tree.size;
            if self.kept_after.is_some_and(|before| size <= before) {
                // Reading on from here might never end.
                self.is_kept_at_end = true;
                problems.of_log("checkpoint-altered", || {
                    format!("the kept checkpoint of {size} events does not stand in the order of sizes")
                });
                return Ok(());
            }
            self.kept_after = Some(size);
            self.kept.extend(self.trust.accept(Keeper::Store, checked, problems));
        }
        Ok(())
    }

    /// The next size at which [`Self::compare`] wants to see the root.
    pub(super) fn next_size(&self) -> Option<u64> {
        [&self.kept, &self.given, &self.rotated]
            .into_iter()
            .filter_map(|waiting| waiting.front())
            .map(|tree| tree.size)
            .min()
    }

    /// Compares the checkpoints of this size with the root of the log at that size; `None` if that root is
    /// not known, which was reported.
    pub(super) fn compare(&mut self, size: u64, root: Option<Hash>) {
        let agreed_size = self.agreed_size;
        let waiting = [
            (Keeper::Store, &mut self.kept),
            (Keeper::Auditor, &mut self.given),
            (Keeper::Rotation, &mut self.rotated),
        ];
        for (keeper, waiting) in waiting {
            while let Some(signed) = waiting.pop_front_if(|tree| tree.size <= size) {
                match root {
                    None => {}
                    Some(root) if root == signed.root => {
                        self.agreed_count += u64::from(keeper != Keeper::Rotation);
                        self.agreed_size = size;
                    }
                    // Behind an altered event every kept checkpoint contradicts; the first says where.
                    Some(_) if keeper == Keeper::Store && !self.contradictions.is_empty() => {
                        self.contradictions_omitted += 1;
                    }
                    Some(computed) => {
                        self.contradictions.push(Contradiction { keeper, signed, computed, agreed_size });
                    }
                }
            }
        }
    }

    /// Reports what contradicts the log, as narrowly as `suspects` allow, and what is larger than the log.
    pub(super) async fn finish(
        &mut self,
        size: u64,
        suspects: &[Range<u64>],
        store: &dyn Store,
        problems: &mut Problems,
    ) -> Result<(), ProofError> {
        for contradiction in &self.contradictions {
            contradiction.report(suspects, self.contradictions_omitted, problems);
        }
        for signed in std::mem::take(&mut self.given) {
            report_truncated(Keeper::Auditor, signed, size, problems);
        }
        // What was signed since the verification began is larger than the log was then, and no problem.
        loop {
            let size_now = readable_head(store).await?.map_or(size, |head| head.size);
            for signed in std::mem::take(&mut self.kept).into_iter().filter(|signed| signed.size > size_now) {
                report_truncated(Keeper::Store, signed, size_now, problems);
            }
            if self.is_kept_at_end {
                return Ok(());
            }
            self.read_page(store, problems).await?;
        }
    }

    /// The keys whose signatures count, and for which part of the log.
    pub(super) fn keys(&self) -> &[KeyPeriod] {
        self.trust.keys.periods()
    }

    /// How many checkpoints agree with the log.
    pub(super) fn agreed_count(&self) -> u64 {
        self.agreed_count
    }

    /// The size of the largest of them; 0 when there is none.
    pub(super) fn agreed_size(&self) -> u64 {
        self.agreed_size
    }
}
