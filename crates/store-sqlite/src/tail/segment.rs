use std::collections::{BTreeMap, HashMap};

use annals_event::{
    ActorId, AggregateType, EventId, EventType, JsonObject, JsonPointer, Position, RecordedEvent, StreamName,
    StreamVersion, Tags, Timestamp,
};
use annals_store::PreparedEvent;
use annals_tlog::Hash;
use compact_str::CompactString;
use foldhash::fast::RandomState;

use crate::index::payload_key;
use crate::term::Term;

type Map<K, V> = HashMap<K, V, RandomState>;

/// Positions in each of which the least and greatest timestamp are known together.
pub(crate) const ZONE_LEN: u64 = 1_024;

const MICROS_PER_HOUR: i64 = 3_600_000_000;

/// Everything that the index says about a run of events: one batch of the index while it is still in memory.
pub(crate) struct Segment {
    /// The first position; means something once there are events.
    pub(crate) first: u64,
    /// The position behind the last.
    pub(crate) end: u64,
    /// The root of the log's tree at the end.
    pub(crate) root: Hash,
    pub(crate) ids: Map<EventId, u64>,
    pub(crate) postings: Map<Term, Vec<u64>>,
    /// By number of the path and key of the value.
    pub(crate) payload_values: BTreeMap<(usize, Vec<u8>), Vec<u64>>,
    pub(crate) streams: Map<StreamName, StreamEnd>,
    /// By kind, as in table `counters`.
    pub(crate) counters: [Map<CompactString, u64>; 3],
    pub(crate) hours: Map<i64, u64>,
    pub(crate) zones: BTreeMap<u64, (i64, i64)>,
}

/// The last event of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StreamEnd {
    /// Whether the stream began in this segment.
    pub(crate) began_here: bool,
    pub(crate) version: StreamVersion,
    pub(crate) position: u64,
    pub(crate) timestamp: Timestamp,
}

/// What the index needs to know of an event. Erased values are absent.
pub(crate) struct IndexedEvent<'a> {
    pub(crate) position: u64,
    pub(crate) event_id: EventId,
    pub(crate) event_type: &'a EventType,
    pub(crate) aggregate_type: &'a AggregateType,
    pub(crate) stream: Option<StreamName>,
    pub(crate) version: StreamVersion,
    pub(crate) timestamp: Timestamp,
    pub(crate) actor_id: Option<&'a ActorId>,
    pub(crate) tags: Option<&'a Tags>,
    pub(crate) metadata: Option<&'a JsonObject>,
    pub(crate) payload: Option<&'a JsonObject>,
}

impl Default for Segment {
    fn default() -> Self {
        Self {
            first: 0,
            end: 0,
            root: Hash::EMPTY_ROOT,
            ids: Map::default(),
            postings: Map::default(),
            payload_values: BTreeMap::new(),
            streams: Map::default(),
            counters: Default::default(),
            hours: Map::default(),
            zones: BTreeMap::new(),
        }
    }
}

impl Segment {
    pub(crate) fn len(&self) -> u64 {
        self.end - self.first
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.end == self.first
    }

    /// Adds the event behind the last one.
    pub(crate) fn push(&mut self, event: &IndexedEvent<'_>, payload_paths: &[JsonPointer]) {
        if self.is_empty() {
            self.first = event.position;
        }
        self.end = event.position + 1;
        self.ids.insert(event.event_id, event.position);
        event.each_term(|term| self.postings.entry(term).or_default().push(event.position));
        for (path, pointer) in payload_paths.iter().enumerate() {
            if let Some(key) = event.payload.and_then(|payload| payload_key(payload.at(pointer)?)) {
                self.payload_values.entry((path, key)).or_default().push(event.position);
            }
        }
        self.count(event);
        if let Some(stream) = &event.stream {
            let end = StreamEnd {
                began_here: event.version == StreamVersion::FIRST,
                version: event.version,
                position: event.position,
                timestamp: event.timestamp,
            };
            self.end_stream(stream, end);
        }
    }

