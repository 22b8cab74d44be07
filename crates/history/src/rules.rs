use std::collections::BTreeMap;
use std::num::NonZeroU64;

use annals_event::{AggregateType, EventType, SchemaVersion};

use crate::fingerprint::Fingerprint;
use crate::jq::{JqReducer, Upcaster};

/// Events between two snapshots, where nothing else is said.
const SNAPSHOT_INTERVAL: NonZeroU64 = NonZeroU64::new(100).expect("100 is not 0");

/// What folds an aggregate's events into its state, which is a JSON object, `{}` before the first event.
#[derive(Debug, Clone, Default)]
pub enum Reducer {
    /// The payload is merged into the state (JSON merge patch, RFC 7396).
    #[default]
    Merge,
    /// The payload is the new state.
    Replace,
    /// A jq program makes the new state of the state and the event.
    Jq(JqReducer),
}

/// How the events of each aggregate type are read.
#[derive(Debug, Clone)]
pub struct Rules {
    reducers: BTreeMap<AggregateType, Reducer>,
    /// By the event type and the schema version that they read.
    upcasters: BTreeMap<(EventType, SchemaVersion), Upcaster>,
    snapshot_intervals: BTreeMap<AggregateType, NonZeroU64>,
    snapshot_interval: NonZeroU64,
}

impl Default for Rules {
    /// Everything is merged, and a snapshot is due every 100 events.
    fn default() -> Self {
        Self {
            reducers: BTreeMap::new(),
            upcasters: BTreeMap::new(),
            snapshot_intervals: BTreeMap::new(),
            snapshot_interval: SNAPSHOT_INTERVAL,
        }
    }
}

impl Rules {
    /// The same rules with a reducer for one aggregate type.
    #[must_use]
    pub fn with_reducer(mut self, aggregate_type: AggregateType, reducer: Reducer) -> Self {
        self.reducers.insert(aggregate_type, reducer);
        self
    }

    /// The same rules with an upcaster for events of one type that have the schema version `from`; its payloads have
    /// the next one.
    #[must_use]
    pub fn with_upcaster(mut self, event_type: EventType, from: SchemaVersion, upcaster: Upcaster) -> Self {
        self.upcasters.insert((event_type, from), upcaster);
        self
    }

    /// The same rules with so many events between two snapshots of one aggregate type.
    #[must_use]
    pub fn with_snapshot_interval(mut self, aggregate_type: AggregateType, events: NonZeroU64) -> Self {
        self.snapshot_intervals.insert(aggregate_type, events);
        self
    }

    /// The same rules with so many events between two snapshots of all other aggregate types.
    #[must_use]
    pub fn with_default_snapshot_interval(mut self, events: NonZeroU64) -> Self {
        self.snapshot_interval = events;
        self
    }

    /// The reducer of an aggregate type.
    #[must_use]
    pub fn reducer(&self, aggregate_type: &AggregateType) -> &Reducer {
        self.reducers.get(aggregate_type).unwrap_or(&Reducer::Merge)
    }

    /// How many events lie between two snapshots of an aggregate type.
    #[must_use]
    pub fn snapshot_interval(&self, aggregate_type: &AggregateType) -> NonZeroU64 {
        self.snapshot_intervals.get(aggregate_type).copied().unwrap_or(self.snapshot_interval)
    }

    /// The schema version that the reducers see of events of a type, which is the one to give new events: the first
    /// that no upcaster reads any more.
    #[must_use]
    pub fn newest_schema_version(&self, event_type: &EventType) -> SchemaVersion {
        let known = self.upcasters.keys().filter(|(known, _)| known == event_type);
        known.map(|(_, from)| next(*from)).max().unwrap_or(SchemaVersion::FIRST)
    }

    pub(crate) fn has_upcasters(&self) -> bool {
        !self.upcasters.is_empty()
    }

    pub(crate) fn upcaster(&self, event_type: &EventType, from: SchemaVersion) -> Option<&Upcaster> {
        self.upcasters.get(&(event_type.clone(), from))
    }

    /// What the states of an aggregate type depend on beside the events.
    pub(crate) fn fingerprint(&self, aggregate_type: &AggregateType) -> Fingerprint {
        let upcasters = self
            .upcasters
            .iter()
            .map(|((event_type, from), upcaster)| (event_type.as_str(), *from, upcaster.program().text()));
        Fingerprint::of(self.reducer(aggregate_type), upcasters)
    }
}

/// The schema version behind another one.
pub(crate) fn next(version: SchemaVersion) -> SchemaVersion {
    SchemaVersion::from_stored(version.get().saturating_add(1))
}
