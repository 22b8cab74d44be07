use std::sync::Arc;
use std::time::Duration;

use annals_event::{CursorName, EventId, EventType, JsonObject, NewEvent, StreamName, StreamVersion, Tag};
use annals_store::{
    Append, Appended, Clock, CursorAdvance, CursorStore, CursorValue, Direction, EventStore, ExpectedVersion,
    PageRequest, Query, StoreError, SystemClock,
};
use annals_store_sqlite::SqliteEventStore;
use fastrand::Rng;

use super::{Order, is_unavailable};
use crate::Failure;
use crate::error::broken;
use crate::witness::Witness;

/// How often an append that is not available is tried.
const TRIES_MAX: u32 = 60;

/// One of the clients. It has a stream and a cursor of its own, and knows where they stand.
pub(super) struct Client {
    order: Order,
    number: u64,
    store: Arc<SqliteEventStore>,
    witness: Arc<Witness>,
    rng: Rng,
    stream: StreamName,
    version: Option<StreamVersion>,
    cursor_name: CursorName,
    cursor: Option<CursorValue>,
    /// What was acknowledged last, to be repeated.
    last: Option<(Append, Appended)>,
}

impl Client {
    pub(super) async fn new(
        order: Order,
        number: u64,
        store: Arc<SqliteEventStore>,
        witness: Arc<Witness>,
        rng: Rng,
    ) -> Result<Self, Failure> {
        let stream = stream("Client", number)?;
        let newest = PageRequest { direction: Direction::Backwards, events_max: 1, ..PageRequest::default() };
        let page = store.read_page(&Query::stream(stream.clone()), newest).await?;
        let version = page.events.first().map(|event| event.version);
        let cursor_name = CursorName::new(format!("client-{number}"))?;
        let cursor = store.cursor(&cursor_name).await?;
        Ok(Self { order, number, store, witness, rng, stream, version, cursor_name, cursor, last: None })
    }

    pub(super) async fn work(mut self) -> Result<(), Failure> {
        let mut round = 0;
        while self.order.rounds.is_none_or(|rounds| round < rounds) {
            match self.rng.u8(..16) {
                0 => self.repeat().await?,
                1 => self.be_stale().await?,
                2 => self.append(300, false).await?,
                3..6 => self.append_with_cursor().await?,
                6..8 => self.append(2, true).await?,
                _ => {
                    let events = self.rng.usize(1..5);
                    self.append(events, false).await?;
                }
            }
            tokio::time::sleep(Duration::from_micros(self.rng.u64(..1_000))).await;
            round += 1;
        }
        Ok(())
    }

    /// Appends events to the stream of its own, and to one that all share if it is `shared`.
    async fn append(&mut self, events: usize, shared: bool) -> Result<(), Failure> {
        let mut append = Append { events: self.events(&self.stream.clone(), events)?, ..Append::default() };
        let expected = self.version.map_or(ExpectedVersion::NoStream, ExpectedVersion::Exactly);
        append.expected.push((self.stream.clone(), expected));
        if shared {
            let mut others = self.events(&stream("Shared", 0)?, 1)?;
            append.events.append(&mut others);
        }
        self.settle(marked(append)?).await
    }

    /// Moves the cursor of its own, with events or without.
    async fn append_with_cursor(&mut self) -> Result<(), Failure> {
        let events = self.rng.usize(..3);
        let place = self.cursor.as_ref().and_then(|cursor| cursor.0.parse::<u64>().ok()).unwrap_or(0) + 1;
        let to = CursorValue(place.to_string().into());
        let advance = CursorAdvance { name: self.cursor_name.clone(), from: self.cursor.clone(), to };
        let events = self.events(&self.stream.clone(), events)?;
        self.settle(marked(Append { events, cursors: vec![advance], ..Append::default() })?).await
    }

