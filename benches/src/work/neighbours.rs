//! W2 while one client exports the log and another follows it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use annals::{EventReader, JsonForm, Position, Query, ReadOptions, Store, StoreError, Subscription};
use tokio::task::JoinSet;

use super::Work;
use super::bulk::{PER_APPEND, append_pipelined, to_append};
use super::guarded::{appends_of_clients, run_clients};
use crate::error::{BenchError, Result};
use crate::events::{EventValues, Generator, Shape};
use crate::own_log::OwnLog;
use crate::report::Figure;
use crate::rounds::{Measured, settle};
use crate::settings::{Settings, runtime};
use crate::timing::median;

const EVENTS: usize = 200_000;

/// How often the length of the write-ahead log is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);

const NEIGHBOUR_ENDED: BenchError = BenchError::EndedEarly { what: "a neighbour" };

/// What the neighbours came to while the clients wrote.
#[derive(Default)]
struct Neighbours {
    events_exported: u64,
    events_followed: u64,
    wal_bytes_max: u64,
}

pub(super) fn measure(settings: &Settings) -> Result<Vec<Figure>> {
    let count = settings.events.unwrap_or(EVENTS);
    // The first half is there to be exported, the second is written meanwhile.
    let events: Vec<EventValues> = Generator::new(Shape::Ordinary).take(2 * count)?;
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    let (mut ratios, mut exported, mut followed, mut wal_bytes_max) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for _ in 0..settings.rounds {
        let (by_itself, _) = run(settings, &events, count, false)?;
        let (among_others, neighbours) = run(settings, &events, count, true)?;
        ratios.push(among_others.events_per_second() / by_itself.events_per_second());
        exported.push(neighbours.events_exported as f64 / among_others.seconds);
        followed.push(neighbours.events_followed as f64 / among_others.seconds);
        wal_bytes_max = wal_bytes_max.max(neighbours.wal_bytes_max);
        alone.push(by_itself.events_per_second());
        beside.push(among_others);
    }
    let mut figure = Figure::alone(Work::Neighbours, "guarded appends", &beside);
    figure.more.insert("alone", median(alone));
    figure.more.insert("ratioAlone", median(ratios));
    figure.more.insert("exportedPerSecond", median(exported));
    figure.more.insert("followedPerSecond", median(followed));
    figure.more.insert("walMebibytesMax", wal_bytes_max as f64 / f64::from(1 << 20));
    Ok(vec![figure])
}

fn run(
    settings: &Settings,
    events: &[EventValues],
    count: usize,
    with_neighbours: bool,
) -> Result<(Measured, Neighbours)> {
    let folder = settings.fresh_folder()?;
    let (before, meanwhile) = events.split_at_checked(count).unwrap_or((events, &[]));
    let clients = appends_of_clients(meanwhile)?;
    settle();
    runtime()?.block_on(async {
        let own = OwnLog::open(&folder.path().into(), Vec::new()).await?;
        let appends = before.chunks(PER_APPEND).map(to_append).collect::<Result<Vec<_>>>()?;
        append_pipelined(&own, appends, &mut Measured::default()).await?;
        own.wait_until_indexed(before.len() as u64).await?;
        let done = Arc::new(AtomicBool::new(false));
        let mut neighbours = JoinSet::new();
        if with_neighbours {
            neighbours.spawn(export(Arc::clone(own.log.store()), Arc::clone(&done)));
            neighbours.spawn(follow(Arc::clone(own.log.store()), count as u64, Arc::clone(&done)));
            neighbours.spawn(watch_wal(folder.path().to_owned(), Arc::clone(&done)));
        }
        let measured = run_clients(&own, clients, meanwhile.len()).await?;
        done.store(true, Ordering::Relaxed);
        let mut all = Neighbours::default();
        while let Some(neighbour) = neighbours.join_next().await {
            let one = neighbour.map_err(|_| NEIGHBOUR_ENDED)??;
            all.events_exported += one.events_exported;
            all.events_followed += one.events_followed;
            all.wal_bytes_max = all.wal_bytes_max.max(one.wal_bytes_max);
        }
        own.close().await?;
        Ok((measured, all))
    })
}

/// Writes the log out as JSON lines, from the first event to the last that was there, again and again.
async fn export(store: Arc<dyn Store>, done: Arc<AtomicBool>) -> std::result::Result<Neighbours, StoreError> {
    let mut exported = Neighbours::default();
    while !done.load(Ordering::Relaxed) {
        let mut reader = EventReader::new(&*store, Query::all(), ReadOptions::default());
        while let Some(page) = reader.next_page().await?
            && !done.load(Ordering::Relaxed)
        {
            for event in page {
                std::hint::black_box(event.to_json(JsonForm::Embedded));
                exported.events_exported += 1;
            }
        }
    }
    Ok(exported)
}

/// Follows the log from where it stands.
async fn follow(
    store: Arc<dyn Store>,
    size: u64,
    done: Arc<AtomicBool>,
) -> std::result::Result<Neighbours, StoreError> {
    let mut feed = Subscription::new(store, Query::all(), size.checked_sub(1).map(Position));
    let mut followed = Neighbours::default();
    while !done.load(Ordering::Relaxed) {
        // After the last append nothing may come any more.
        if let Ok(delivery) = tokio::time::timeout(LOOK_EVERY, feed.next()).await {
            followed.events_followed += delivery?.events.len() as u64;
        }
    }
    Ok(followed)
}

async fn watch_wal(folder: PathBuf, done: Arc<AtomicBool>) -> std::result::Result<Neighbours, StoreError> {
    let wal = folder.join("annals.db-wal");
    let mut seen = Neighbours::default();
    while !done.load(Ordering::Relaxed) {
        let bytes = std::fs::metadata(&wal).map_or(0, |metadata| metadata.len());
        seen.wal_bytes_max = seen.wal_bytes_max.max(bytes);
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(seen)
}
