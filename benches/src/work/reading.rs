//! W4: reading many events.

use super::Work;
use crate::error::Result;
use crate::events::{LARGE_AGGREGATE, LARGE_AGGREGATE_TYPE, Shape};
use crate::loaded::Loaded;
use crate::question::{Aggregate, Question};
use crate::report::Figure;
use crate::rounds::{Contender, IN_FILES, Measured, side_by_side};
use crate::settings::Settings;

pub(crate) const EVENTS: usize = 1_000_000;

/// The events of the aggregate that is read, of a million.
const OF_LARGE_AGGREGATE: usize = 10_000;

/// How often the aggregate is read in a round.
const REPEATED: usize = 10;

/// The aggregate lies among the others.
pub(crate) const SHAPE: Shape = Shape::WithLargeAggregate { every: EVENTS / OF_LARGE_AGGREGATE };

pub(super) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let count = settings.events.unwrap_or(EVENTS);
    let loaded = Loaded::with_events(settings, SHAPE, count)?;
    read_side_by_side(settings, IN_FILES, |contender, questions| loaded.ask(contender, questions))
}

/// Has contenders read; `ask` has one of them answer questions.
pub(crate) fn read_side_by_side(
    settings: &Settings,
    contenders: &[Contender],
    ask: impl Fn(Contender, &[Question]) -> Result<Measured>,
) -> Result<Vec<Figure>> {
    let large = Aggregate { aggregate_type: LARGE_AGGREGATE_TYPE, aggregate_id: LARGE_AGGREGATE.to_owned() };
    let one = vec![Question::Aggregate(large); REPEATED];
    let parts = [("one aggregate", one), ("all events", vec![Question::All])];
    let mut figures = Vec::new();
    for (part, questions) in parts {
        // Nobody pays for what the others find in memory.
        let rounds = side_by_side(settings, contenders, |contender| {
            ask(contender, questions.get(..1).unwrap_or_default())?;
            ask(contender, &questions)
        })?;
        let mut figure = Figure::of(Work::W4, part, &rounds, Measured::events_per_second);
        figure.events /= questions.len() as u64;
        figures.push(figure.with_floor_latencies(&rounds));
    }
    Ok(figures)
}
