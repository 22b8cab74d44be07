use std::collections::{BTreeMap, HashMap};

use annals_event::{RecordedEvent, StreamVersion};

use super::claims::Claims;
use super::sums::Sum;
use crate::index::payload_key;
use crate::tail::{IndexedEvent, ZONE_LEN};

const MICROS_PER_HOUR: i64 = 3_600_000_000;

/// What an index must say of some events, summed up.
#[derive(Default)]
pub(crate) struct Expected {
    pub(super) event_ids: Sum,
    pub(super) postings: Sum,
    pub(super) payload_values: Sum,
    pub(super) counters: Sum,
    pub(super) hours: Sum,
    /// The least and greatest timestamp of each zone.
    pub(super) zones: BTreeMap<u64, (i64, i64)>,
    pub(super) streams: StreamSums,
}

/// What the streams of an index come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct StreamSums {
    /// How many there are; among events, how many are the first of one.
    pub(super) count: u64,
    /// Their last versions together; among events, how many belong to a stream whose name is known.
    pub(super) events: u64,
    /// The events at which they are said to end.
    pub(super) ends: Sum,
}

/// How many of some events have a value, by its kind, and how many happened in an hour: most of them are alike, and are
/// summed up together.
#[derive(Default)]
struct Alike<'e> {
    values: HashMap<(u8, &'e str), u64, foldhash::fast::RandomState>,
    hours: HashMap<i64, u64, foldhash::fast::RandomState>,
}

impl Expected {
    /// What the index must say of some events.
    pub(crate) fn of<'e>(events: impl Iterator<Item = &'e RecordedEvent>, claims: &Claims) -> Self {
        let (mut expected, mut alike) = (Self::default(), Alike::default());
        for event in events.filter(|event| event.position.0 < claims.mark.size) {
            expected.add(event, claims, &mut alike);
        }
        for ((kind, value), times) in alike.values {
            expected.counters.add_times(&claims.keys, (kind, value), times);
        }
        for (hour, times) in alike.hours {
            expected.hours.add_times(&claims.keys, hour, times);
        }
        expected
    }

    fn add<'e>(&mut self, event: &'e RecordedEvent, claims: &Claims, alike: &mut Alike<'e>) {
        let event = IndexedEvent::recorded(event);
        let keys = &claims.keys;
        self.event_ids.add(keys, (event.event_id, event.position));
        event.each_term(|term| self.postings.add(keys, (term, event.position)));
        for (path, pointer) in claims.payload_paths.iter().enumerate() {
            if let Some(key) = event.payload.and_then(|payload| payload_key(payload.at(pointer)?)) {
                self.payload_values.add(keys, (path, key.as_slice(), event.position));
            }
        }
        let actor = event.actor_id.map(|actor| actor.as_str());
        let values = [Some(event.event_type.as_str()), Some(event.aggregate_type.as_str()), actor];
        for (kind, value) in (1_u8..).zip(values) {
            if let Some(value) = value {
                *alike.values.entry((kind, value)).or_default() += 1;
            }
        }
        let micros = event.timestamp.as_micros();
        *alike.hours.entry(micros.div_euclid(MICROS_PER_HOUR)).or_default() += 1;
        self.widen_zone(event.position / ZONE_LEN, (micros, micros));
        self.add_to_stream(&event, claims);
    }

    /// Adds what other events come to.
    pub(crate) fn merge(&mut self, other: Self) {
        self.event_ids.merge(other.event_ids);
        self.postings.merge(other.postings);
        self.payload_values.merge(other.payload_values);
        self.counters.merge(other.counters);
        self.hours.merge(other.hours);
        other.zones.into_iter().for_each(|(zone, range)| self.widen_zone(zone, range));
        self.streams.count += other.streams.count;
        self.streams.events += other.streams.events;
        self.streams.ends.merge(other.streams.ends);
    }

    fn widen_zone(&mut self, zone: u64, (earliest, latest): (i64, i64)) {
        let known = self.zones.entry(zone).or_insert((earliest, latest));
        *known = (known.0.min(earliest), known.1.max(latest));
    }

    /// Streams are compared without remembering any: each row of the index must tell of an event that is
    /// there; if there are as many rows as first events, and their versions sum up to all events, then no row
    /// is behind.
    fn add_to_stream(&mut self, event: &IndexedEvent<'_>, claims: &Claims) {
        let Some(aggregate_id) = event.aggregate_id else { return };
        self.streams.events += 1;
        self.streams.count += u64::from(event.version == StreamVersion::FIRST);
        if claims.ends_a_stream(event.position) {
            let end = (event.version.0, event.position, event.timestamp.as_micros());
            let name = (event.aggregate_type.as_str(), aggregate_id.as_str());
            self.streams.ends.add(&claims.keys, (name, end));
        }
    }
}
