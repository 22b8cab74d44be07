use std::sync::{PoisonError, RwLock};

use annals_event::{
    ActorId, AggregateId, AggregateType, EventId, EventType, JsonPointer, StreamName, StreamVersion,
    Timestamp,
};
use annals_store::PreparedAppend;
use annals_tlog::Hash;

use super::indexed_event::IndexedEvent;
use super::lookup::Lookup;
use crate::index::payload_key;
use crate::term::Term;

/// Positions in each of which the least and greatest timestamp are known together.
pub(crate) const ZONE_LEN: u64 = 1_024;

/// Everything that the index has to know about a run of events, while it is still in memory.
///
/// Events only join at the end, so that to append costs the writer a copy; what is needed to look something up
/// is made when somebody looks.
pub(crate) struct Segment {
    /// The first position; means something once there are events.
    pub(crate) first: u64,
    /// The root of the log's tree at the end.
    pub(crate) root: Hash,
    /// The greatest event id.
    greatest_id: Option<EventId>,
    entries: Vec<Entry>,
    /// The terms of all entries, one behind the other.
    terms: Vec<Term>,
    /// The values at indexed payload paths, in order of position.
    payload_values: Vec<PayloadValue>,
    lookup: RwLock<Lookup>,
}

/// What the index has to know about one event. Erased values are absent.
pub(crate) struct Entry {
    pub(crate) event_id: EventId,
    pub(crate) event_type: EventType,
    pub(crate) aggregate_type: AggregateType,
    pub(crate) aggregate_id: Option<AggregateId>,
    pub(crate) version: StreamVersion,
    pub(crate) timestamp: Timestamp,
    pub(crate) actor_id: Option<ActorId>,
    /// Where the entry's terms end in the segment's.
    terms_end: u32,
}

/// A value at an indexed payload path.
pub(crate) struct PayloadValue {
    /// Counted from the segment's first event.
    entry: u32,
    /// The path's number.
    pub(crate) path: usize,
    pub(crate) key: Vec<u8>,
}

/// The last event of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StreamEnd {
    pub(crate) version: StreamVersion,
    pub(crate) position: u64,
    pub(crate) timestamp: Timestamp,
}

impl Default for Segment {
    fn default() -> Self {
        Self {
            first: 0,
            root: Hash::EMPTY_ROOT,
            greatest_id: None,
            entries: Vec::new(),
            terms: Vec::new(),
            payload_values: Vec::new(),
            lookup: RwLock::default(),
        }
    }
}

impl Segment {
    /// The events of an append, whose position and versions are open.
    pub(crate) fn of_append(append: &PreparedAppend, payload_paths: &[JsonPointer]) -> Self {
        let mut segment = Self::default();
        segment.entries.reserve_exact(append.events.len());
        for event in &append.events {
            segment.push(&IndexedEvent::prepared(event), payload_paths);
        }
        segment
    }

    /// The position behind the last event.
    pub(crate) fn end(&self) -> u64 {
        self.first + self.len()
    }

    pub(crate) fn len(&self) -> u64 {
        self.entries.len() as u64
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn greatest_id(&self) -> Option<EventId> {
        self.greatest_id
    }

    /// Adds the event behind the last one.
    pub(crate) fn push(&mut self, event: &IndexedEvent<'_>, payload_paths: &[JsonPointer]) {
        if self.is_empty() {
            self.first = event.position;
        }
        let entry = self.entries.len() as u32;
        for (path, pointer) in payload_paths.iter().enumerate() {
            if let Some(key) = event.payload.and_then(|payload| payload_key(payload.at(pointer)?)) {
                self.payload_values.push(PayloadValue { entry, path, key });
            }
        }
        self.greatest_id = self.greatest_id.max(Some(event.event_id));
        event.each_term(|term| self.terms.push(term));
        self.entries.push(Entry {
            event_id: event.event_id,
            event_type: event.event_type.clone(),
            aggregate_type: event.aggregate_type.clone(),
            aggregate_id: event.aggregate_id.cloned(),
            version: event.version,
            timestamp: event.timestamp,
            actor_id: event.actor_id.cloned(),
            terms_end: self.terms.len() as u32,
        });
    }

    /// Says where the events stand that were prepared without their places.
    pub(crate) fn place(&mut self, first: u64, versions: impl Iterator<Item = StreamVersion>) {
        self.first = first;
        for (entry, version) in self.entries.iter_mut().zip(versions) {
            entry.version = version;
        }
    }

    /// Takes over the events of a segment that follows this one.
    pub(crate) fn absorb(&mut self, mut later: Self) {
        if self.is_empty() {
            *self = later;
            return;
        }
        let (entries, terms) = (self.entries.len() as u32, self.terms.len() as u32);
        for entry in &mut later.entries {
            entry.terms_end += terms;
        }
        for value in &mut later.payload_values {
            value.entry += entries;
        }
        self.root = later.root;
        self.greatest_id = self.greatest_id.max(later.greatest_id);
        self.entries.append(&mut later.entries);
        self.terms.append(&mut later.terms);
        self.payload_values.append(&mut later.payload_values);
    }

    /// Every event with its position.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (u64, &Entry)> {
        (self.first..).zip(&self.entries)
    }

