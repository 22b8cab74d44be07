//! A log as static files: the layout of C2SP tlog-tiles, which any web server can serve.

mod entries;
mod folder;
mod levels;
mod read;

use std::path::Path;

use annals_store::{Store, StoreError};
use annals_tlog::{Frontier, SignedCheckpoint, TILE_WIDTH, TreeHead};

use crate::ProofError;
use crate::error::blocking;
use crate::stored_hashes::TreeEdge;
pub use read::read_tile;

use entries::EntryReader;
use folder::TileFolder;
use levels::{Levels, TileFile};

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TilesWritten {
    /// How many events the folder holds now.
    pub size: u64,
    /// How many of them are new in it.
    pub new_events: u64,
    /// How many files were written, the checkpoint included.
    pub files: u64,
}

/// Writes a log up to a checkpoint into `folder`: `checkpoint`, `tile/<L>/<N>[.p/<W>]` and
/// `tile/entries/<N>[.p/<W>]`.
///
/// A folder that holds a smaller checkpoint of the log gets only what is new. Full tiles never change; the
/// partial ones of earlier checkpoints stay until their tile is full, as the specification demands of a log
/// ("Partial Tiles"). The checkpoint is written last, when everything under it is on disk.
///
/// Entries are recomputed from the rows, and what is published leads to the checkpoint's root, or nothing is.
/// Memory does not grow with the log.
///
/// # Errors
/// [`ProofError::ForeignTiles`] if the folder holds another log or one that this log does not extend,
/// [`ProofError::ForeignCheckpoint`], [`ProofError::EventAltered`], [`ProofError::Forked`] if the log does not
/// lead to the checkpoint, [`ProofError::File`] or [`ProofError::Store`].
pub async fn write_tiles(
    store: &dyn Store,
    folder: &Path,
    checkpoint: &SignedCheckpoint,
) -> Result<TilesWritten, ProofError> {
    let claim = checkpoint.unverified();
    if claim.origin != *store.origin() {
        let (origin, found) = (store.origin().clone(), claim.origin.clone());
        return Err(ProofError::ForeignCheckpoint { origin, found });
    }
    let tree = claim.tree();
    let folder = TileFolder::new(folder);
    let before = folder.clone().published(claim.origin.clone(), tree).await?;
    let files = 1 + match before.size == tree.size {
        // Its tiles are there; the checkpoint may have got further signatures.
        true if before.root == tree.root => 0,
        true => return Err(folder.foreign("they are of another tree of the same size".to_owned())),
        false => Writer::begin(store, folder.clone(), before).await?.write_up_to(tree).await?,
    };
    let text = checkpoint.to_string();
    blocking(move || {
        folder.sync()?;
        folder.remove_outgrown_partials(before.size, tree.size)?;
        folder.publish_checkpoint(&text)
    })
    .await?;
    Ok(TilesWritten { size: tree.size, new_events: tree.size - before.size, files })
}

/// Writes tiles from the last full one on.
struct Writer<'a> {
    store: &'a dyn Store,
    folder: TileFolder,
    before: TreeHead,
    frontier: Frontier,
    levels: Levels,
    files: u64,
}

impl<'a> Writer<'a> {
    /// Begins with the first tile that was not full in the tree that is in the folder.
    async fn begin(store: &'a dyn Store, folder: TileFolder, before: TreeHead) -> Result<Self, ProofError> {
        let full = before.size - before.size % TILE_WIDTH;
        let lacking = || StoreError::Corrupt {
            reason: format!("stored hashes of the tree of the first {full} events are missing"),
        };
        let edge = TreeEdge::read(store, full).await?.ok_or_else(lacking)?;
        let frontier = edge.frontier()?;
        Ok(Self { store, folder, before, frontier, levels: Levels::new(full, edge), files: 0 })
    }

    /// Writes every tile of `tree` that is new; how many files these were.
    async fn write_up_to(mut self, tree: TreeHead) -> Result<u64, ProofError> {
        self.must_extend_before()?;
        let mut entries = EntryReader::new(self.store, self.frontier.size()..tree.size);
        while let Some(page) = entries.next_page().await? {
            let mut files = page.bundles;
            for leaf in page.leaves {
                self.levels.push_leaf(leaf, &mut files)?;
                let Self { frontier, levels, .. } = &mut self;
                let mut completed = Ok(());
                frontier.push(leaf, |subtree| {
                    if completed.is_ok() {
                        completed = levels.push(subtree, &mut files);
                    }
                });
                completed?;
                self.must_extend_before()?;
            }
            self.write(files).await?;
        }
        let found = self.frontier.root();
        if found != tree.root {
            return Err(ProofError::Forked { origin: self.store.origin().clone(), signed: tree, found });
        }
        self.write(self.levels.partial_tiles()?).await?;
        Ok(self.files)
    }

    /// Where the tree has the size of the one in the folder it must also have its root.
    fn must_extend_before(&self) -> Result<(), ProofError> {
        if self.frontier.size() == self.before.size && self.frontier.root() != self.before.root {
            return Err(self
                .folder
                .foreign("the log does not extend the one that was written there".to_owned()));
        }
        Ok(())
    }

    async fn write(&mut self, files: Vec<TileFile>) -> Result<(), ProofError> {
        self.files += files.len() as u64;
        let folder = self.folder.clone();
        blocking(move || files.iter().try_for_each(|file| folder.publish(file))).await
    }
}
