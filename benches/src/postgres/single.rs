//! W1: one client, one event per append; lean inserts a row at a time.

use std::time::Instant;

use super::lean::Lean;
use super::schema::Schema;
use crate::error::Result;
use crate::events::{Generator, Shape};
use crate::floor::SharedEvents;
use crate::report::Figure;
use crate::rounds::{Contender, Measured, ON_SERVER, settle, side_by_side};
use crate::settings::{Settings, runtime};
use crate::work::{Work, append_one_by_one};

const EVENTS: usize = 5_000;

pub(super) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let count = settings.events.map_or(EVENTS, |events| events.min(EVENTS));
    let events: SharedEvents = Generator::new(Shape::Ordinary).take(count)?.into();
    let rounds = side_by_side(settings, ON_SERVER, |contender| {
        settle();
        match contender {
            Contender::Own => append_one_by_one(Schema::for_log(settings)?.place.clone(), &events),
            _ => runtime()?.block_on(lean(settings, &events)),
        }
    })?;
    let figure = Figure::of(Work::W1, "acknowledged", &rounds, Measured::events_per_second);
    Ok(vec![figure.with_floor_latencies(&rounds)])
}

async fn lean(settings: &Settings, events: &SharedEvents) -> Result<Measured> {
    let schema = Schema::create(settings).await?;
    Lean::create(&schema).await?;
    let lean = Lean::open(&schema).await?;
    let mut measured = Measured { events: events.len() as u64, ..Measured::default() };
    let start = Instant::now();
    for (position, event) in events.iter().enumerate() {
        let sent = Instant::now();
        lean.insert(position, event).await?;
        measured.latencies.push(sent.elapsed());
    }
    measured.seconds = start.elapsed().as_secs_f64();
    Ok(measured)
}
