use annals_store::{Inspection, Problem};
use async_trait::async_trait;

use super::SqliteEventStore;
use crate::errors::Result;

#[async_trait]
impl Inspection for SqliteEventStore {
    async fn inspect(&self, problems_max: usize) -> Result<Vec<Problem>> {
        let _ = problems_max;
        Ok(Vec::new())
    }

    async fn rebuild_derived(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
}
