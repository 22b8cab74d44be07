use std::time::{Duration, Instant};

use annals_event::{EventId, Position};
use annals_store::{
    Append, Appended, CarryStore, EventStore, Head, Page, PageRequest, ProvableEvent, Query, prepare_carried,
};
use annals_tlog::Origin;
use async_trait::async_trait;

use super::{Mode, SqliteEventStore};
use crate::errors::{Result, closed, of_log, unanswered};
use crate::reader::{Begun, begin_page, is_short, position_of, read_page};
use crate::writer::Incoming;

/// How often a reader looks whether another process has appended.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// So many times as long as a page took, its reader gives way to those who append meanwhile: a fast export would
/// take a processor from them otherwise.
const COURTESY: u32 = 3;

/// But no longer than this.
const COURTESY_MAX: Duration = Duration::from_millis(20);

impl SqliteEventStore {
    /// Reads a part of what matches `query`, on this thread: for callers that may block.
    ///
    /// # Errors
    /// As [`EventStore::read_page`].
    pub fn read_page_blocking(&self, query: &Query, request: PageRequest) -> Result<Page> {
        let read = || {
            let reader = self.shared.reader()?;
            read_page(reader.connections()?, &self.shared.tail, query, request)
        };
        read().map_err(of_log(&self.shared.files))
    }
}

impl SqliteEventStore {
    /// Reads as much of a page as can be read in a moment, on the caller's thread; nothing where more than a
    /// moment is likely, or the connections are still to be opened or caught up.
    fn begin_page(&self, query: &Query, request: PageRequest) -> Result<Option<Begun>> {
        let Mode::Writing(_) = self.shared.mode else { return Ok(None) };
        let Some(reader) = self.shared.pool.take_idle() else { return Ok(None) };
        let connections = reader.connections()?;
        if !is_short(query, &request, connections.payload_paths) {
            return Ok(None);
        }
        begin_page(connections, &self.shared.tail, query, request).map(Some)
    }

    /// Reads a page on a thread that may block. Whoever reads on and on while others append gives way to them
    /// between two pages.
    async fn read_page_elsewhere(&self, query: &Query, request: PageRequest) -> Result<Page> {
        let query = query.clone();
        let (size, started) = (self.size_written(), Instant::now());
        let page = self
            .blocking(move |shared| {
                let reader = shared.reader()?;
                read_page(reader.connections()?, &shared.tail, &query, request)
            })
            .await?;
        if page.resume.is_some() && self.size_written() > size {
            tokio::time::sleep((started.elapsed() * COURTESY).min(COURTESY_MAX)).await;
        }
        Ok(page)
    }

    /// The size of the log that this process writes.
    fn size_written(&self) -> Option<u64> {
        match &self.shared.mode {
            Mode::Writing(writing) => Some(writing.head.borrow().size),
            Mode::Reading(_) => None,
        }
    }
}

#[async_trait]
impl CarryStore for SqliteEventStore {
    async fn carry(&self, events: Vec<ProvableEvent>) -> Result<()> {
        let writing = self.shared.writing()?;
        let appends = prepare_carried(events)?.into_iter();
        let incoming = appends.map(|append| Incoming::new(append, &writing.payload_paths)).collect();
        let verdicts = writing.writer.append(incoming)?.await.map_err(|_| unanswered())?;
        verdicts.into_iter().try_for_each(|verdict| verdict.map(drop)).map_err(of_log(&self.shared.files))
    }
}

#[async_trait]
impl EventStore for SqliteEventStore {
    fn origin(&self) -> &Origin {
        &self.shared.origin
    }

    async fn append_each(&self, appends: Vec<Append>) -> Vec<Result<Appended>> {
        let (writing, prepared) = match self.prepare(appends) {
            Ok(prepared) => prepared,
            Err(refused) => return refused,
        };
        let written = match writing.writer.append(prepared.incoming) {
            Ok(answer) => answer.await.map_err(|_| unanswered()),
            Err(error) => Err(error),
        };
        prepared.refused.answers(written, &self.shared.files)
    }

    async fn read_page(&self, query: &Query, request: PageRequest) -> Result<Page> {
        let Some(begun) = self.begin_page(query, request)? else {
            return self.read_page_elsewhere(query, request).await;
        };
        let mut page = begun.page;
        if begun.is_late {
            let request = PageRequest {
                after: page.resume,
                size: Some(page.size),
                events_max: request.events_max - page.events.len(),
                bytes_max: request.bytes_max - begun.bytes,
                ..request
            };
            let rest = self.read_page_elsewhere(query, request).await?;
            page.events.extend(rest.events);
            page.resume = rest.resume;
        }
        Ok(page)
    }

    async fn position_of(&self, event_id: EventId) -> Result<Option<Position>> {
        self.blocking(move |shared| {
            let reader = shared.reader()?;
            let tail = shared.tail.read();
            position_of(reader.connections()?.index, &tail.view(), event_id)
        })
        .await
    }

    async fn head(&self) -> Result<Head> {
        // Whoever writes knows it, and need not look.
        if let Mode::Writing(writing) = &self.shared.mode {
            return Ok(*writing.head.borrow());
        }
        self.blocking(|shared| match &shared.mode {
            Mode::Writing(writing) => Ok(*writing.head.borrow()),
            Mode::Reading(follower) => follower.head(),
        })
        .await
    }

    async fn grown(&self, size: u64) -> Result<Head> {
        if let Mode::Writing(writing) = &self.shared.mode {
            let mut head = writing.head.clone();
            let grown = head.wait_for(|head| head.size > size).await.map_err(|_| closed())?;
            return Ok(*grown);
        }
        loop {
            let head = self.head().await?;
            if head.size > size {
                return Ok(head);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}
