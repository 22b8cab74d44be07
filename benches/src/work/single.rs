//! W1: one client, one event per append.

use std::path::Path;
use std::time::Instant;

use annals::Append;

use super::Work;
use crate::error::Result;
use crate::events::{Generator, Shape};
use crate::floor::{Equal, Floor, Guard, Lean, SharedEvents};
use crate::own_log::{OwnLog, Place};
use crate::report::Figure;
use crate::rounds::{Contender, Measured, side_by_side_afresh};
use crate::settings::{Settings, runtime};

const EVENTS: usize = 5_000;

/// How the store's client goes about it.
type Own = fn(&Path, &SharedEvents) -> Result<Measured>;

pub(super) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let count = settings.events.unwrap_or(EVENTS);
    let events: SharedEvents = Generator::new(Shape::Ordinary).take(count)?.into();
    let mut figures = Vec::new();
    for (part, own) in [("acknowledged", own_blocking as Own), ("awaited by a task", own_awaited_in)] {
        let rounds = side_by_side_afresh(settings, |contender, folder| match contender {
            Contender::Own => own(folder, &events),
            Contender::Lean => floor(Lean::create(folder, events.clone())?, count),
            _ => floor(Equal::create(folder, events.clone())?, count),
        })?;
        let figure = Figure::of(Work::W1, part, &rounds, Measured::events_per_second);
        figures.push(figure.with_floor_latencies(&rounds));
    }
    Ok(figures)
}

/// A client that may block, as the floors' do.
fn own_blocking(folder: &Path, events: &SharedEvents) -> Result<Measured> {
    let appends = events.iter().map(|event| Ok(Append::event(event.to_new_event()?)));
    let appends = appends.collect::<Result<Vec<_>>>()?;
    let mut measured = Measured { events: events.len() as u64, ..Measured::default() };
    let runtime = runtime()?;
    let own = runtime.block_on(OwnLog::open(&folder.into(), Vec::new()))?;
    let start = Instant::now();
    for append in appends {
        let sent = Instant::now();
        own.log.append_blocking(append)?;
        measured.latencies.push(sent.elapsed());
    }
    measured.seconds = start.elapsed().as_secs_f64();
    runtime.block_on(own.close())?;
    Ok(measured)
}

fn own_awaited_in(folder: &Path, events: &SharedEvents) -> Result<Measured> {
    own_awaited(folder, events)
}

/// A task of an asynchronous runtime, which must not block: another thread writes.
pub(crate) fn own_awaited(place: impl Into<Place>, events: &SharedEvents) -> Result<Measured> {
    let place = place.into();
    let appends = events.iter().map(|event| Ok(Append::event(event.to_new_event()?)));
    let appends = appends.collect::<Result<Vec<_>>>()?;
    let mut measured = Measured { events: events.len() as u64, ..Measured::default() };
    runtime()?.block_on(async {
        let own = OwnLog::open(&place, Vec::new()).await?;
        let start = Instant::now();
        for append in appends {
            let sent = Instant::now();
            own.log.events().append(append).await?;
            measured.latencies.push(sent.elapsed());
        }
        measured.seconds = start.elapsed().as_secs_f64();
        own.close().await
    })?;
    Ok(measured)
}

fn floor(mut floor: impl Floor, count: usize) -> Result<Measured> {
    let mut measured = Measured { events: count as u64, ..Measured::default() };
    let start = Instant::now();
    for event in 0..count {
        let sent = Instant::now();
        floor.write(&[event], Guard::None)?;
        measured.latencies.push(sent.elapsed());
    }
    measured.seconds = start.elapsed().as_secs_f64();
    floor.finish()?;
    Ok(measured)
}
