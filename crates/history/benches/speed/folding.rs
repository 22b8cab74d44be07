//! States, timelines, replays and blame of one aggregate, beside reading its events. The best of several rounds counts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use annals_event::{StreamName, StreamVersion};
use annals_history::{Moment, Rules, Span, StateAt};
use annals_store::Query;
use annals_store_sqlite::SqliteEventStore;

use crate::logs::{Outcome, create, fill, history, jq, read};
use crate::timing::best;

/// The events of the large aggregate.
const LARGE: u64 = 100_000;

/// Aggregates of ordinary size, and the events of each.
const SMALL_AGGREGATES: u64 = 1_000;
const SMALL: u64 = 20;

const ROUNDS: usize = 5;

struct Bench {
    store: Arc<SqliteEventStore>,
    large: StreamName,
}

pub(crate) async fn run() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let bench = Bench { store: create(folder.path())?, large: "Large/1".parse()? };
    let small = |number: u64| format!("Small/{}", number % SMALL_AGGREGATES).parse();
    let mut events = Vec::new();
    for number in 0..SMALL_AGGREGATES * SMALL {
        events.push((small(number)?, number));
    }
    events.extend((0..LARGE).map(|number| (bench.large.clone(), number)));
    fill(&bench.store, &events).await?;
    bench.large_aggregate().await?;
    bench.small_aggregates().await?;
    bench.snapshots().await?;
    bench.store.close().await?;
    Ok(())
}

impl Bench {
    async fn large_aggregate(&self) -> Outcome<()> {
        println!("one aggregate of {LARGE} events, events per second:");
        let query = || Query::stream(self.large.clone());
        let read = best(ROUNDS, async || assert_all(read(&self.store, query()).await?)).await?;
        show("reading", read, read);
        for (name, rules) in [("merge", Rules::default()), ("jq", jq(&self.large.aggregate_type)?)] {
            let state = async || {
                let history = history(&self.store, rules.clone());
                assert_all(history.state(&self.large, Moment::Now).await?.folded)
            };
            show(&format!("state, {name}"), best(ROUNDS, state).await?, read);
            let timeline = async || {
                let (history, mut count) = (history(&self.store, rules.clone()), 0);
                let mut timeline = history.timeline(self.large.clone(), Span::ALL);
                while timeline.next().await?.is_some() {
                    count += 1;
                }
                assert_all(count)
            };
            show(&format!("timeline, {name}"), best(ROUNDS, timeline).await?, read);
            let replay = async || {
                let (history, mut count) = (history(&self.store, rules.clone()), 0);
                let mut replay = history.replay(self.large.clone(), Moment::Now);
                while replay.next().await?.is_some() {
                    count += 1;
                }
                assert_all(count)
            };
            show(&format!("replay, {name}"), best(ROUNDS, replay).await?, read);
            let blame = async || {
                let history = history(&self.store, rules.clone());
                assert_all(history.blame(&self.large, Moment::Now).await?.at.folded)
            };
            show(&format!("blame, {name}"), best(ROUNDS, blame).await?, read);
        }
        Ok(())
    }

    async fn small_aggregates(&self) -> Outcome<()> {
        println!("an aggregate of {SMALL} events, microseconds each:");
        let streams: Vec<StreamName> = (0..SMALL_AGGREGATES)
            .map(|number| format!("Small/{number}").parse())
            .collect::<Result<_, _>>()?;
        let each = |name: &str, took: Duration, of: Duration| {
            let micros = took.as_secs_f64() * 1e6 / SMALL_AGGREGATES as f64;
            println!("  {name:<20} {micros:>10.1}  {:.2} × reading", took.as_secs_f64() / of.as_secs_f64());
        };
        let read = best(ROUNDS, async || {
            for stream in &streams {
                assert_eq!(read(&self.store, Query::stream(stream.clone())).await?, SMALL);
            }
            Ok(())
        })
        .await?;
        each("reading", read, read);
        let state = best(ROUNDS, async || {
            let history = history(&self.store, Rules::default());
            for stream in &streams {
                history.state(stream, Moment::Now).await?;
            }
            Ok(())
        })
        .await?;
        each("state", state, read);
        let history = history(&self.store, Rules::default());
        let cached = best(ROUNDS, async || {
            for _ in &streams {
                history.state(&streams[0], Moment::Now).await?;
            }
            Ok(())
        })
        .await?;
        each("state, cached", cached, read);
        Ok(())
    }

    async fn snapshots(&self) -> Outcome<()> {
        println!("states of the aggregate of {LARGE} events, microseconds:");
        let history = || history(&self.store, Rules::default());
        for moment in [Moment::Now, Moment::Version(StreamVersion(LARGE / 2 + 50))] {
            let state = async || -> Outcome<StateAt> { Ok(history().state(&self.large, moment).await?) };
            let before = best(ROUNDS, async || state().await.map(drop)).await?;
            let start = Instant::now();
            let run = history().take_due_snapshots().await?;
            let took = start.elapsed();
            let after = best(ROUNDS, async || state().await.map(drop)).await?;
            println!(
                "  {moment:?}: {:.0} without, {:.0} with snapshots, {:.0} times faster ({} taken in {took:?}, {:?})",
                before.as_secs_f64() * 1e6,
                after.as_secs_f64() * 1e6,
                before.as_secs_f64() / after.as_secs_f64(),
                run.taken,
                state().await?.source,
            );
            history().drop_snapshots(None).await?;
        }
        Ok(())
    }
}

fn assert_all(count: u64) -> Outcome<()> {
    assert_eq!(count, LARGE);
    Ok(())
}

fn show(name: &str, took: Duration, read: Duration) {
    let ratio = read.as_secs_f64() / took.as_secs_f64();
    println!("  {name:<20} {:>10.0}  {ratio:.2} of reading", LARGE as f64 / took.as_secs_f64());
}
