//! What a server has no route for.

use std::sync::Arc;

use annals_event::{CursorName, StreamName, StreamVersion, Timestamp};
use annals_store::{
    CursorAdvance, CursorStore, CursorValue, DeadLetter, DeadLetterId, DeadLetterState, DeadLetterStore,
    Inspection, Inspector, NewDeadLetter, Snapshot, SnapshotKey, SnapshotStore, StoreError,
};
use async_trait::async_trait;

use crate::store::HttpEventStore;

pub(crate) fn not_over_http(what: &'static str) -> StoreError {
    StoreError::NotOverHttp { what }
}

#[async_trait]
impl Inspection for HttpEventStore {
    async fn begin_inspection(&self) -> Result<Arc<dyn Inspector>, StoreError> {
        Err(not_over_http("inspecting the store"))
    }
}

#[async_trait]
impl CursorStore for HttpEventStore {
    async fn cursor(&self, _name: &CursorName) -> Result<Option<CursorValue>, StoreError> {
        Err(not_over_http("reading a cursor"))
    }

    async fn advance_cursor(&self, _advance: CursorAdvance) -> Result<(), StoreError> {
        Err(not_over_http("moving a cursor without an append"))
    }

    async fn cursors(&self) -> Result<Vec<(CursorName, CursorValue)>, StoreError> {
        Err(not_over_http("listing cursors"))
    }
}

/// States are folded here, by the reducers that are configured here; the server's snapshots are its own.
#[async_trait]
impl SnapshotStore for HttpEventStore {
    async fn keep_snapshots(&self, _snapshots: Vec<Snapshot>) -> Result<(), StoreError> {
        Err(not_over_http("keeping a snapshot"))
    }

    async fn nearest_snapshot(
        &self,
        _key: &SnapshotKey,
        _version: Option<StreamVersion>,
        _timestamp: Option<Timestamp>,
    ) -> Result<Option<Snapshot>, StoreError> {
        Ok(None)
    }

    async fn snapshots(
        &self,
        _after: Option<(&SnapshotKey, StreamVersion)>,
        _limit: usize,
    ) -> Result<Vec<Snapshot>, StoreError> {
        Err(not_over_http("listing snapshots"))
    }

    async fn drop_snapshots(&self, _stream: Option<&StreamName>) -> Result<u64, StoreError> {
        Err(not_over_http("dropping snapshots"))
    }
}

#[async_trait]
impl DeadLetterStore for HttpEventStore {
    async fn keep_dead_letter(&self, _letter: NewDeadLetter) -> Result<DeadLetterId, StoreError> {
        Err(not_over_http("keeping a dead letter"))
    }

    async fn dead_letters(
        &self,
        _state: Option<DeadLetterState>,
        _after: Option<DeadLetterId>,
        _limit: usize,
    ) -> Result<Vec<DeadLetter>, StoreError> {
        Err(not_over_http("reading dead letters"))
    }

    async fn dead_letter(&self, _id: DeadLetterId) -> Result<DeadLetter, StoreError> {
        Err(not_over_http("reading dead letters"))
    }

    async fn settle_dead_letter(&self, _id: DeadLetterId, _state: DeadLetterState) -> Result<(), StoreError> {
        Err(not_over_http("settling a dead letter"))
    }
}
