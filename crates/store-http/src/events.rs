//! Appending and reading.

use annals_event::{EventId, Position, RecordedEvent};
use annals_store::{
    Append, Appended, Clock as _, Direction, EventStore, Head, Page, PageRequest, Query, QueryItem,
    Randomness as _, StoreError, SystemClock, SystemRandomness,
};
use annals_tlog::Origin;
use async_trait::async_trait;
use serde::Deserialize;

use crate::append;
use crate::event::EventDocument;
use crate::merging::{Part, merge};
use crate::question::{limit, page_parameters};
use crate::store::HttpEventStore;
use crate::verdict::Verdicts;

/// So many appends travel together at the most.
const APPENDS_MAX: usize = 500;

/// So many bytes of payload and metadata, but for one append that has more by itself.
const BATCH_BYTES_MAX: usize = 1 << 20;

/// A page of events as it is answered.
#[derive(Deserialize)]
struct EventList {
    items: Vec<EventDocument>,
    next: Option<String>,
}

/// Where an event stands.
#[derive(Deserialize)]
struct Placed {
    position: u64,
}

#[async_trait]
impl EventStore for HttpEventStore {
    fn origin(&self) -> &Origin {
        self.own_origin()
    }

    /// Every event gets its id here, so that an append whose answer is lost can be sent again and is recorded once.
    async fn append_each(&self, mut appends: Vec<Append>) -> Vec<Result<Appended, StoreError>> {
        if let Err(error) = give_ids(&mut appends) {
            return appends.iter().map(|_| Err(error.clone())).collect();
        }
        let mut verdicts = Vec::with_capacity(appends.len());
        for batch in batches(&appends) {
            match self.client.post::<Verdicts>(&self.path("/events"), append::body(batch)).await {
                Ok(answer) if answer.appends.len() == batch.len() => {
                    verdicts.extend(answer.appends.into_iter().map(crate::verdict::Verdict::into_result));
                }
                Ok(_) => verdicts.extend(batch.iter().map(|_| Err(unanswered()))),
                Err(error) => verdicts.extend(batch.iter().map(|_| Err(error.clone()))),
            }
        }
        verdicts
    }

    async fn read_page(&self, query: &Query, request: PageRequest) -> Result<Page, StoreError> {
        let size = match request.size {
            Some(size) => size,
            None => self.head().await?.size,
        };
        let request = PageRequest { size: Some(size), ..request };
        let part = match query.items.as_slice() {
            [] => self.part(None, &request).await?,
            [item] => self.part(Some(item), &request).await?,
            items => {
                let mut parts = Vec::with_capacity(items.len());
                for item in items {
                    parts.push(self.part(Some(item), &request).await?);
                }
                merge(parts, request.direction, limit(&request))
            }
        };
        Ok(Page { events: part.events, resume: part.resume, size })
    }

    async fn position_of(&self, event_id: EventId) -> Result<Option<Position>, StoreError> {
        match self.client.get::<Placed>(&self.event_path(event_id)).await {
            Ok(placed) => Ok(Some(Position(placed.position))),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The size and root; for who may not ask for them, those of the newest checkpoint.
    async fn head(&self) -> Result<Head, StoreError> {
        match self.described().await {
            Ok(described) => described.head(),
            Err(refusal @ StoreError::Refused { .. }) => {
                let checkpoint = self.published_checkpoint().await?.ok_or(refusal)?;
                let tree = checkpoint.unverified();
                Ok(Head { size: tree.size, root: tree.root, recorded_at: None })
            }
            Err(error) => Err(error),
        }
    }

    async fn grown(&self, size: u64) -> Result<Head, StoreError> {
        loop {
            let head = self.head().await?;
            if head.size > size {
                return Ok(head);
            }
            self.wait_for_news(size).await?;
        }
    }
}

impl HttpEventStore {
    /// A part of the answer to one question, below the size that is asked for.
    async fn part(&self, item: Option<&QueryItem>, request: &PageRequest) -> Result<Part, StoreError> {
        let path = self.path(&format!("/events?{}", page_parameters(item, request)));
        let EventList { items, next } = self.client.get(&path).await?;
        let mut events =
            items.into_iter().map(EventDocument::into_event).collect::<Result<Vec<RecordedEvent>, _>>()?;
        let mut resume = next.and_then(|next| next.parse().ok()).map(Position);
        if let (Direction::Forwards, Some(size)) = (request.direction, request.size) {
            events.retain(|event| event.position.0 < size);
            resume = resume.filter(|resume| resume.0 + 1 < size);
        }
        Ok(Part { events, resume })
    }
}

/// Appends that travel together, in their order.
fn batches(appends: &[Append]) -> Vec<&[Append]> {
    let mut batches = Vec::new();
    let mut rest = appends;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fit = rest.iter().take(APPENDS_MAX).take_while(|append| {
            bytes += append
                .events
                .iter()
                .map(|event| event.payload.as_str().len() + event.metadata.as_str().len())
                .sum::<usize>();
            bytes <= BATCH_BYTES_MAX
        });
        let (batch, others) = rest.split_at(fit.count().clamp(1, rest.len()));
        batches.push(batch);
        rest = others;
    }
    batches
}

/// Gives every event that has none an id.
fn give_ids(appends: &mut [Append]) -> Result<(), StoreError> {
    let events = appends.iter_mut().flat_map(|append| &mut append.events);
    for event in events.filter(|event| event.event_id.is_none()) {
        let mut random = [0; 8];
        SystemRandomness.fill(&mut random)?;
        event.event_id = Some(EventId::v7(SystemClock.now(), random));
    }
    Ok(())
}

fn unanswered() -> StoreError {
    crate::client::unavailable("the server did not answer every append; repeat them with the same event ids")
}
