use std::io::{self, Write};

use annals::history::CacheStatistics;
use annals_wire::{StateCacheDocument, StatsDocument};
use clap::Args;

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
    let zone = shell.console.zone.rules();
    print_document(&StatsDocument::new(statistics, state_cache, zone), &shell.console)?;
    Ok(())
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
        writeln!(out, "{style}state cache{style:#}   {}", in_words(&self.state_cache))?;
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

fn in_words(cache: &StateCacheDocument) -> String {
    let StateCacheDocument { entries, hits, misses, hit_rate } = cache;
    match hit_rate {
        None => format!("{entries} states, not asked by this process yet"),
        Some(rate) => format!("{entries} states, {:.1} % hits ({hits} of {})", rate * 100.0, hits + misses),
    }
}
