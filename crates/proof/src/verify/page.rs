//! Reading rows in order, and hashing them on another thread.

use std::ops::Range;

use annals_event::{EventId, Position, StreamVersion, Timestamp};
use annals_store::{ProvableEvent, Store, StoreError, StoredRow};
use annals_tlog::{Hash, recompute_leaf_hash};

use super::stream_versions::StreamKey;
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
        let (start, end, rows, leaves) = loop {
            let (start, end) = (self.next, self.size.min(self.next + self.page_len));
            let (rows, leaves) =
                tokio::join!(self.store.stored_rows(start..end), read_hashes(self.store, 0, start..end));
            match rows {
                // The damage may concern a few rows only, so it is closed in on.
                Err(StoreError::Corrupt { .. }) if end - start > 1 => self.page_len = (end - start) / 2,
                Err(StoreError::Corrupt { reason }) => {
                    let row = StoredRow { position: Position(start), event: Err(reason) };
                    break (start, end, vec![row], leaves);
                }
                rows => {
                    self.page_len = PAGE_LEN.min(self.page_len * 2);
                    break (start, end, rows?, leaves);
                }
            }
        };
        let mut stored_leaves = leaves?;
        // A page may be full before its range ends, so only up to its last row is known to be complete.
        self.next = rows.last().map_or(end, |last| last.position.0.saturating_add(1).clamp(start + 1, end));
        let range = start..self.next;
        if stored_leaves.is_empty() && range.end < end {
            // Some are missing, but perhaps not in this part.
            stored_leaves = read_hashes(self.store, 0, range.clone()).await?;
        }
        stored_leaves.truncate(len(&range));
        Ok(Some(Page { range, rows, stored_leaves }))
    }
}

impl Page {
    /// Does the expensive part. Nothing in it depends on other pages.
    pub(super) fn hash(self) -> HashedPage {
        let rows = self.rows.into_iter().map(HashedRow::from).collect();
        HashedPage { range: self.range, rows, stored_leaves: self.stored_leaves }
    }
}

impl From<StoredRow> for HashedRow {
    fn from(row: StoredRow) -> Self {
        Self { position: row.position.0, event: row.event.map(|event| HashedEvent::from(&event)) }
    }
}

impl From<&ProvableEvent> for HashedEvent {
    fn from(stored: &ProvableEvent) -> Self {
        let event = &stored.event;
        Self {
            position: event.position,
            event_id: event.event_id,
            stream: StreamKey::of(event),
            version: event.version,
            recorded_at: event.recorded_at,
            stored_leaf: stored.leaf_hash,
            leaf: recompute_leaf_hash(event, &stored.opening),
        }
    }
}