    /// Every term with the position of its event, in order of position.
    pub(crate) fn terms(&self) -> impl Iterator<Item = (Term, u64)> {
        self.entries()
            .enumerate()
            .flat_map(|(at, (position, _))| self.terms_of(at).iter().map(move |term| (*term, position)))
    }

    /// Every value at an indexed payload path with the position of its event, in order of position.
    pub(crate) fn payload_values(&self) -> impl Iterator<Item = (&PayloadValue, u64)> {
        self.payload_values.iter().map(|value| (value, self.first + u64::from(value.entry)))
    }

    fn terms_of(&self, at: usize) -> &[Term] {
        let end = |at: usize| self.entries.get(at).map_or(0, |entry| entry.terms_end as usize);
        let begin = at.checked_sub(1).map_or(0, end);
        self.terms.get(begin..end(at)).unwrap_or_default()
    }

    /// Where the event with this id stands.
    pub(crate) fn position_of(&self, id: EventId) -> Option<u64> {
        let at = self.look_up(Lookup::ids_known, Lookup::add_id, |lookup| lookup.id(id))?;
        Some(self.first + u64::from(at))
    }

    /// The positions of a term, in order.
    pub(crate) fn positions_of(&self, term: Term) -> Vec<u64> {
        self.look_up(Lookup::terms_known, Lookup::add_terms, |lookup| {
            lookup.term(term).iter().map(|at| self.first + u64::from(*at)).collect()
        })
    }

    /// The last event of a stream.
    pub(crate) fn stream_end(&self, stream: &StreamName) -> Option<StreamEnd> {
        let last = self.look_up(Lookup::terms_known, Lookup::add_terms, |lookup| {
            let entries = lookup.term(Term::stream(stream)).iter().rev();
            entries
                .copied()
                .find(|at| self.entries.get(*at as usize).is_some_and(|entry| entry.is_of(stream)))
        })?;
        let entry = self.entries.get(last as usize)?;
        Some(entry.as_end(self.first + u64::from(last)))
    }

    /// Asks the look-ups, which get to know first what joined since they were asked last.
    fn look_up<T>(
        &self,
        known: impl Fn(&Lookup) -> usize,
        add: impl Fn(&mut Lookup, &Entry, &[Term]),
        ask: impl FnOnce(&Lookup) -> T,
    ) -> T {
        let lookup = self.lookup.read().unwrap_or_else(PoisonError::into_inner);
        if known(&lookup) == self.entries.len() {
            return ask(&lookup);
        }
        drop(lookup);
        let mut lookup = self.lookup.write().unwrap_or_else(PoisonError::into_inner);
        let first_unknown = known(&lookup);
        for (at, entry) in self.entries.iter().enumerate().skip(first_unknown) {
            add(&mut lookup, entry, self.terms_of(at));
        }
        ask(&lookup)
    }
}

impl Entry {
    pub(crate) fn stream(&self) -> Option<StreamName> {
        let aggregate_id = self.aggregate_id.clone()?;
        Some(StreamName { aggregate_type: self.aggregate_type.clone(), aggregate_id })
    }

    /// The values by which events are counted, by kind as in table `counters`.
    pub(crate) fn counted(&self) -> [Option<&str>; 3] {
        let actor = self.actor_id.as_ref().map(ActorId::as_str);
        [Some(self.event_type.as_str()), Some(self.aggregate_type.as_str()), actor]
    }

    fn is_of(&self, stream: &StreamName) -> bool {
        self.aggregate_id.as_ref() == Some(&stream.aggregate_id)
            && self.aggregate_type == stream.aggregate_type
    }

    /// The event as the last one of its stream.
    pub(crate) fn as_end(&self, position: u64) -> StreamEnd {
        StreamEnd { version: self.version, position, timestamp: self.timestamp }
    }
}
