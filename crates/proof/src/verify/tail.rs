//! Rows behind the head, which no append can have written.

use annals_store::Store;
use annals_tlog::TREE_SIZE_MAX;

use super::problems::Problems;
use crate::ProofError;

/// Reports rows that stand behind the head. The log may grow meanwhile: only a row that is still behind the
/// head when that is read after it has no business there.
pub(super) async fn check(store: &dyn Store, problems: &mut Problems) -> Result<(), ProofError> {
    let mut next = store.head().await?.size;
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
