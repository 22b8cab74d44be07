use std::sync::Arc;

use annals_event::{Position, RecordedEvent};
use annals_tlog::recompute_leaf_hash;
use async_trait::async_trait;

use super::MemoryStore;
use super::derived::Derived;
use crate::error::StoreError;
use crate::inspection::{Findings, Inspection, Inspector, Problem};
use crate::proof_store::StoredRow;

/// What was wrong when the inspection began: rows in memory need no second reading.
struct Found(Vec<Problem>);

#[async_trait]
impl Inspection for MemoryStore {
    async fn begin_inspection(&self) -> Result<Arc<dyn Inspector>, StoreError> {
        let state = self.state();
        let altered = state.rows.iter().enumerate().filter_map(|(index, row)| {
            let event: &RecordedEvent = &row.event;
            let is_in_place = event.position == Position(index as u64);
            let is_unaltered =
                recompute_leaf_hash(event, &row.opening).is_ok_and(|hash| hash == row.leaf_hash);
            (!is_in_place || !is_unaltered).then(|| Problem {
                code: "event-altered",
                position: Some(Position(index as u64)),
                detail: "the event's leaf hash is not that of its fields".to_owned(),
            })
        });
        let derived = (Derived::from_rows(&state.rows) != state.derived).then(|| Problem {
            code: "derived-differs",
            position: None,
            detail: "ids, stream heads or tree are not those that follow from the events".to_owned(),
        });
        Ok(Arc::new(Found(altered.chain(derived).collect())))
    }
}

#[async_trait]
impl Inspector for Found {
    fn take_in(&self, _: &[StoredRow]) {}

    async fn finish(self: Arc<Self>, problems_max: usize) -> Result<Findings, StoreError> {
        Ok(Findings { problems: self.0.iter().take(problems_max).cloned().collect(), ..Findings::default() })
    }
}
