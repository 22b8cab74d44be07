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
use crate::own_log::{OwnLog, Place};
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
        _ => floor(folder, Equal::create(folder, events.clone())?, count),
    })?;
    Ok(figures(&rounds).into())
}

/// The figures that rounds of bulk append show.
pub(crate) fn figures(rounds: &[Round]) -> [Figure; 2] {
    let mut acknowledged = Figure::of(Work::W3, "acknowledged", rounds, Measured::events_per_second);
    let names = [
        (Contender::Own, "bytesPerEvent"),
        (Contender::Lean, "leanBytesPerEvent"),
        (Contender::Equal, "equalBytesPerEvent"),
    ];
    for (contender, name) in names {
        let measured = rounds.iter().filter_map(|round| round.of(contender));
        let bytes: Vec<f64> =
            measured.map(|measured| measured.bytes as f64 / measured.events as f64).collect();
        if !bytes.is_empty() {
            acknowledged.more.insert(name, median(bytes));
        }
    }
    let mut indexed = Figure::of(Work::W3, "until indexed", rounds, Measured::indexed_per_second);
    (indexed.p50_ms, indexed.p99_ms, indexed.p999_ms) = (None, None, None);
    [acknowledged, indexed]
}

/// The store's part.
pub(crate) fn own(place: impl Into<Place>, events: &SharedEvents) -> Result<Measured> {
    let place = place.into();
    let appends = events.chunks(PER_APPEND).map(to_append).collect::<Result<Vec<_>>>()?;
    runtime()?.block_on(async {
        let own = OwnLog::open(&place, Vec::new()).await?;
        let mut measured = Measured { events: events.len() as u64, ..Measured::default() };
        let start = Instant::now();
        append_pipelined(&own, appends, &mut measured).await?;
        measured.seconds = start.elapsed().as_secs_f64();
        own.wait_until_indexed(measured.events).await?;
        measured.indexed_seconds = start.elapsed().as_secs_f64();
        own.close().await?;
        measured.bytes = place.bytes_on_disk().await?;
        Ok(measured)
    })
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
