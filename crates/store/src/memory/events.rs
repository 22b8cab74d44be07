use annals_event::{EventId, Position};
use annals_tlog::Origin;
use async_trait::async_trait;

use super::MemoryStore;
use super::page::page;
use crate::append::{Append, Appended};
use crate::carry::{CarryStore, prepare_carried};
use crate::error::StoreError;
use crate::event_store::{EventStore, Head};
use crate::page::{Page, PageRequest};
use crate::proof_store::ProvableEvent;
use crate::query::Query;

#[async_trait]
impl CarryStore for MemoryStore {
    async fn carry(&self, events: Vec<ProvableEvent>) -> Result<(), StoreError> {
        let prepared = prepare_carried(events)?;
        let mut state = self.state();
        let now = self.preparer.now();
        let carried = prepared.into_iter().try_for_each(|append| state.append(append, now).map(drop));
        self.size.send_replace(state.size());
        carried
    }
}

#[async_trait]
impl EventStore for MemoryStore {
    fn origin(&self) -> &Origin {
        &self.origin
    }

    async fn append_each(&self, appends: Vec<Append>) -> Vec<Result<Appended, StoreError>> {
        let prepared: Vec<_> = appends.into_iter().map(|append| self.preparer.prepare(append)).collect();
        let mut state = self.state();
        let now = self.preparer.now();
        let verdicts = prepared.into_iter().map(|append| state.append(append?, now)).collect();
        // Under the lock, so that the sizes that are told only grow.
        self.size.send_replace(state.size());
        verdicts
    }

    async fn read_page(&self, query: &Query, request: PageRequest) -> Result<Page, StoreError> {
        Ok(page(&self.state().rows, query, request))
    }

    async fn position_of(&self, event_id: EventId) -> Result<Option<Position>, StoreError> {
        Ok(self.state().derived.positions.get(&event_id).copied())
    }

    async fn head(&self) -> Result<Head, StoreError> {
        Ok(self.state().head())
    }

    async fn grown(&self, size: u64) -> Result<Head, StoreError> {
        let closed = |_| StoreError::Unavailable { reason: "the store was closed".into(), source: None };
        self.size.subscribe().wait_for(|now| *now > size).await.map_err(closed)?;
        self.head().await
    }
}
