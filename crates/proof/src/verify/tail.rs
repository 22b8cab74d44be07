//! Where the log ends, and rows behind its end, which no append can have written.

use annals_store::{Head, Store, StoreError};
use annals_tlog::TREE_SIZE_MAX;

use super::problems::Problems;
use crate::ProofError;

/// The head; `None` if the store has one that cannot be read.
pub(super) async fn readable_head(store: &dyn Store) -> Result<Option<Head>, ProofError> {
    match store.head().await {
        Err(StoreError::Corrupt { .. }) => Ok(None),
        head => Ok(Some(head?)),
    }
}

/// How many positions there are up to the last row, for a log whose head does not say it. Found by halving.
pub(super) async fn end_of_rows(store: &dyn Store) -> Result<u64, ProofError> {
    let (mut low, mut high) = (0, TREE_SIZE_MAX);
    while low < high {
        let middle = low + (high - low) / 2;
        match store.stored_rows(middle..high).await?.last() {
            Some(last) => low = last.position.0.saturating_add(1).clamp(middle + 1, high),
            None => high = middle,
        }
    }
    Ok(low)
}

/// Reports rows that stand behind the head. The log may grow meanwhile: only a row that is still behind the
/// head when that is read after it has no business there.
pub(super) async fn check(store: &dyn Store, problems: &mut Problems) -> Result<(), ProofError> {
    let Some(head) = readable_head(store).await? else { return Ok(()) };
    let mut next = head.size;
    while problems.room() > 0 {
        let rows = store.stored_rows(next..TREE_SIZE_MAX).await?;
        let Some(last) = rows.last() else { break };
        let size = store.head().await?.size;
        for row in rows.iter().filter(|row| row.position.0 >= size) {
            problems.at("event-added", row.position.0, || {
                format!("a row stands at position {}, but the log ends before {size}", row.position)
            });
        }
        next = size.max(last.position.0.saturating_add(1)).max(next + 1);
    }
    Ok(())
}
