use std::sync::{Arc, Mutex, PoisonError};

use annals_store::{Findings, Inspection, Inspector, StoredRow};
use async_trait::async_trait;
use tokio::task::JoinHandle;

use super::PostgresEventStore;
use crate::errors::{Result, unavailable};
use crate::inspect::look_beside;

/// An inspection: the database compares what is derived with the events that it follows from, while the caller
/// checks the events.
struct PostgresInspector(Mutex<Option<JoinHandle<Result<Findings>>>>);

#[async_trait]
impl Inspection for PostgresEventStore {
    async fn begin_inspection(&self) -> Result<Arc<dyn Inspector>> {
        let session = self.shared.pool.take().await?;
        let looking = tokio::spawn(async move { Ok(look_beside(&session).await?) });
        Ok(Arc::new(PostgresInspector(Mutex::new(Some(looking)))))
    }
}

#[async_trait]
impl Inspector for PostgresInspector {
    fn take_in(&self, _: &[StoredRow]) {}

    async fn finish(self: Arc<Self>, problems_max: usize) -> Result<Findings> {
        let looking = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let looking = looking.ok_or_else(|| unavailable("the inspection was finished before"))?;
        let mut findings =
            looking.await.map_err(|error| unavailable(format!("the inspection ended early: {error}")))??;
        findings.problems.truncate(problems_max.max(1));
        Ok(findings)
    }
}
