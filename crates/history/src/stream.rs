//! Reading the events of one stream.

use std::num::NonZeroU64;

use annals_event::{Position, RecordedEvent, StreamName, StreamVersion, Timestamp};
use annals_store::{
    Direction, EventReader, EventStore, PageRequest, Query, QueryItem, ReadOptions, StoreError, TimeRange,
};

/// At most so many of the last events of a stream are read before it is known whether they are needed.
const RECENT_EVENTS_MAX: u64 = 128;

/// The last events of a stream.
pub(crate) struct Recent {
    /// In the order of their versions, at least one.
    pub(crate) events: Vec<RecordedEvent>,
    /// Whether the stream has no others.
    pub(crate) is_all: bool,
    /// The size of the log that was looked at.
    pub(crate) size: u64,
    /// The version of the last one.
    pub(crate) head: StreamVersion,
}

impl Recent {
    /// The last events of a stream, in a log of this size, as many as lie between two snapshots: most streams have no
    /// more, and behind the last snapshot there should not be more. `None` for a stream that has none.
    pub(crate) async fn read(
        store: &dyn EventStore,
        stream: &StreamName,
        snapshot_interval: NonZeroU64,
        size: Option<u64>,
    ) -> Result<Option<Self>, StoreError> {
        let query = Query::stream(stream.clone());
        let direction = Direction::Backwards;
        let events_max = snapshot_interval.get().min(RECENT_EVENTS_MAX) as usize;
        let mut request = PageRequest { direction, size, events_max, ..PageRequest::default() };
        loop {
            let page = store.read_page(&query, request).await?;
            if let Some(last) = page.events.first() {
                let head = last.version;
                let is_all = page.events.last().is_some_and(|first| first.version == StreamVersion::FIRST);
                let mut events = page.events;
                events.reverse();
                return Ok(Some(Self { events, is_all, size: page.size, head }));
            }
            if page.resume.is_none() {
                return Ok(None);
            }
            request.after = page.resume;
            request.size = Some(page.size);
        }
    }

    /// The last version that was recorded by a moment, if it can be told from these events.
    pub(crate) fn recorded_by(&self, moment: Timestamp) -> Option<StreamVersion> {
        // Times of recording never go backwards.
        let last = self.events.iter().rev().find(|event| event.recorded_at <= moment);
        match last {
            Some(event) => Some(event.version),
            None => self.is_all.then_some(StreamVersion(0)),
        }
    }

    /// The events behind a version, if all of them are here.
    pub(crate) fn behind(self, version: StreamVersion) -> Option<Vec<RecordedEvent>> {
        let mut events = self.events;
        if events.first().is_none_or(|first| first.version > version.next()) {
            return None;
        }
        events.retain(|event| event.version > version);
        Some(events)
    }
}

/// Which events of a stream are folded: those up to a version that had happened by a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Extent {
    pub(crate) version: StreamVersion,
    pub(crate) timestamp: Option<Timestamp>,
}

impl Extent {
    pub(crate) fn contains(&self, event: &RecordedEvent) -> bool {
        event.version <= self.version && self.timestamp.is_none_or(|timestamp| event.timestamp <= timestamp)
    }

    /// Reads the events of the extent behind one of them, in a log of this size.
    pub(crate) fn reader<'a>(
        &self,
        store: &'a dyn EventStore,
        stream: StreamName,
        behind: Option<(StreamVersion, Position)>,
        size: u64,
    ) -> EventReader<'a> {
        let behind_version = behind.map_or(0, |(version, _)| version.0);
        let timestamp = TimeRange { from: None, to: self.timestamp };
        let query = Query::from(QueryItem { streams: vec![stream], timestamp, ..QueryItem::default() });
        let options = ReadOptions {
            after: behind.map(|(_, position)| position),
            // Versions have no gaps; of those that happened too late some may be left out.
            limit: Some(self.version.0.saturating_sub(behind_version)),
            size: Some(size),
            ..ReadOptions::default()
        };
        EventReader::new(store, query, options)
    }
}

/// The last event of a stream that was recorded by a moment, in a log of this size.
pub(crate) async fn last_recorded_by(
    store: &dyn EventStore,
    stream: &StreamName,
    moment: Timestamp,
    size: u64,
) -> Result<StreamVersion, StoreError> {
    let recorded_at = TimeRange { from: None, to: Some(moment) };
    let query = Query::from(QueryItem { streams: vec![stream.clone()], recorded_at, ..QueryItem::default() });
    let options = ReadOptions {
        direction: Direction::Backwards,
        limit: Some(1),
        size: Some(size),
        ..ReadOptions::default()
    };
    let page = EventReader::new(store, query, options).next_page().await?;
    Ok(page.and_then(|events| events.first().map(|event| event.version)).unwrap_or(StreamVersion(0)))
}
