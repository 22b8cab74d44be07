//! H3: a page of a list of events.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::beside_process;
use super::client::Client;
use super::served_log::ServedLog;
use crate::chance::Chance;
use crate::error::{BenchError, Result};
use crate::events::{Generator, Shape};
use crate::loaded::ask_own;
use crate::question::{Aggregate, Question};
use crate::report::Figure;
use crate::rounds::{Contender, Measured, OVER_HTTP, side_by_side};
use crate::settings::{Settings, runtime};
use crate::timing::Latencies;
use crate::work::{QUERIED_EVENTS, Work};

/// How many questions are asked in a round, but no more than there are events.
const QUESTIONS: usize = 1_000;

const PAGE: u64 = 50;

/// As the server answers.
#[derive(Deserialize)]
struct EventList<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
}

pub(crate) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let count = settings.events.unwrap_or(QUERIED_EVENTS);
    let log = ServedLog::with_events(settings, Shape::Ordinary, count)?;
    let mut chance = Chance::seeded(5);
    let aggregates: Vec<Aggregate> = (0..QUESTIONS.min(count))
        .map(|_| {
            let (aggregate_type, aggregate_id) = Generator::busy_aggregate(&mut chance);
            Aggregate { aggregate_type, aggregate_id }
        })
        .collect();
    let rounds = side_by_side(settings, OVER_HTTP, |contender| match contender {
        Contender::Http => runtime()?.block_on(over_http(settings, &log, &aggregates)),
        _ => runtime()?.block_on(in_process(&log, &aggregates)),
    })?;
    let mut figure = beside_process(Work::H3, "latest 50 of an aggregate", &rounds);
    let mut own = Latencies::default();
    rounds
        .iter()
        .filter_map(|round| round.of(Contender::Own))
        .for_each(|own_round| own.extend(&own_round.latencies));
    let in_process = own.percentile_ms(0.5);
    figure.more.extend(in_process.map(|ms| ("inProcessP50Ms", ms)));
    figure.more.extend(own.percentile_ms(0.99).map(|ms| ("inProcessP99Ms", ms)));
    let times = figure.p50_ms.zip(in_process).map(|(http, own)| http / own);
    figure.more.extend(times.map(|times| ("p50TimesInProcess", times)));
    let shown = std::mem::replace(&mut figure.events, count as u64);
    figure.more.insert("eventsPerAnswer", shown as f64 / aggregates.len() as f64);
    Ok(vec![figure])
}

/// Everything is asked once before it is timed, so that pages are in memory.
async fn in_process(log: &ServedLog, aggregates: &[Aggregate]) -> Result<Measured> {
    let questions: Vec<_> =
        aggregates.iter().map(|aggregate| Question::Latest(aggregate.clone(), PAGE)).collect();
    let own = log.open().await?;
    ask_own(&own, &questions).await?;
    let measured = ask_own(&own, &questions).await?;
    own.close().await?;
    Ok(measured)
}

async fn over_http(settings: &Settings, log: &ServedLog, aggregates: &[Aggregate]) -> Result<Measured> {
    let server = log.serve(settings).await?;
    let mut client = Client::connect(server.address).await?;
    ask(&mut client, aggregates).await?;
    let measured = ask(&mut client, aggregates).await?;
    server.stop().await?;
    Ok(measured)
}

async fn ask(client: &mut Client, aggregates: &[Aggregate]) -> Result<Measured> {
    let mut measured = Measured::default();
    for Aggregate { aggregate_type, aggregate_id } in aggregates {
        let path = format!("/v1/events?aggregate={aggregate_type}/{aggregate_id}&order=desc&limit={PAGE}");
        let start = Instant::now();
        let answer = client.get(&path).await?;
        let latency: Duration = start.elapsed();
        let list: EventList<'_> = serde_json::from_slice(&answer).map_err(BenchError::serving)?;
        measured.answered(list.items.len() as u64, latency);
    }
    Ok(measured)
}
