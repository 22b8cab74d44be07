//! The tree that grows from recomputed leaves, and its comparison with the stored one.

use std::collections::HashSet;
use std::ops::Range;

use annals_store::Store;
use annals_tlog::{CompleteSubtree, Frontier, Hash, TILE_WIDTH};

use super::problems::Problems;
use crate::ProofError;
use crate::stored_hashes::{HEIGHTS_PER_LEVEL, TreeEdge, read_hashes};

/// How many subtrees are compared at a time.
const BATCH_LEN: usize = 256;

/// How many ranges are remembered to say where a root leads astray.
const SUSPECTS_MAX: usize = 16;

/// The tree over the leaves so far.
pub(super) struct TreeCheck {
    frontier: Frontier,
    /// How many leaves there are, also those that could not be pushed.
    size: u64,
    state: TreeState,
    /// Subtrees that are complete and not compared yet.
    completed: Vec<CompleteSubtree>,
    /// Subtrees, by level and index, that must differ because one below them does.
    explained: HashSet<(u8, u64)>,
    /// Where leaves agree with their stored hashes, but the stored subtree over them has another root.
    suspects: Vec<Range<u64>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TreeState {
    /// Every leaf was pushed.
    Whole,
    /// A leaf is unknown; with the next tile the tree can go on from stored hashes.
    Broken,
    /// A leaf is unknown, and so are the stored hashes above it.
    Lost,
}

impl TreeCheck {
    pub(super) fn new() -> Self {
        Self {
            frontier: Frontier::new(),
            size: 0,
            state: TreeState::Whole,
            completed: Vec::new(),
            explained: HashSet::new(),
            suspects: Vec::new(),
        }
    }

    /// The next leaf; `None` if nothing is known of it.
    pub(super) fn push(&mut self, leaf: Option<Hash>) {
        let Self { frontier, completed, .. } = self;
        match (self.state, leaf) {
            (TreeState::Whole, Some(leaf)) => frontier.push(leaf, |subtree| completed.push(subtree)),
            (TreeState::Whole, None) => self.state = TreeState::Broken,
            _ => {}
        }
        self.size += 1;
    }

    /// The root over the leaves so far; `None` if it cannot be known.
    pub(super) fn root(&self) -> Option<Hash> {
        (self.state == TreeState::Whole).then(|| self.frontier.root())
    }

    /// Whether [`Self::resume`] may mend the tree here.
    pub(super) fn is_resumable(&self) -> bool {
        self.state == TreeState::Broken && self.size.is_multiple_of(TILE_WIDTH)
    }

    /// Takes the stored hashes for the tile with the unknown leaf, so that what follows can be checked. That
    /// the leaf is unknown was reported.
    pub(super) async fn resume(&mut self, store: &dyn Store) -> Result<(), ProofError> {
        match TreeEdge::read(store, self.size).await? {
            Some(edge) => {
                self.frontier = edge.frontier()?;
                self.state = TreeState::Whole;
            }
            None => self.state = TreeState::Lost,
        }
        Ok(())
    }

    /// Compares complete subtrees with the stored ones once there are some.
    pub(super) async fn compare(
        &mut self,
        store: &dyn Store,
        problems: &mut Problems,
    ) -> Result<(), ProofError> {
        if self.completed.len() < BATCH_LEN { Ok(()) } else { self.compare_all(store, problems).await }
    }

    /// Compares every complete subtree with the stored one.
    pub(super) async fn compare_all(
        &mut self,
        store: &dyn Store,
        problems: &mut Problems,
    ) -> Result<(), ProofError> {
        let mut completed = std::mem::take(&mut self.completed);
        // Lower levels first, so that what they explain is known.
        completed.sort_unstable_by_key(|subtree| (subtree.level, subtree.index));
        for row in completed.chunk_by(|one, next| one.level == next.level && one.index + 1 == next.index) {
            let (Some(first), Some(last)) = (row.first(), row.last()) else { continue };
            let stored = read_hashes(store, first.level, first.index..last.index + 1).await?;
            let are_all_there = stored.len() == row.len();
            for (place, subtree) in row.iter().enumerate() {
                let stored = match are_all_there {
                    true => stored.get(place).copied(),
                    false => read_hashes(store, subtree.level, subtree.index..subtree.index + 1).await?.pop(),
                };
                if stored != Some(subtree.hash) {
                    self.report(*subtree, stored, problems);
                }
            }
        }
        Ok(())
    }

    fn report(&mut self, subtree: CompleteSubtree, stored: Option<Hash>, problems: &mut Problems) {
        let CompleteSubtree { level, index, hash } = subtree;
        let is_explained = self.explained.remove(&(level, index));
        self.explained.insert((level.saturating_add(1), index / TILE_WIDTH));
        if is_explained {
            return;
        }
        let leaves = 1_u64 << (HEIGHTS_PER_LEVEL * u32::from(level)).min(63);
        let range = index * leaves..(index + 1) * leaves;
        problems.at("tree-hash-altered", range.start, || {
            let stored = stored.map_or_else(|| "is missing".to_owned(), |stored| format!("is {stored}"));
            format!(
                "the stored hash {index} of level {level}, over the positions {} to {}, {stored}, but the events \
                 there give {hash}",
                range.start,
                range.end - 1
            )
        });
        if stored.is_some() {
            self.suspect(range);
        }
    }

    /// Notes that an event agrees with one of its stored leaf hashes and not with the other, which was
    /// reported, so that what follows from it is not reported again.
    pub(super) fn suspect_leaf(&mut self, position: u64) {
        self.explained.insert((1, position / TILE_WIDTH));
        self.suspect(position..position + 1);
    }

    fn suspect(&mut self, range: Range<u64>) {
        if self.suspects.len() < SUSPECTS_MAX {
            self.suspects.push(range);
        }
    }

    /// The ranges of positions in which the events and the stored tree disagree, although each event agrees
    /// with its stored leaf hash.
    pub(super) fn suspects(&self) -> &[Range<u64>] {
        &self.suspects
    }
}
