use annals_store::{Inspection, Problem};
use async_trait::async_trait;

use super::SqliteEventStore;
use crate::errors::Result;
use crate::inspect;

#[async_trait]
impl Inspection for SqliteEventStore {
    async fn inspect(&self, problems_max: usize) -> Result<Vec<Problem>> {
        self.blocking(move |shared| {
            let reader = shared.truth_reader()?;
            inspect::inspect(reader.connections()?.truth, &shared.files.index, problems_max)
        })
        .await
    }
}