    fn end_stream(&mut self, stream: &StreamName, end: StreamEnd) {
        match self.streams.get_mut(stream) {
            Some(known) => *known = StreamEnd { began_here: known.began_here, ..end },
            None => drop(self.streams.insert(stream.clone(), end)),
        }
    }

    fn count(&mut self, event: &IndexedEvent<'_>) {
        let actor = event.actor_id.map(ActorId::as_str);
        let values = [Some(event.event_type.as_str()), Some(event.aggregate_type.as_str()), actor];
        for (counters, value) in self.counters.iter_mut().zip(values) {
            let Some(value) = value else { continue };
            match counters.get_mut(value) {
                Some(count) => *count += 1,
                None => drop(counters.insert(value.into(), 1)),
            }
        }
        let micros = event.timestamp.as_micros();
        *self.hours.entry(micros.div_euclid(MICROS_PER_HOUR)).or_default() += 1;
        widen(&mut self.zones, event.position / ZONE_LEN, (micros, micros));
    }

    /// Takes over the events of a segment that follows this one.
    pub(crate) fn absorb(&mut self, later: Self) {
        if self.is_empty() {
            *self = later;
            return;
        }
        self.end = later.end;
        self.root = later.root;
        self.ids.extend(later.ids);
        for (term, positions) in later.postings {
            self.postings.entry(term).or_default().extend(positions);
        }
        for (key, positions) in later.payload_values {
            self.payload_values.entry(key).or_default().extend(positions);
        }
        for (stream, end) in later.streams {
            self.end_stream(&stream, end);
        }
        for (counters, later) in self.counters.iter_mut().zip(later.counters) {
            for (value, count) in later {
                *counters.entry(value).or_default() += count;
            }
        }
        for (hour, count) in later.hours {
            *self.hours.entry(hour).or_default() += count;
        }
        for (zone, range) in later.zones {
            widen(&mut self.zones, zone, range);
        }
    }
}

fn widen(zones: &mut BTreeMap<u64, (i64, i64)>, zone: u64, (earliest, latest): (i64, i64)) {
    let range = zones.entry(zone).or_insert((earliest, latest));
    *range = (range.0.min(earliest), range.1.max(latest));
}

impl<'a> IndexedEvent<'a> {
    /// Calls `each` with every different term of the event.
    pub(crate) fn each_term(&self, mut each: impl FnMut(Term)) {
        each(Term::event_type(self.event_type));
        each(Term::aggregate_type(self.aggregate_type));
        if let Some(stream) = &self.stream {
            each(Term::stream(stream));
        }
        if let Some(actor) = self.actor_id {
            each(Term::actor(actor));
        }
        for tag in self.tags.map(Tags::as_slice).unwrap_or_default() {
            each(Term::tag(tag));
        }
        if let Some(id) = self.metadata.and_then(|metadata| metadata.string_member("correlationId")) {
            each(Term::correlation(&id));
        }
    }

    pub(crate) fn prepared(event: &'a PreparedEvent, position: Position, version: StreamVersion) -> Self {
        Self {
            position: position.0,
            event_id: event.event_id,
            event_type: &event.sent.event_type,
            aggregate_type: &event.sent.stream.aggregate_type,
            stream: Some(event.sent.stream.clone()),
            version,
            timestamp: event.timestamp,
            actor_id: Some(&event.actor_id),
            tags: Some(&event.sent.tags),
            metadata: Some(&event.sent.metadata),
            payload: Some(&event.sent.payload),
        }
    }

    pub(crate) fn recorded(event: &'a RecordedEvent) -> Self {
        Self {
            position: event.position.0,
            event_id: event.event_id,
            event_type: &event.event_type,
            aggregate_type: &event.aggregate_type,
            stream: event.stream(),
            version: event.version,
            timestamp: event.timestamp,
            actor_id: event.actor_id.value(),
            tags: event.tags.value(),
            metadata: event.metadata.value(),
            payload: event.payload.value(),
        }
    }
}
