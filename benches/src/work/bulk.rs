//! W3: bulk append.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use annals::Append;

use super::Work;
use crate::error::{BenchError, Result};
use crate::events::{EventValues, Generator, Shape};
use crate::floor::{Equal, Floor, Guard, Lean, SharedEvents};
use crate::own_log::OwnLog;
use crate::report::Figure;
use crate::rounds::{Contender, Measured, Round, side_by_side_afresh};
use crate::settings::{Settings, runtime};
use crate::timing::median;

const EVENTS: usize = 1_000_000;

/// Events of one append, and of one transaction of the floors.
pub(crate) const PER_APPEND: usize = 10_000;

/// Appends of the store that are under way at once.
pub(crate) const IN_FLIGHT: usize = 3;

pub(super) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let count = settings.events.unwrap_or(EVENTS);
    let events: SharedEvents = Generator::new(Shape::Ordinary).take(count)?.into();
    let rounds = side_by_side_afresh(settings, |contender, folder| match contender {
        Contender::Own => own(folder, &events),
        Contender::Lean => floor(folder, Lean::create(folder, events.clone())?, count),
        Contender::Equal => floor(folder, Equal::create(folder, events.clone())?, count),
    })?;
    let mut acknowledged = Figure::of(Work::W3, "acknowledged", &rounds, Measured::events_per_second);
    let bytes_per_event = |of: fn(&Round) -> &Measured| {
        median(rounds.iter().map(|round| of(round).bytes as f64 / of(round).events as f64).collect())
    };
    acknowledged.more.insert("bytesPerEvent", bytes_per_event(|round| &round.own));
    acknowledged.more.insert("leanBytesPerEvent", bytes_per_event(|round| &round.lean));
    acknowledged.more.insert("equalBytesPerEvent", bytes_per_event(|round| &round.equal));
    let mut indexed = Figure::of(Work::W3, "until indexed", &rounds, Measured::indexed_per_second);
    (indexed.p50_ms, indexed.p99_ms, indexed.p999_ms) = (None, None, None);
    Ok(vec![acknowledged, indexed])
}

/// The store's part.
pub(super) fn own(folder: &Path, events: &SharedEvents) -> Result<Measured> {
    let appends = events.chunks(PER_APPEND).map(to_append).collect::<Result<Vec<_>>>()?;
    let mut measured = runtime()?.block_on(async {
        let own = OwnLog::open(folder, Vec::new()).await?;
        let mut measured = Measured { events: events.len() as u64, ..Measured::default() };
        let start = Instant::now();
        append_pipelined(&own, appends, &mut measured).await?;
        measured.seconds = start.elapsed().as_secs_f64();
        own.wait_until_indexed(measured.events).await?;
        measured.indexed_seconds = start.elapsed().as_secs_f64();
        own.close().await?;
        Ok::<_, BenchError>(measured)
    })?;
    measured.bytes = OwnLog::bytes_on_disk(folder);
    Ok(measured)
}

/// One append of these events.
pub(crate) fn to_append(events: &[EventValues]) -> Result<Append> {
    let events = events.iter().map(EventValues::to_new_event).collect::<Result<_>>()?;
    Ok(Append { events, ..Append::default() })
}

/// Appends one after the other, with some under way at once.
pub(crate) async fn append_pipelined(
    own: &OwnLog,
    appends: Vec<Append>,
    measured: &mut Measured,
) -> Result<()> {
    let mut under_way = VecDeque::new();
    let mut appends = appends.into_iter();
    loop {
        while under_way.len() < IN_FLIGHT
            && let Some(append) = appends.next()
        {
            let store = Arc::clone(own.log.store());
            let sent = Instant::now();
            under_way
                .push_back(tokio::spawn(async move { store.append(append).await.map(|_| sent.elapsed()) }));
        }
        let Some(oldest) = under_way.pop_front() else { return Ok(()) };
        let ended = oldest.await.map_err(|_| BenchError::EndedEarly { what: "an append" })?;
        measured.latencies.push(ended?);
    }
}

fn floor(folder: &Path, mut floor: impl Floor, count: usize) -> Result<Measured> {
    let numbers: Vec<usize> = (0..count).collect();
    let mut measured = Measured { events: count as u64, ..Measured::default() };
    let start = Instant::now();
    for rows in numbers.chunks(PER_APPEND) {
        let sent = Instant::now();
        floor.write(rows, Guard::None)?;
        measured.latencies.push(sent.elapsed());
    }
    measured.seconds = start.elapsed().as_secs_f64();
    floor.finish()?;
    measured.indexed_seconds = start.elapsed().as_secs_f64();
    drop(floor);
    measured.bytes = std::fs::read_dir(folder)
        .map_err(BenchError::file(folder))?
        .filter_map(|file| file.ok()?.metadata().ok())
        .filter(std::fs::Metadata::is_file)
        .map(|file| file.len())
        .sum();
    Ok(measured)
}