    /// Repeats the last append: it must get the same places.
    async fn repeat(&mut self) -> Result<(), Failure> {
        let Some((append, before)) = self.last.clone().filter(|(append, _)| !append.events.is_empty()) else {
            return Ok(());
        };
        let again = self.answer(&append).await?;
        if !again.repeated || again.events != before.events {
            return broken!("a repeat of {before:?} was answered {again:?}");
        }
        Ok(())
    }

    /// Expects a version that is past: the append must be refused.
    async fn be_stale(&mut self) -> Result<(), Failure> {
        if self.version.is_none() {
            return Ok(());
        }
        let events = self.events(&self.stream.clone(), 1)?;
        let append = Append { events, ..Append::default() };
        let append = append.expecting(self.stream.clone(), ExpectedVersion::NoStream);
        match self.answer(&append).await {
            Err(Failure::Store(StoreError::WrongExpectedVersion { actual, .. }))
                if actual == self.version =>
            {
                Ok(())
            }
            Err(error) => Err(error),
            Ok(appended) => broken!("stream {} is there, and was appended to: {appended:?}", self.stream),
        }
    }

    async fn settle(&mut self, append: Append) -> Result<(), Failure> {
        let appended = self.answer(&append).await?;
        self.witness.acknowledged(&append, &appended)?;
        for (event, placed) in append.events.iter().zip(&appended.events) {
            if event.stream == self.stream {
                self.version = Some(placed.version);
            }
        }
        for advance in &append.cursors {
            self.cursor = Some(advance.to.clone());
        }
        self.last = Some((append, appended));
        Ok(())
    }

    /// The answer to an append, which is tried again while the store is not available.
    async fn answer(&self, append: &Append) -> Result<Appended, Failure> {
        let mut tries = 0;
        loop {
            let error = match self.store.append(append.clone()).await {
                Ok(appended) => return Ok(appended),
                Err(error) => error,
            };
            if !is_unavailable(&error) {
                return Err(error.into());
            }
            self.witness.refused(&error.to_string())?;
            tries += 1;
            if tries == TRIES_MAX {
                return Err(error.into());
            }
            tokio::time::sleep(self.pause()).await;
        }
    }

    /// How long it waits between two tries. An index that could not be written is tried again after half a second.
    fn pause(&self) -> Duration {
        Duration::from_millis(if self.order.tail_events_max.is_some() { 25 } else { 3 })
    }

    fn events(&mut self, stream: &StreamName, count: usize) -> Result<Vec<NewEvent>, Failure> {
        let payload = format!(
            r#"{{"client":{},"text":"{}"}}"#,
            self.number,
            // An append is no larger for having many events.
            "x".repeat(self.rng.usize(..=self.order.payload_bytes / count.max(1)))
        );
        let payload = JsonObject::new(payload)?;
        let kind = ["Written", "Noted", "Counted"].get(self.rng.usize(..3)).copied().unwrap_or("Written");
        let kind = EventType::new(kind)?;
        let mut event = NewEvent::new(stream.clone(), kind, payload);
        event.tags = [Tag::new(format!("client:{}", self.number))?].into_iter().collect();
        Ok((0..count).map(|_| NewEvent { event_id: Some(self.event_id()), ..event.clone() }).collect())
    }

    /// Ids in the order of time need no look-up; the others do.
    fn event_id(&mut self) -> EventId {
        match self.number % 2 {
            0 => EventId::v7(SystemClock.now(), self.rng.u64(..).to_be_bytes()),
            _ => EventId::derived(&[&self.rng.u128(..).to_be_bytes()]),
        }
    }
}

/// The append with a mark on its events by which one that is there in part is found.
fn marked(mut append: Append) -> Result<Append, Failure> {
    let Some(first) = append.events.first().and_then(|event| event.event_id) else { return Ok(append) };
    let metadata = format!(r#"{{"append":"{first}","events":{}}}"#, append.events.len());
    let metadata = JsonObject::new(metadata)?;
    for event in &mut append.events {
        event.metadata = metadata.clone();
    }
    Ok(append)
}

fn stream(kind: &str, number: u64) -> Result<StreamName, Failure> {
    Ok(StreamName::new(kind, number.to_string())?)
}
