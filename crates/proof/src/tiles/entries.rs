//! Leaf entries, recomputed from the rows and bundled by tiles.

use std::ops::Range;

use annals_event::Position;
use annals_store::{Store, StoredRow};
use annals_tlog::{Hash, TILE_WIDTH, encode_bundle, leaf_hash, recompute_entry};

use super::levels::{TileFile, bundle_file};
use crate::ProofError;
use crate::error::blocking;

/// How many positions are read at a time: whole tiles, of at most 64 KiB each entry.
const PAGE_LEN: u64 = 4 * TILE_WIDTH;

/// Reads entries from the start of a tile on.
pub(super) struct EntryReader<'a> {
    store: &'a dyn Store,
    positions: Range<u64>,
}

/// The entries of some tiles.
pub(super) struct EntryPage {
    /// Their leaf hashes, in order.
    pub(super) leaves: Vec<Hash>,
    /// Their bundles; the last may be partial at the end of the log.
    pub(super) bundles: Vec<TileFile>,
}

impl<'a> EntryReader<'a> {
    /// `positions` starts where a tile starts.
    pub(super) fn new(store: &'a dyn Store, positions: Range<u64>) -> Self {
        Self { store, positions }
    }

    /// The next tiles; `None` at the end.
    pub(super) async fn next_page(&mut self) -> Result<Option<EntryPage>, ProofError> {
        if self.positions.is_empty() {
            return Ok(None);
        }
        let start = self.positions.start;
        let range = start..self.positions.end.min(start + PAGE_LEN);
        self.positions.start = range.end;
        let entries = read_entries(self.store, range).await?;
        blocking(move || bundle(start / TILE_WIDTH, &entries).map(Some)).await
    }
}

/// The entries at every one of these positions. Rows, which may be large, are not gathered.
pub(super) async fn read_entries(store: &dyn Store, range: Range<u64>) -> Result<Vec<String>, ProofError> {
    let mut entries = Vec::new();
    let mut next = range.start;
    while next < range.end {
        let rows = store.stored_rows(next..range.end).await?;
        must_be(!rows.is_empty(), next, "its row is missing")?;
        for row in &rows {
            must_be(row.position.0 == next, next, "its row is missing or stands twice")?;
            next += 1;
        }
        let recomputed = blocking(move || rows.iter().map(entry).collect::<Result<Vec<_>, _>>());
        entries.extend(recomputed.await?);
    }
    Ok(entries)
}

fn must_be(condition: bool, position: u64, reason: &str) -> Result<(), ProofError> {
    if condition {
        Ok(())
    } else {
        Err(ProofError::EventAltered { position: Position(position), reason: reason.to_owned() })
    }
}

fn bundle(first_tile: u64, entries: &[String]) -> Result<EntryPage, ProofError> {
    let leaves = entries.iter().map(|entry| leaf_hash(entry.as_bytes())).collect();
    let mut page = EntryPage { leaves, bundles: Vec::new() };
    for (index, entries) in (first_tile..).zip(entries.chunks(TILE_WIDTH as usize)) {
        let bytes = encode_bundle(entries.iter().map(String::as_bytes))?;
        page.bundles.push(bundle_file(index, entries.len(), bytes)?);
    }
    Ok(page)
}

/// The entry that a row's fields give. That it is the one which was recorded shows at the root.
fn entry(row: &StoredRow) -> Result<String, ProofError> {
    let altered = |reason: String| ProofError::EventAltered { position: row.position, reason };
    let stored = row.event.as_ref().map_err(|reason| altered(reason.clone()))?;
    let entry =
        recompute_entry(&stored.event, &stored.opening).map_err(|error| altered(error.to_string()))?;
    if leaf_hash(entry.as_bytes()) == stored.leaf_hash {
        Ok(entry)
    } else {
        Err(altered("its fields do not give its leaf hash".to_owned()))
    }
}
