use std::collections::HashMap;

use annals_event::{Position, RecordedEvent, StreamName};
use annals_store::{EventReader, EventStore, Query, ReadOptions};
use annals_store_sqlite::SqliteEventStore;

use crate::Failure;
use crate::error::broken;
use crate::witness::{Promised, Testimony, hash_of};

/// So many of the newest events are looked for in the index by their ids.
const LOOKED_UP: u64 = 64;

/// Checks the events of a log: gapless, each append whole, each acknowledged event there and as it was sent; and
/// that the index knows them.
pub(super) async fn check(store: &SqliteEventStore, testimony: &Testimony) -> Result<(), Failure> {
    let mut seen = Seen::default();
    let mut reader = EventReader::new(store, Query::all(), ReadOptions::default());
    while let Some(page) = reader.next_page().await? {
        for event in &page {
            seen.take(event, testimony)?;
        }
    }
    let head = store.head().await?;
    if head.size != seen.size {
        return broken!("the head counts {} events, and {} are there", head.size, seen.size);
    }
    if let Some((position, promised)) = testimony.events.range(seen.size..).next() {
        return broken!("event {} was acknowledged at position {position}, and is lost", promised.id);
    }
    for (append, (found, events)) in &seen.appends {
        if found != events {
            return broken!("of the {events} events of append {append}, {found} are there");
        }
    }
    seen.check_index(store).await
}

#[derive(Default)]
struct Seen {
    size: u64,
    ids: HashMap<String, u64>,
    streams: HashMap<StreamName, Vec<u64>>,
    /// How many events of each append were found, and how many it has.
    appends: HashMap<String, (u64, u64)>,
}

impl Seen {
    fn take(&mut self, event: &RecordedEvent, testimony: &Testimony) -> Result<(), Failure> {
        let (position, id) = (event.position.0, event.event_id.to_string());
        if position != self.size {
            return broken!("behind {} events stands position {position}", self.size);
        }
        self.size += 1;
        let Some(stream) = event.stream() else { return broken!("position {position} has no stream") };
        let positions = self.streams.entry(stream).or_default();
        positions.push(position);
        if event.version.0 != positions.len() as u64 {
            return broken!("position {position} has version {} as event {}", event.version, positions.len());
        }
        let found = Promised { id: id.clone(), version: event.version.0, hash: hash_of(event) };
        if let Some(promised) = testimony.events.get(&position).filter(|promised| **promised != found) {
            return broken!("at position {position} {promised:?} was acknowledged, and {found:?} is there");
        }
        if let Some(before) = self.ids.insert(id.clone(), position) {
            return broken!("event {id} stands at positions {before} and {position}");
        }
        if let Some((append, events)) = mark_of(event) {
            self.appends.entry(append).or_insert((0, events)).0 += 1;
        }
        Ok(())
    }

    /// The index must answer what the events say.
    async fn check_index(&self, store: &SqliteEventStore) -> Result<(), Failure> {
        let newest = self.size.saturating_sub(LOOKED_UP);
        for (id, position) in self.ids.iter().filter(|(_, position)| **position >= newest) {
            let Ok(event_id) = id.parse() else { return broken!("{id} is no event id") };
            let found = store.position_of(event_id).await?;
            if found != Some(Position(*position)) {
                return broken!("event {id} stands at position {position}, and the index says {found:?}");
            }
        }
        for (stream, positions) in &self.streams {
            let mut found = Vec::new();
            let mut reader = EventReader::new(store, Query::stream(stream.clone()), ReadOptions::default());
            while let Some(page) = reader.next_page().await? {
                found.extend(page.iter().map(|event| event.position.0));
            }
            if found != *positions {
                return broken!(
                    "stream {stream} has {} events, and the index finds {}",
                    positions.len(),
                    found.len()
                );
            }
        }
        Ok(())
    }
}

/// The append that an event belongs to, and how many events that has.
fn mark_of(event: &RecordedEvent) -> Option<(String, u64)> {
    let metadata = event.metadata.value()?.as_str();
    let (append, events) = metadata.strip_prefix(r#"{"append":""#)?.split_once(r#"","events":"#)?;
    Some((append.to_owned(), events.strip_suffix('}')?.parse().ok()?))
}
