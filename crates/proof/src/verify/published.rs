//! Verification of a log of which only what it publishes can be had: checkpoints, tiles and entries.

use std::ops::Range;

use annals_store::{Store, StoreError};
use annals_tlog::{BundleCoordinate, Hash, TILE_WIDTH, TileWidth, leaf_hash, parse_bundle};
use async_trait::async_trait;

use super::checkpoints::CheckpointCheck;
use super::key_history;
use super::problems::Problems;
use super::tree::TreeCheck;
use super::{Verification, VerifyOptions, VerifyProgress};
use crate::stored_hashes::read_hashes;
use crate::{KeyHistory, ProofError};

/// What cannot be seen in tiles.
const UNCHECKED: &str = "the store behind the server: its rows, indexes and counters; 'annals verify' beside the store \
                         looks at them, and a receipt shows that an event is what its entry says";

/// A log that publishes its entries in bundles (C2SP tlog-tiles). Its tiles are its
/// [`tree_hashes`](annals_store::ProofStore::tree_hashes).
#[async_trait]
pub trait PublishedLog: Store {
    /// The bytes of a bundle.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the newest checkpoint does not cover it.
    async fn entry_bundle(&self, bundle: BundleCoordinate) -> Result<Vec<u8>, StoreError>;
}

/// Verifies a log from what it publishes, as far as its newest checkpoint reaches: every entry is hashed, the tree is made
/// of them and compared with its tiles at every level, and its roots with every checkpoint, whose signatures are checked.
/// Memory does not grow with the log.
///
/// That an entry says what an event says, only its receipt or the store itself can show; which is among what is not
/// checked.
///
/// # Errors
/// [`ProofError::Store`] if the log cannot be read, or publishes nothing yet.
pub async fn verify_published(
    log: &dyn PublishedLog,
    options: VerifyOptions<'_>,
) -> Result<Verification, ProofError> {
    let store: &dyn Store = log;
    let VerifyOptions { verifier_keys, checkpoints, problems_max, progress } = options;
    let newest = store.newest_checkpoint().await?;
    let newest =
        newest.ok_or_else(|| StoreError::NotFound { what: "checkpoint of this log yet".to_owned() })?;
    let size = newest.unverified().size;
    let mut problems = Problems::new(problems_max);
    let keys = known_keys(store, verifier_keys, &mut problems).await?;
    let mut checkpoints = CheckpointCheck::new(store.origin().clone(), keys, &checkpoints, &mut problems);
    checkpoints.read_up_to(0, store, &mut problems).await?;
    checkpoints.compare(0, Some(Hash::EMPTY_ROOT));
    let mut run = Run { log, store, problems, tree: TreeCheck::new(), checkpoints, events: 0 };
    let mut next = 0;
    while next < size {
        let range = next..size.min(next + TILE_WIDTH);
        next = range.end;
        run.fold(range).await?;
        if let Some(progress) = progress {
            progress(VerifyProgress { checked: next, size });
        }
    }
    run.finish(size).await
}

/// The keys that count. Who may not read the log's events cannot follow the rotations of its key.
async fn known_keys(
    store: &dyn Store,
    trusted: Vec<annals_tlog::VerifierKey>,
    problems: &mut Problems,
) -> Result<KeyHistory, ProofError> {
    match key_history::trusted(store, trusted.clone(), problems).await {
        Err(ProofError::Store(StoreError::Refused { .. })) if !trusted.is_empty() => {
            Ok(KeyHistory::of_notes(&trusted, Vec::new()))
        }
        keys => keys,
    }
}

struct Run<'a> {
    log: &'a dyn PublishedLog,
    store: &'a dyn Store,
    problems: Problems,
    tree: TreeCheck,
    checkpoints: CheckpointCheck,
    /// How many entries were hashed.
    events: u64,
}

impl Run<'_> {
    /// Takes in the entries of one bundle.
    async fn fold(&mut self, range: Range<u64>) -> Result<(), ProofError> {
        self.checkpoints.read_up_to(range.end, self.store, &mut self.problems).await?;
        let (entries, stored) =
            tokio::join!(entry_hashes(self.log, &range), read_hashes(self.store, 0, range.clone()));
        let (entries, stored) = (entries?, stored?);
        for (place, position) in range.clone().enumerate() {
            let (entry, stored) = (entries.get(place).copied(), stored.get(place).copied());
            self.compare_leaf(position, entry, stored);
            self.tree.push(entry.or(stored));
            if self.tree.is_resumable() {
                self.tree.resume(self.store).await?;
            }
            if self.checkpoints.next_size() == Some(position + 1) {
                self.checkpoints.compare(position + 1, self.tree.root());
            }
        }
        self.tree.compare(self.store, &mut self.problems).await
    }

    fn compare_leaf(&mut self, position: u64, entry: Option<Hash>, stored: Option<Hash>) {
        self.events += u64::from(entry.is_some());
        match (entry, stored) {
            (Some(entry), Some(stored)) if entry == stored => {}
            (Some(entry), stored) => {
                let stored = stored.map_or_else(|| "is missing".to_owned(), |stored| format!("is {stored}"));
                self.problems.at("event-altered", position, || {
                    format!(
                        "the published entry gives the leaf hash {entry}, and the one in its tile {stored}"
                    )
                });
                self.tree.suspect_leaf(position);
            }
            (None, _) => {
                self.problems.at("event-missing", position, || "its entry is not published".to_owned())
            }
        }
    }

    async fn finish(mut self, size: u64) -> Result<Verification, ProofError> {
        self.tree.compare_all(self.store, &mut self.problems).await?;
        self.checkpoints.finish(size, self.tree.suspects(), self.store, &mut self.problems).await?;
        let (root, events) = (self.tree.root(), self.events);
        let (problems, problems_omitted) = self.problems.into_parts();
        Ok(Verification {
            ok: problems.is_empty() && problems_omitted == 0,
            size,
            root,
            events,
            checkpoints: self.checkpoints.agreed_count(),
            unsigned_tail: size.saturating_sub(self.checkpoints.agreed_size()),
            keys: self.checkpoints.keys().to_vec(),
            predecessor: None,
            problems,
            problems_omitted,
            unchecked: vec![UNCHECKED.to_owned()],
        })
    }
}

/// The hashes of the entries of a bundle; fewer where it cannot be read.
async fn entry_hashes(log: &dyn PublishedLog, range: &Range<u64>) -> Result<Vec<Hash>, ProofError> {
    let width = u16::try_from(range.end - range.start).unwrap_or(u16::MAX);
    let bundle = BundleCoordinate::new(range.start / TILE_WIDTH, TileWidth::new(width)?)?;
    match log.entry_bundle(bundle).await {
        Ok(bytes) => Ok(parse_bundle(&bytes).unwrap_or_default().into_iter().map(leaf_hash).collect()),
        Err(StoreError::NotFound { .. } | StoreError::Corrupt { .. }) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}
