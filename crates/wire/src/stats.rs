use std::collections::BTreeMap;

use annals::history::CacheStatistics;
use annals::{Counts, Statistics};
use jiff::tz::TimeZone;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// A log in numbers. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatsDocument {
    /// Events.
    pub events: u64,
    /// Aggregates.
    pub streams: u64,
    /// Events by type.
    pub by_type: Ranking,
    /// Events by aggregate type.
    pub by_aggregate_type: Ranking,
    /// Events by actor.
    pub by_actor: Ranking,
    /// How many different values there are.
    pub distinct: Distinct,
    /// Events by the day on which they happened.
    pub per_day: BTreeMap<String, u64>,
    /// Events by the hour in which they happened, its start in UTC.
    pub per_hour: BTreeMap<String, u64>,
    /// Snapshots.
    pub snapshots: SnapshotsDocument,
    /// States that the process that answers keeps in memory.
    pub state_cache: StateCacheDocument,
    /// Bytes on disk, the index included.
    pub size_on_disk: u64,
}

/// How many different values there are.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Distinct {
    /// Event types.
    pub types: u64,
    /// Aggregate types.
    pub aggregate_types: u64,
    /// Actors.
    pub actors: u64,
}

/// Snapshots at a glance.
#[derive(Debug, Serialize)]
pub struct SnapshotsDocument {
    /// How many there are.
    pub count: u64,
    /// The bytes of their states.
    pub bytes: u64,
}

/// States that are kept in memory, and how often one of them was the answer, since the process began.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StateCacheDocument {
    /// How many there are.
    pub entries: u64,
    /// How often one of them was the answer.
    pub hits: u64,
    /// How often none was.
    pub misses: u64,
    /// Hits among all questions; `None` when there was none.
    pub hit_rate: Option<f64>,
}

/// Names with their counts; an object whose members stand in this order.
#[derive(Debug)]
pub struct Ranking(pub Vec<(String, u64)>);

impl Serialize for Ranking {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, count) in &self.0 {
            map.serialize_entry(name, count)?;
        }
        map.end()
    }
}

impl StatsDocument {
    /// The numbers, with days by the calendar of `zone`.
    #[must_use]
    pub fn new(statistics: Statistics, state_cache: CacheStatistics, zone: &TimeZone) -> Self {
        let mut per_day = BTreeMap::new();
        let mut per_hour = BTreeMap::new();
        for (hour, count) in &statistics.per_hour {
            let day = hour.as_jiff().to_zoned(zone.clone()).date().to_string();
            *per_day.entry(day).or_insert(0) += count;
            per_hour.insert(hour.to_string(), *count);
        }
        let Statistics { by_type, by_aggregate_type, by_actor, snapshots, .. } = statistics;
        Self {
            events: statistics.events,
            streams: statistics.streams,
            distinct: Distinct {
                types: by_type.distinct,
                aggregate_types: by_aggregate_type.distinct,
                actors: by_actor.distinct,
            },
            by_type: Ranking::from(by_type),
            by_aggregate_type: Ranking::from(by_aggregate_type),
            by_actor: Ranking::from(by_actor),
            per_day,
            per_hour,
            snapshots: SnapshotsDocument { count: snapshots.count, bytes: snapshots.bytes },
            state_cache: StateCacheDocument::from(state_cache),
            size_on_disk: statistics.size_on_disk,
        }
    }
}

impl From<Counts> for Ranking {
    fn from(counts: Counts) -> Self {
        Self(counts.top)
    }
}

impl From<CacheStatistics> for StateCacheDocument {
    fn from(cache: CacheStatistics) -> Self {
        let hit_rate = cache.hit_rate();
        let CacheStatistics { hits, misses, entries } = cache;
        Self { entries, hits, misses, hit_rate }
    }
}
