//! What an append costs while the log grows.

use std::collections::BTreeMap;
use std::time::Instant;

use super::Work;
use super::bulk::{PER_APPEND, append_pipelined, to_append};
use crate::error::{BenchError, Result};
use crate::events::{Generator, Shape};
use crate::own_log::OwnLog;
use crate::report::Figure;
use crate::rounds::{Measured, settle};
use crate::settings::{Settings, runtime};

const EVENTS: usize = 10_000_000;

/// The log has this hundredth of its events when it is called small.
const SMALL: usize = 100;

/// Events are made, appended and indexed in so many steps; a step is measured by itself.
const STEPS: usize = 100;

/// So many steps are measured at both ends.
const STEPS_MEASURED: usize = 5;

pub(super) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let count = settings.events.unwrap_or(EVENTS);
    let folder = settings.fresh_folder()?;
    settle();
    let steps = runtime()?.block_on(async {
        let own = OwnLog::open(&folder.path().into(), Vec::new()).await?;
        let mut generator = Generator::new(Shape::Ordinary);
        let mut steps = Vec::new();
        for step in 1..=STEPS {
            let events = generator.take(count / STEPS)?;
            let appends = events.chunks(PER_APPEND).map(to_append).collect::<Result<Vec<_>>>()?;
            let mut measured = Measured { events: events.len() as u64, ..Measured::default() };
            let start = Instant::now();
            append_pipelined(&own, appends, &mut measured).await?;
            measured.seconds = start.elapsed().as_secs_f64();
            own.wait_until_indexed((step * events.len()) as u64).await?;
            measured.indexed_seconds = start.elapsed().as_secs_f64();
            steps.push(measured);
        }
        own.close().await?;
        Ok::<_, BenchError>(steps)
    })?;
    let small = STEPS / SMALL;
    let at_small = steps.get(small..small + STEPS_MEASURED).unwrap_or(&steps);
    let at_large = steps.get(STEPS - STEPS_MEASURED..).unwrap_or(&steps);
    let mut figure = Figure::alone(Work::Growth, "append cost", at_large);
    figure.events = count as u64;
    figure.more = BTreeMap::from([
        ("eventsPerSecondWhenSmall", rate(at_small, |step| step.seconds)),
        ("indexedPerSecond", rate(at_large, |step| step.indexed_seconds)),
        ("indexedPerSecondWhenSmall", rate(at_small, |step| step.indexed_seconds)),
    ]);
    figure.events_per_second = rate(at_large, |step| step.seconds);
    let grown = |small: &str, large: f64| figure.more.get(small).map(|small| small / large);
    let costs = [
        ("costRatio", grown("eventsPerSecondWhenSmall", figure.events_per_second)),
        ("costRatioIndexed", grown("indexedPerSecondWhenSmall", rate(at_large, |step| step.indexed_seconds))),
    ];
    figure.more.extend(costs.into_iter().filter_map(|(name, cost)| Some((name, cost?))));
    Ok(vec![figure])
}

fn rate(steps: &[Measured], seconds: impl Fn(&Measured) -> f64) -> f64 {
    let events: u64 = steps.iter().map(|step| step.events).sum();
    events as f64 / steps.iter().map(seconds).sum::<f64>()
}
