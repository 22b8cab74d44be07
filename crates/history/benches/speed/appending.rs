//! What snapshots cost those who append: the same appends with and without a [`Snapshotter`], in turns.

use std::sync::Arc;
use std::time::{Duration, Instant};

use annals_event::{StreamName, StreamVersion};
use annals_history::{Pace, Snapshotter};
use annals_store::{Append, EventStore, ExpectedVersion, SnapshotStore};
use annals_store_sqlite::SqliteEventStore;
use tokio::task::JoinSet;

use crate::logs::{APPEND, Outcome, create, event, history, jq};
use crate::timing::{median, permille};

const ROUNDS: usize = 5;

/// A snapshot of an aggregate is due every 100 events, so that in each work each aggregate has some.
const BULK_EVENTS: u64 = 300_000;
const BULK_AGGREGATES: u64 = 1_000;

/// One event per append, each guarded by the version that its aggregate must have.
const CLIENTS: u64 = 64;
const CLIENT_EVENTS: u64 = 1_000;

/// A log that is never busy: one client, so many appends a second.
const TRICKLE_EVENTS: u64 = 1_500;
const TRICKLE_EVERY: Duration = Duration::from_millis(2);

/// Who takes snapshots meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Snapshots {
    Nobody,
    /// A snapshotter as applications have it: it waits until the log rests.
    Usual,
    /// One that has lost its patience with a busy log.
    AtOnce,
}

/// What appends are measured.
#[derive(Debug, Clone, Copy)]
enum Work {
    Bulk,
    Clients,
    Trickle,
}

struct Measured {
    rate: f64,
    times: Vec<Duration>,
    taken: usize,
}

pub(crate) async fn run() -> Outcome<()> {
    println!("appends with snapshots every 100 events beside those without, in turns ({ROUNDS} rounds):");
    for work in [Work::Bulk, Work::Clients, Work::Trickle] {
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            rounds.push([
                measure(work, Snapshots::Nobody).await?,
                measure(work, Snapshots::Usual).await?,
                measure(work, Snapshots::AtOnce).await?,
            ]);
        }
        for (index, name) in ["none", "as usual", "without patience"].into_iter().enumerate() {
            let ratio = median(rounds.iter().map(|round| round[index].rate / round[0].rate).collect());
            let rate = median(rounds.iter().map(|round| round[index].rate).collect());
            let mut times: Vec<_> = rounds.iter().flat_map(|round| round[index].times.clone()).collect();
            let taken: usize = rounds.iter().map(|round| round[index].taken).sum();
            println!(
                "  {work:?}, {name:<17} {rate:>9.0} events/s, {ratio:.2} of none; p50 {:.2} ms, p99 {:.2} ms; {} taken meanwhile",
                permille(&mut times, 500),
                permille(&mut times, 990),
                taken / ROUNDS,
            );
        }
    }
    Ok(())
}

async fn measure(work: Work, snapshots: Snapshots) -> Outcome<Measured> {
    let folder = tempfile::tempdir()?;
    let store = create(folder.path())?;
    let rules = jq(&stream(0)?.aggregate_type)?;
    let pace = Pace { short_visit: Duration::ZERO, ..Pace::default() };
    let snapshotter = match snapshots {
        Snapshots::Nobody => None,
        Snapshots::Usual => Some(Snapshotter::start_at(pace, history(&store, rules)).await?),
        Snapshots::AtOnce => {
            let look_every = Duration::from_millis(100);
            let pace = Pace { patience: Duration::ZERO, look_every, ..pace };
            Some(Snapshotter::start_at(pace, history(&store, rules)).await?)
        }
    };
    let start = Instant::now();
    let (events, times) = match work {
        Work::Bulk => bulk(&store).await?,
        Work::Clients => clients(&store).await?,
        Work::Trickle => trickle(&store).await?,
    };
    let rate = events as f64 / start.elapsed().as_secs_f64();
    let taken = store.snapshots(None, 100_000).await?.len();
    drop(snapshotter);
    store.close().await?;
    Ok(Measured { rate, times, taken })
}

async fn bulk(store: &SqliteEventStore) -> Outcome<(u64, Vec<Duration>)> {
    let mut times = Vec::new();
    let numbers: Vec<u64> = (0..BULK_EVENTS).collect();
    for chunk in numbers.chunks(APPEND) {
        let event = |number: &u64| event(&stream(number % BULK_AGGREGATES)?, *number);
        let events = chunk.iter().map(event).collect::<Outcome<_>>()?;
        let start = Instant::now();
        store.append(Append { events, ..Append::default() }).await?;
        times.push(start.elapsed());
    }
    Ok((BULK_EVENTS, times))
}

async fn clients(store: &Arc<SqliteEventStore>) -> Outcome<(u64, Vec<Duration>)> {
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let store = Arc::clone(store);
        clients.spawn(async move {
            let stream = stream(client)?;
            let mut times = Vec::new();
            for number in 0..CLIENT_EVENTS {
                let expected = match number {
                    0 => ExpectedVersion::NoStream,
                    version => ExpectedVersion::Exactly(StreamVersion(version)),
                };
                let append = Append::event(event(&stream, number)?).expecting(stream.clone(), expected);
                let start = Instant::now();
                store.append(append).await?;
                times.push(start.elapsed());
            }
            Outcome::Ok(times)
        });
    }
    let mut times = Vec::new();
    while let Some(client) = clients.join_next().await {
        times.extend(client??);
    }
    Ok((CLIENTS * CLIENT_EVENTS, times))
}

async fn trickle(store: &SqliteEventStore) -> Outcome<(u64, Vec<Duration>)> {
    let mut times = Vec::new();
    let mut due = tokio::time::interval(TRICKLE_EVERY);
    for number in 0..TRICKLE_EVENTS {
        due.tick().await;
        let start = Instant::now();
        store.append(Append::event(event(&stream(number % 5)?, number)?)).await?;
        times.push(start.elapsed());
    }
    Ok((TRICKLE_EVENTS, times))
}

fn stream(number: u64) -> Outcome<StreamName> {
    Ok(format!("Account/{number}").parse()?)
}
