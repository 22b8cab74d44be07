use annals_event::{Position, RecordedEvent};
use annals_tlog::recompute_leaf_hash;
use async_trait::async_trait;

use super::MemoryStore;
use super::derived::Derived;
use crate::error::StoreError;
use crate::inspection::{Inspection, Problem};

#[async_trait]
impl Inspection for MemoryStore {
    async fn inspect(&self, problems_max: usize) -> Result<Vec<Problem>, StoreError> {
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
        Ok(altered.chain(derived).take(problems_max).collect())
    }
}
