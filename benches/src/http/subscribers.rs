//! H5: many who follow the log while nothing happens, and then something does.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::body;
use super::client::Client;
use super::memory::megabytes;
use super::served_log::ServedLog;
use super::server_process::ServerProcess;
use super::subscriber::Subscriber;
use crate::error::{BenchError, Result};
use crate::events::{EventValues, Generator, Shape};
use crate::report::Figure;
use crate::rounds::{Contender, Measured, settle, side_by_side};
use crate::settings::{Settings, runtime};
use crate::timing::{Latencies, median};
use crate::work::Work;

const SUBSCRIBERS: usize = 1_000;

/// How many events they are told, one after the other, but no more than are wanted.
const EVENTS: usize = 100;

/// Between two events.
const QUIET: Duration = Duration::from_millis(20);

/// Events before anybody subscribes, so that the server has done everything once.
const BEFORE: usize = 10;

/// Sockets and files that a process has besides those of subscribers.
#[cfg(unix)]
const OTHER_FILES: u64 = 256;

/// What a server did in a round, besides how fast it was.
#[derive(Default)]
struct Seen {
    acknowledged: Latencies,
    /// What it used without subscribers, with idle ones, and with those that were told.
    bytes: Option<[u64; 3]>,
}

pub(crate) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let wanted = settings.events.unwrap_or(usize::MAX);
    let (subscribers, events) = (SUBSCRIBERS.min(wanted), EVENTS.min(wanted));
    allow_files(subscribers)?;
    let mut seen = Vec::new();
    let rounds = side_by_side(settings, &[Contender::Http], |_| {
        let log = ServedLog::missing(settings)?;
        settle();
        let (measured, of_round) = runtime()?.block_on(run(settings, &log, subscribers, events))?;
        seen.push(of_round);
        Ok(measured)
    })?;
    let rate = Measured::events_per_second;
    let mut figure = Figure::of_contender((Work::H5, "told of an event"), Contender::Http, &rounds, rate);
    figure.more.insert("subscribers", subscribers as f64);
    let mut acknowledged = Latencies::default();
    seen.iter().for_each(|seen| acknowledged.extend(&seen.acknowledged));
    figure.more.extend(acknowledged.percentile_ms(0.5).map(|ms| ("acknowledgedP50Ms", ms)));
    let bytes: Vec<[u64; 3]> = seen.iter().filter_map(|seen| seen.bytes).collect();
    if !bytes.is_empty() {
        let of = |megabytes: fn(&[u64; 3]) -> f64| median(bytes.iter().map(megabytes).collect());
        figure.more.insert("serverMegabytesBefore", of(|[before, ..]| megabytes(*before)));
        let grown = |before: &u64, after: &u64| megabytes(after.saturating_sub(*before));
        let idle = bytes.iter().map(|[before, idle, _]| grown(before, idle));
        figure.more.insert("megabytesIdle", median(idle.collect()));
        let told = bytes.iter().map(|[before, _, told]| grown(before, told));
        figure.more.insert("megabytesTold", median(told.collect()));
    }
    Ok(vec![figure])
}

async fn run(
    settings: &Settings,
    log: &ServedLog,
    subscribers: usize,
    events: usize,
) -> Result<(Measured, Seen)> {
    let server = log.serve(settings).await?;
    let mut writer = Client::connect(server.address).await?;
    let all = Generator::new(Shape::Ordinary).take(BEFORE + events)?;
    let (before, events) = all.split_at_checked(BEFORE).unwrap_or((&all, &[]));
    for event in before {
        writer.append(body::append(std::slice::from_ref(event))?).await?;
        // It is recorded that this was asked, as it will be of the subscribers.
        writer.get("/v1/events?limit=1").await?;
    }
    let without = used(&server).await;
    let (came, mut coming) = mpsc::unbounded_channel();
    let mut following = JoinSet::new();
    for _ in 0..subscribers {
        let subscriber = Subscriber::subscribe(Client::connect(server.address).await?).await?;
        following.spawn(subscriber.tell(came.clone()));
    }
    drop(came);
    let idle = used(&server).await;
    let (mut measured, mut seen) = (Measured::default(), Seen::default());
    for event in events {
        tell_all(&mut writer, event, subscribers, (&mut coming, &mut measured, &mut seen.acknowledged))
            .await?;
        tokio::time::sleep(QUIET).await;
    }
    let told = used(&server).await;
    seen.bytes = without.zip(idle).zip(told).map(|((without, idle), told)| [without, idle, told]);
    following.shutdown().await;
    server.stop().await?;
    Ok((measured, seen))
}

/// Appends an event and waits until everybody has it. Times are taken from when the append is sent.
async fn tell_all(
    writer: &mut Client,
    event: &EventValues,
    subscribers: usize,
    (coming, measured, acknowledged): (
        &mut mpsc::UnboundedReceiver<Result<Instant>>,
        &mut Measured,
        &mut Latencies,
    ),
) -> Result<()> {
    let body = body::append(std::slice::from_ref(event))?;
    let sent = Instant::now();
    writer.append(body).await?;
    acknowledged.push(sent.elapsed());
    let mut last = Duration::ZERO;
    for _ in 0..subscribers {
        let ended = BenchError::EndedEarly { what: "the subscribers" };
        let latency = coming.recv().await.ok_or(ended)??.saturating_duration_since(sent);
        last = last.max(latency);
        measured.latencies.push(latency);
    }
    measured.events += subscribers as u64;
    measured.seconds += last.as_secs_f64();
    Ok(())
}

/// What the server uses once it has come to rest.
async fn used(server: &ServerProcess) -> Option<u64> {
    tokio::time::sleep(Duration::from_secs(1)).await;
    Some(server.memory()?.now)
}

/// Lets this process and those that it starts have a file for each subscriber.
///
/// # Errors
/// [`BenchError::Settings`] when the system does not let them.
#[cfg(unix)]
fn allow_files(subscribers: usize) -> Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let needed = subscribers as u64 + OTHER_FILES;
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= needed) {
        return Ok(());
    }
    setrlimit(Resource::Nofile, Rlimit { current: Some(needed), ..limit }).map_err(|error| {
        let reason =
            format!("{needed} open files are needed and not allowed: {error}; raise the limit (ulimit -n)");
        BenchError::Settings { reason }
    })
}

/// Where there is no such limit.
#[cfg(not(unix))]
fn allow_files(_subscribers: usize) -> Result<()> {
    Ok(())
}
