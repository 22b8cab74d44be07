use std::sync::{Arc, Mutex, PoisonError};

use annals_store::{Findings, Inspection, Inspector, StoreError, StoredRow};
use async_trait::async_trait;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, spawn_blocking};

use super::{Shared, SqliteEventStore};
use crate::errors::Result;
use crate::inspect::{Beside, Claims, Expected, look_beside};

/// An inspection: what lies beside the events is looked at on one thread, while events are taken in on others.
struct SqliteInspector {
    shared: Arc<Shared>,
    looking: Mutex<Option<JoinHandle<Result<Beside>>>>,
    /// What the index claims; none when there is no index to compare.
    claims: Option<Arc<Claims>>,
    expected: Mutex<Expected>,
}

#[async_trait]
impl Inspection for SqliteEventStore {
    async fn begin_inspection(&self) -> Result<Arc<dyn Inspector>> {
        let shared = Arc::clone(&self.shared);
        let (tell, told) = oneshot::channel();
        let looking = spawn_blocking(move || {
            let reader = shared.truth_reader()?;
            // Whoever gave up the inspection is not there to be told.
            look_beside(reader.connections()?.truth, &shared.files, |claims| drop(tell.send(claims)))
        });
        Ok(Arc::new(SqliteInspector {
            shared: Arc::clone(&self.shared),
            claims: told.await.ok(),
            looking: Mutex::new(Some(looking)),
            expected: Mutex::default(),
        }))
    }
}

#[async_trait]
impl Inspector for SqliteInspector {
    fn take_in(&self, rows: &[StoredRow]) {
        let Some(claims) = &self.claims else { return };
        // A row that cannot be read is named by whoever checks the leaves.
        let found = rows.iter().filter_map(|row| row.event.as_ref().ok());
        let expected = Expected::of(found.map(|found| &found.event), claims);
        self.expected.lock().unwrap_or_else(PoisonError::into_inner).merge(expected);
    }

    async fn finish(self: Arc<Self>, problems_max: usize) -> Result<Findings> {
        let looking = self.looking.lock().unwrap_or_else(PoisonError::into_inner).take();
        let looking = looking.ok_or_else(|| ended_early("it was finished before"))?;
        let beside = looking.await.map_err(ended_early)??;
        let Some(claims) = self.claims.clone() else { return Ok(beside.into_findings()) };
        let compare = move || {
            let expected = std::mem::take(&mut *self.expected.lock().unwrap_or_else(PoisonError::into_inner));
            let reader = self.shared.truth_reader()?;
            let log = (reader.connections()?.truth, &self.shared.files);
            beside.compare(&claims, &expected, log, problems_max)
        };
        let mut findings = spawn_blocking(compare).await.map_err(ended_early)??;
        findings.problems.truncate(problems_max.max(1));
        Ok(findings)
    }
}

fn ended_early(reason: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable { reason: format!("the inspection ended early: {reason}"), source: None }
}
