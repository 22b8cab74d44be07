//! W3: bulk append; lean inserts arrays of 1,000.

use std::time::Instant;

use super::lean::Lean;
use super::schema::{Schema, bytes_on_disk};
use crate::error::Result;
use crate::events::{EventValues, Generator, Shape};
use crate::floor::SharedEvents;
use crate::report::Figure;
use crate::rounds::{Contender, Measured, ON_SERVER, settle, side_by_side};
use crate::settings::{Settings, runtime};
use crate::work::{append_in_bulk, bulk_figures};

const EVENTS: usize = 1_000_000;

/// Rows of one statement, which is a transaction.
pub(super) const PER_INSERT: usize = 1_000;

pub(super) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let count = settings.events.unwrap_or(EVENTS);
    let events: SharedEvents = Generator::new(Shape::Ordinary).take(count)?.into();
    let rounds = side_by_side(settings, ON_SERVER, |contender| {
        settle();
        match contender {
            Contender::Own => append_in_bulk(Schema::for_log(settings)?.place.clone(), &events),
            _ => runtime()?.block_on(lean(settings, &events)),
        }
    })?;
    Ok(bulk_figures(&rounds).into())
}

async fn lean(settings: &Settings, events: &SharedEvents) -> Result<Measured> {
    let schema = Schema::create(settings).await?;
    let mut measured = fill(&schema, events).await?;
    measured.bytes = bytes_on_disk(&schema.place.location).await?;
    Ok(measured)
}

/// Makes the plain table and fills it.
pub(super) async fn fill(schema: &Schema, events: &SharedEvents) -> Result<Measured> {
    Lean::create(schema).await?;
    let lean = Lean::open(schema).await?;
    let numbered: Vec<(usize, &EventValues)> = events.iter().enumerate().collect();
    let mut measured = Measured { events: events.len() as u64, ..Measured::default() };
    let start = Instant::now();
    for rows in numbered.chunks(PER_INSERT) {
        let sent = Instant::now();
        lean.insert_many(rows).await?;
        measured.latencies.push(sent.elapsed());
    }
    measured.seconds = start.elapsed().as_secs_f64();
    measured.indexed_seconds = measured.seconds;
    Ok(measured)
}
