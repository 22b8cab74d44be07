//! W2: 64 clients in one process, each append guarded by an expected version.

use std::sync::Arc;
use std::time::Instant;

use annals::{Append, ExpectedVersion, StreamVersion};
use tokio::task::JoinSet;

use super::Work;
use crate::error::{BenchError, Result};
use crate::events::{CLIENTS, EventValues, Generator, Shape};
use crate::floor::{Equal, Floor, GroupCommit, Guard, Lean, SharedEvents};
use crate::own_log::{OwnLog, Place};
use crate::report::Figure;
use crate::rounds::{Contender, Measured, settle, side_by_side_afresh};
use crate::settings::{Settings, runtime};
use crate::timing::{Latencies, median};

const EVENTS: usize = 200_000;

/// Rows per transaction where rows are gathered before anybody asks.
const GATHERED: usize = 64;

const CLIENT_ENDED: BenchError = BenchError::EndedEarly { what: "a client" };

pub(super) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let count = settings.events.unwrap_or(EVENTS);
    let events: SharedEvents = Generator::new(Shape::Ordinary).take(count)?.into();
    let rounds = side_by_side_afresh(settings, |contender, folder| match contender {
        Contender::Own => own(folder, &events),
        Contender::Lean => floor(Lean::create(folder, events.clone())?, count),
        _ => floor(Equal::create(folder, events.clone())?, count),
    })?;
    let figure = Figure::of(Work::W2, "acknowledged", &rounds, Measured::events_per_second);
    let mut figure = figure.with_floor_latencies(&rounds);
    let gathered = (0..settings.rounds).map(|_| gathered(settings, &events)).collect::<Result<Vec<_>>>()?;
    figure.more.insert("leanGatheredPer64", median(gathered));
    Ok(vec![figure])
}

pub(crate) fn own(place: impl Into<Place>, events: &SharedEvents) -> Result<Measured> {
    let (place, of_clients) = (place.into(), appends_of_clients(events)?);
    runtime()?.block_on(async {
        let own = OwnLog::open(&place, Vec::new()).await?;
        let measured = run_clients(&own, of_clients, events.len()).await?;
        own.close().await?;
        Ok(measured)
    })
}

/// What each client appends, one after the other.
pub(crate) fn appends_of_clients(events: &[EventValues]) -> Result<Vec<Vec<Append>>> {
    let mut of_clients: Vec<Vec<Append>> = vec![Vec::new(); CLIENTS];
    for (event, client) in events.iter().zip((0..CLIENTS).cycle()) {
        let expected = match event.version {
            1 => ExpectedVersion::NoStream,
            version => ExpectedVersion::Exactly(StreamVersion(version - 1)),
        };
        let append = Append::event(event.to_new_event()?).expecting(event.stream()?, expected);
        if let Some(appends) = of_clients.get_mut(client) {
            appends.push(append);
        }
    }
    Ok(of_clients)
}

/// Has the clients append `count` events together.
pub(crate) async fn run_clients(
    own: &OwnLog,
    of_clients: Vec<Vec<Append>>,
    count: usize,
) -> Result<Measured> {
    let mut clients = JoinSet::new();
    let start = Instant::now();
    for appends in of_clients {
        let store = Arc::clone(own.log.store());
        clients.spawn(async move {
            let mut latencies = Latencies::default();
            for append in appends {
                let sent = Instant::now();
                store.append(append).await?;
                latencies.push(sent.elapsed());
            }
            Ok(latencies)
        });
    }
    wait_for(clients, start, count).await
}

fn floor(floor: impl Floor + 'static, count: usize) -> Result<Measured> {
    let group = GroupCommit::start(floor);
    let measured = runtime()?.block_on(async {
        let mut clients = JoinSet::new();
        let start = Instant::now();
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
        wait_for(clients, start, count).await
    });
    // Where a client failed, the writer knows why.
    group.finish()?;
    measured
}

/// What clients did, once the last one is done.
pub(crate) async fn wait_for(
    mut clients: JoinSet<Result<Latencies>>,
    start: Instant,
    count: usize,
) -> Result<Measured> {
    let mut measured = Measured { events: count as u64, ..Measured::default() };
    while let Some(client) = clients.join_next().await {
        measured.latencies.extend(&client.map_err(|_| CLIENT_ENDED)??);
    }
    measured.seconds = start.elapsed().as_secs_f64();
    Ok(measured)
}

/// The lean floor's rate without clients: 64 rows per transaction.
fn gathered(settings: &Settings, events: &SharedEvents) -> Result<f64> {
    let folder = settings.fresh_folder()?;
    let mut lean = Lean::create(folder.path(), events.clone())?;
    let numbers: Vec<usize> = (0..events.len()).collect();
    settle();
    let start = Instant::now();
    for rows in numbers.chunks(GATHERED) {
        lean.write(rows, Guard::ExpectedVersion)?;
    }
    Ok(events.len() as f64 / start.elapsed().as_secs_f64())
}
