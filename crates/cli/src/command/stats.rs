use std::collections::BTreeMap;
use std::io::{self, Write};

use annals::history::CacheStatistics;
use annals::{Counts, Statistics};
use clap::Args;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::failure::Failure;
use crate::output::{Console, Document, print_document};
use crate::shell::Shell;

/// The widest bar of a table, in columns.
const BAR: u64 = 24;

/// The log in numbers
///
/// As JSON: events, streams, byType, byAggregateType and byActor (objects of name and count, the most frequent
/// first), distinct (how many types, aggregateTypes and actors there are), perDay (by the calendar of --tz) and
/// perHour (each hour's start in UTC) of the events' timestamps, snapshots {count, bytes}, stateCache {entries, hits,
/// misses, hitRate} of this process, sizeOnDisk in bytes.
#[derive(Debug, Args)]
pub(crate) struct StatsArgs {
    /// List at most so many types, aggregate types and actors
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    top: usize,
}

/// So many of the last days and hours a table shows; the other forms have all.
const DAYS_SHOWN: usize = 31;
const HOURS_SHOWN: usize = 24;

/// Prints the numbers.
pub(crate) async fn run(args: StatsArgs, shell: &Shell) -> Result<(), Failure> {
    let log = shell.open_for_reading().await?;
    let statistics = log.store().statistics(args.top).await?;
    // A process that ends with its answer keeps no states, and has looked for none.
    let state_cache = CacheStatistics::default();
    print_document(&StatsDocument::new(statistics, state_cache, &shell.console), &shell.console)?;
    Ok(())
}

/// A log in numbers. This is the shape of the answer as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct StatsDocument {
    events: u64,
    streams: u64,
    by_type: Ranking,
    by_aggregate_type: Ranking,
    by_actor: Ranking,
    distinct: Distinct,
    per_day: BTreeMap<String, u64>,
    per_hour: BTreeMap<String, u64>,
    snapshots: Snapshots,
    /// Of the process that answers.
    state_cache: StateCache,
    /// Bytes.
    size_on_disk: u64,
}

/// How many different values there are.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Distinct {
    types: u64,
    aggregate_types: u64,
    actors: u64,
}

#[derive(Debug, Serialize)]
struct Snapshots {
    count: u64,
    bytes: u64,
}

/// States that are kept in memory, and how often one of them was the answer, since the process began.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct StateCache {
    entries: u64,
    hits: u64,
    misses: u64,
    /// Hits among all questions; `None` when there was none.
    hit_rate: Option<f64>,
}

/// Names with their counts; an object whose members stand in this order.
#[derive(Debug)]
struct Ranking(Vec<(String, u64)>);

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
    fn new(statistics: Statistics, state_cache: CacheStatistics, console: &Console) -> Self {
        let mut per_day = BTreeMap::new();
        let mut per_hour = BTreeMap::new();
        for (hour, count) in &statistics.per_hour {
            let day = hour.as_jiff().to_zoned(console.zone.rules().clone()).date().to_string();
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
            snapshots: Snapshots { count: snapshots.count, bytes: snapshots.bytes },
            state_cache: StateCache::from(state_cache),
            size_on_disk: statistics.size_on_disk,
        }
    }
}

impl From<Counts> for Ranking {
    fn from(counts: Counts) -> Self {
        Self(counts.top)
    }
}

impl From<CacheStatistics> for StateCache {
    fn from(cache: CacheStatistics) -> Self {
        let hit_rate = cache.hit_rate();
        let CacheStatistics { hits, misses, entries } = cache;
        Self { entries, hits, misses, hit_rate }
    }
}

impl StateCache {
    fn in_words(&self) -> String {
        let Self { entries, hits, misses, .. } = self;
        match self.hit_rate {
            None => format!("{entries} states, not asked by this process yet"),
            Some(rate) => {
                format!("{entries} states, {:.1} % hits ({hits} of {})", rate * 100.0, hits + misses)
            }
        }
    }
}

impl Document for StatsDocument {
    fn write_text(&self, out: &mut dyn Write, console: &Console) -> io::Result<()> {
        let style = console.heading;
        writeln!(out, "{style}events{style:#}        {}", self.events)?;
        writeln!(out, "{style}aggregates{style:#}    {}", self.streams)?;
        writeln!(
            out,
            "{style}snapshots{style:#}     {} ({} bytes)",
            self.snapshots.count, self.snapshots.bytes
        )?;
        writeln!(out, "{style}state cache{style:#}   {}", self.state_cache.in_words())?;
        writeln!(out, "{style}size on disk{style:#}  {} bytes", self.size_on_disk)?;
        let rankings = [
            ("by type", &self.by_type, self.distinct.types),
            ("by aggregate type", &self.by_aggregate_type, self.distinct.aggregate_types),
            ("by actor", &self.by_actor, self.distinct.actors),
        ];
        for (title, ranking, distinct) in rankings {
            writeln!(out, "\n{style}{title}{style:#} ({distinct})")?;
            write_bars(out, ranking.0.iter().map(|(name, count)| (name.as_str(), *count)))?;
        }
        let buckets = [
            (format!("per day, {}", console.zone), &self.per_day, DAYS_SHOWN),
            ("per hour, UTC".to_owned(), &self.per_hour, HOURS_SHOWN),
        ];
        for (title, counts, shown_max) in buckets {
            let left_out = counts.len().saturating_sub(shown_max);
            let whole = if left_out == 0 { String::new() } else { format!("; the last {shown_max}") };
            writeln!(out, "\n{style}{title}{style:#} ({}{whole})", counts.len())?;
            write_bars(out, counts.iter().skip(left_out).map(|(bucket, count)| (bucket.as_str(), *count)))?;
        }
        Ok(())
    }
}

/// Names, their counts, and bars by which they can be compared at a glance.
fn write_bars<'a>(
    out: &mut dyn Write,
    counts: impl Iterator<Item = (&'a str, u64)> + Clone,
) -> io::Result<()> {
    let digits = counts.clone().map(|(_, count)| count.to_string().len()).max().unwrap_or_default();
    let most = counts.clone().map(|(_, count)| count).max().unwrap_or_default().max(1);
    for (name, count) in counts {
        let bar = "▇".repeat(usize::try_from(count * BAR / most).unwrap_or_default());
        writeln!(out, "{count:>width$}  {bar:<24}  {name}", width = digits + 2)?;
    }
    Ok(())
}
