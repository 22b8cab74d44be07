//! W2: 64 guarded clients, in one process and in four; beside lean, whose rows are gathered, and 64 raw connections.

use std::time::Instant;

use tokio::task::JoinSet;

use super::connections;
use super::gathered::Gathered;
use super::lean::Lean;
use super::processes;
use super::schema::Schema;
use crate::error::Result;
use crate::events::{CLIENTS, Generator, Shape};
use crate::floor::SharedEvents;
use crate::report::Figure;
use crate::rounds::{Contender, Measured, Round, settle, side_by_side};
use crate::settings::{Settings, runtime};
use crate::timing::{Latencies, median};
use crate::work::{Work, append_guarded, wait_for};

const EVENTS: usize = 100_000;

const CONTENDERS: &[Contender] =
    &[Contender::Own, Contender::Lean, Contender::Processes, Contender::Connections];

pub(super) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let count = settings.events.unwrap_or(EVENTS);
    let events: SharedEvents = Generator::new(Shape::Ordinary).take(count)?.into();
    let rounds = side_by_side(settings, CONTENDERS, |contender| {
        settle();
        let runtime = runtime()?;
        match contender {
            Contender::Own => append_guarded(Schema::for_log(settings)?.place.clone(), &events),
            Contender::Processes => runtime.block_on(processes::run(settings, count)),
            Contender::Connections => runtime.block_on(connections::run(settings, &events)),
            Contender::Lean | Contender::Equal | Contender::Http => runtime.block_on(lean(settings, &events)),
        }
    })?;
    let rate = Measured::events_per_second;
    let mut one = Figure::of(Work::W2, "one process", &rounds, rate).with_floor_latencies(&rounds);
    let connections = |of: fn(&Round) -> Option<f64>| median(rounds.iter().filter_map(of).collect());
    one.more.insert(
        "connections",
        connections(|round| Some(round.of(Contender::Connections)?.events_per_second())),
    );
    one.more.insert(
        "ratioConnections",
        connections(|round| {
            let raw = round.of(Contender::Connections)?.events_per_second();
            Some(round.of(Contender::Own)?.events_per_second() / raw)
        }),
    );
    let four = Figure::of_contender((Work::W2, "four processes"), Contender::Processes, &rounds, rate);
    Ok(vec![one, four])
}

async fn lean(settings: &Settings, events: &SharedEvents) -> Result<Measured> {
    let schema = Schema::create(settings).await?;
    Lean::create(&schema).await?;
    let group = Gathered::start(&schema, events).await?;
    let mut clients = JoinSet::new();
    let (count, start) = (events.len(), Instant::now());
    for client in 0..CLIENTS {
        let way = group.client();
        clients.spawn(async move {
            let mut latencies = Latencies::default();
            for event in (client..count).step_by(CLIENTS) {
                let sent = Instant::now();
                way.append(event).await?;
                latencies.push(sent.elapsed());
            }
            Ok(latencies)
        });
    }
    let measured = wait_for(clients, start, count).await;
    group.finish().await?;
    measured
}
