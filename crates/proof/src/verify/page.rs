//! Reading rows in order, and hashing them on another thread.

use std::ops::Range;

use annals_event::{EventId, Position, StreamVersion, Timestamp};
use annals_store::{Inspector, LeafPlace, ProvableEvent, Store, StoreError, StoredRow};
use annals_tlog::{Hash, recompute_leaf_hash};

use super::stream_versions::{StreamKey, StreamKeys};
use crate::ProofError;
use crate::stored_hashes::{len, read_hashes};

/// How many positions are asked for at a time.
const PAGE_LEN: u64 = 2_048;

/// Reads the rows of a log from its first position to its size.
pub(super) struct PageReader<'a> {
    store: &'a dyn Store,
    next: u64,
    size: u64,
    /// How many positions to ask for: fewer where the database is damaged.
    page_len: u64,
}

/// What the store has at some positions.
pub(super) struct Page {
    /// The positions for which the rows are complete: where one is missing here, there is none.
    range: Range<u64>,
    rows: Vec<StoredRow>,
    /// The leaf hashes of the stored tree at these positions; none unless all are there.
    stored_leaves: Vec<Hash>,
}

/// The same, with everything computed that needs no other event.
pub(super) struct HashedPage {
    pub(super) range: Range<u64>,
    pub(super) rows: Vec<HashedRow>,
    pub(super) stored_leaves: Vec<Hash>,
}

/// A row and its recomputed leaf.
pub(super) struct HashedRow {
    pub(super) position: u64,
    /// The event's facts; otherwise why the row states none.
    pub(super) event: Result<HashedEvent, String>,
}

/// What remains to be compared of an event.
pub(super) struct HashedEvent {
    /// The position that the event itself claims.
    pub(super) position: Position,
    pub(super) event_id: EventId,
    pub(super) stream: StreamKey,
    pub(super) version: StreamVersion,
    pub(super) recorded_at: Timestamp,
    /// The leaf hash that is stored in the row.
    pub(super) stored_leaf: Hash,
    /// The leaf hash that follows from the fields; an error if the opening does not open them.
    pub(super) leaf: Result<Hash, annals_tlog::Error>,
}

impl<'a> PageReader<'a> {
    pub(super) fn new(store: &'a dyn Store, size: u64) -> Self {
        Self { store, next: 0, size, page_len: PAGE_LEN }
    }

    /// The next rows; `None` at the end.
    pub(super) async fn next_page(&mut self) -> Result<Option<Page>, ProofError> {
        if self.next >= self.size {
            return Ok(None);
        }
        let (start, end, rows) = loop {
            let (start, end) = (self.next, self.size.min(self.next + self.page_len));
            match self.store.stored_rows(start..end).await {
                // The damage may concern a few rows only, so it is closed in on.
                Err(StoreError::Corrupt { .. }) if end - start > 1 => self.page_len = (end - start) / 2,
                Err(StoreError::Corrupt { reason }) => {
                    break (start, end, vec![StoredRow { position: Position(start), event: Err(reason) }]);
                }
                rows => {
                    self.page_len = PAGE_LEN.min(self.page_len * 2);
                    break (start, end, rows?);
                }
            }
        };
        // A page may be full before its range ends, so only up to its last row is known to be complete.
        self.next = rows.last().map_or(end, |last| last.position.0.saturating_add(1).clamp(start + 1, end));
        let range = start..self.next;
        let stored_leaves = match self.store.leaf_place() {
            LeafPlace::InRows => leaves_in_rows(&rows, &range),
            LeafPlace::InTree => None,
        };
        let stored_leaves = match stored_leaves {
            Some(leaves) => leaves,
            None => read_hashes(self.store, 0, range.clone()).await?,
        };
        Ok(Some(Page { range, rows, stored_leaves }))
    }
}

/// The leaf hashes of a range that stand in its rows, if each position has one row that can be read.
fn leaves_in_rows(rows: &[StoredRow], range: &Range<u64>) -> Option<Vec<Hash>> {
    let is_whole = rows.len() == len(range);
    let mut rows = range.clone().zip(rows).map(|(position, row)| {
        row.event.as_ref().ok().filter(|_| row.position.0 == position).map(|event| event.leaf_hash)
    });
    if is_whole { rows.by_ref().collect() } else { None }
}

impl Page {
    /// Does the expensive part. Nothing in it depends on other pages.
    pub(super) fn hash(self, keys: &StreamKeys, inspector: &dyn Inspector) -> HashedPage {
        inspector.take_in(&self.rows);
        let hashed = |row: StoredRow| HashedRow {
            position: row.position.0,
            event: row.event.map(|event| HashedEvent::of(&event, keys)),
        };
        let rows = self.rows.into_iter().map(hashed).collect();
        HashedPage { range: self.range, rows, stored_leaves: self.stored_leaves }
    }
}

impl HashedEvent {
    fn of(stored: &ProvableEvent, keys: &StreamKeys) -> Self {
        let event = &stored.event;
        Self {
            position: event.position,
            event_id: event.event_id,
            stream: StreamKey::of(event, keys),
            version: event.version,
            recorded_at: event.recorded_at,
            stored_leaf: stored.leaf_hash,
            leaf: recompute_leaf_hash(event, &stored.opening),
        }
    }
}
