use annals_event::{EventId, Position};
use annals_store::{
    Append, Appended, CarryStore, EventStore, Head, Page, PageRequest, PreparedAppend, ProvableEvent, Query,
    StoreError, prepare_carried,
};
use annals_tlog::Origin;
use async_trait::async_trait;

use super::{PostgresEventStore, Shared};
use crate::errors::{Failure, FailureKind, Result, closed};
use crate::reader::{known_size, position_of, read_page};
use crate::writer::Verdict;

#[async_trait]
impl CarryStore for PostgresEventStore {
    async fn carry(&self, events: Vec<ProvableEvent>) -> Result<()> {
        let verdicts = self.shared.write(prepare_carried(events)?).await?;
        verdicts.into_iter().try_for_each(|verdict| verdict.map(drop))
    }
}

#[async_trait]
impl EventStore for PostgresEventStore {
    fn origin(&self) -> &Origin {
        &self.shared.origin
    }

    async fn append_each(&self, appends: Vec<Append>) -> Vec<Result<Appended>> {
        let mut refused = Vec::with_capacity(appends.len());
        let mut ready = Vec::with_capacity(appends.len());
        for append in appends {
            refused.push(self.shared.preparer.prepare(append).map(|append| ready.push(append)).err());
        }
        let written = self.shared.write(ready).await;
        answers(refused, written)
    }

    async fn read_page(&self, query: &Query, request: PageRequest) -> Result<Page> {
        match self.shared.read_page(query, request).await {
            Err(failure) if failure.kind == FailureKind::Lost => {
                Ok(self.shared.read_page(query, request).await?)
            }
            page => Ok(page?),
        }
    }

    async fn position_of(&self, event_id: EventId) -> Result<Option<Position>> {
        match self.shared.position_of(event_id).await {
            Err(failure) if failure.kind == FailureKind::Lost => {
                Ok(self.shared.position_of(event_id).await?)
            }
            position => Ok(position?),
        }
    }

    async fn head(&self) -> Result<Head> {
        self.shared.read_head().await
    }

    async fn grown(&self, size: u64) -> Result<Head> {
        self.shared.grown(size).await
    }
}

impl Shared {
    async fn write(&self, appends: Vec<PreparedAppend>) -> Result<Vec<Verdict>> {
        if appends.is_empty() { Ok(Vec::new()) } else { self.writer.append(appends).await }
    }

    async fn read_page(&self, query: &Query, request: PageRequest) -> std::result::Result<Page, Failure> {
        read_page(&*self.reader(request.size).await?, &self.tail, query, request).await
    }

    async fn position_of(&self, event_id: EventId) -> std::result::Result<Option<Position>, Failure> {
        let session = self.reader(None).await?;
        let size = known_size(&session, &self.tail, None).await?;
        position_of(&session, (&self.tail.view(), size), event_id).await
    }
}

/// The answers to all appends in their order: why each was refused at the door, or the writer's verdict.
fn answers(refused: Vec<Option<StoreError>>, written: Result<Vec<Verdict>>) -> Vec<Result<Appended>> {
    let mut written = written.map(Vec::into_iter);
    let mut next = || match &mut written {
        Ok(written) => written.next().unwrap_or_else(|| Err(closed())),
        Err(error) => Err(error.clone()),
    };
    refused.into_iter().map(|refused| refused.map_or_else(&mut next, Err)).collect()
}
