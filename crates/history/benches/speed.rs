//! How fast states are, beside reading their events: `cargo bench -p annals-history`.
//!
//! Everything is measured in one run on the same log, and the best of several rounds counts.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use annals_event::{EventType, JsonObject, NewEvent, StreamName, StreamVersion, Timestamp};
use annals_history::{History, JqOptions, JqReducer, Moment, Reducer, Rules, Span, StateAt};
use annals_jq::WorkerCommand;
use annals_store::{Append, EventReader, EventStore, Query, ReadOptions};
use annals_store_sqlite::{SqliteEventStore, SqliteOptions};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The events of the large aggregate.
const LARGE: u64 = 100_000;

/// Aggregates of ordinary size, and the events of each.
const SMALL_AGGREGATES: u64 = 1_000;
const SMALL: u64 = 20;

const ROUNDS: usize = 5;

/// A reducer as people write them.
const PROGRAM: &str = ".event.payload as $p | .state
    | .total = $p.total | .customer = $p.customer.name | .events += 1 | .items = ($p.items | length)";

struct Bench {
    store: Arc<SqliteEventStore>,
    large: StreamName,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let store = SqliteEventStore::create_or_open(&folder.path().join("annals.db"), SqliteOptions::default())?;
    let bench = Bench { store: Arc::new(store), large: "Large/1".parse()? };
    bench.fill().await?;
    bench.large_aggregate().await?;
    bench.small_aggregates().await?;
    bench.snapshots().await?;
    bench.store.close().await?;
    Ok(())
}

impl Bench {
    async fn fill(&self) -> Outcome<()> {
        let small = (0..SMALL_AGGREGATES * SMALL)
            .map(|number| (format!("Small/{}", number % SMALL_AGGREGATES), number));
        let large = (0..LARGE).map(|number| (self.large.to_string(), number));
        let events: Vec<_> = small.chain(large).collect();
        for chunk in events.chunks(10_000) {
            let events =
                chunk.iter().map(|(stream, number)| event(stream, *number)).collect::<Outcome<_>>()?;
            self.store.append(Append { events, ..Append::default() }).await?;
        }
        // The index is done with what was appended.
        tokio::time::sleep(Duration::from_secs(2)).await;
        Ok(())
    }

    /// A history that knows no answer yet, and keeps no snapshot.
    fn history(&self, rules: Rules) -> History {
        let command = WorkerCommand::new(env!("CARGO_BIN_EXE_annals-history-jq-worker"), [""; 0]);
        History::new(self.store.clone(), rules, JqOptions::new(command))
    }

    fn jq(&self) -> Outcome<Rules> {
        let reducer = Reducer::Jq(JqReducer::compile("bench.jq", PROGRAM)?);
        Ok(Rules::default().with_reducer(self.large.aggregate_type.clone(), reducer))
    }

    async fn read(&self, stream: &StreamName) -> Outcome<u64> {
        let query = Query::stream(stream.clone());
        let mut reader = EventReader::new(&*self.store, query, ReadOptions::default());
        let mut count = 0;
        while let Some(events) = reader.next_page().await? {
            count += events.len() as u64;
        }
        Ok(count)
    }

    async fn large_aggregate(&self) -> Outcome<()> {
        println!("one aggregate of {LARGE} events, events per second:");
        let read = best(async || assert_all(self.read(&self.large).await?)).await?;
        show("reading", read, read);
        let merge = Rules::default();
        let jq = self.jq()?;
        for (name, rules) in [("merge", &merge), ("jq", &jq)] {
            let state = async || {
                assert_all(self.history(rules.clone()).state(&self.large, Moment::Now).await?.folded)
            };
            show(&format!("state, {name}"), best(state).await?, read);
            let timeline = async || {
                let (history, mut count) = (self.history(rules.clone()), 0);
                let mut timeline = history.timeline(self.large.clone(), Span::ALL);
                while timeline.next().await?.is_some() {
                    count += 1;
                }
                assert_all(count)
            };
            show(&format!("timeline, {name}"), best(timeline).await?, read);
            let replay = async || {
                let (history, mut count) = (self.history(rules.clone()), 0);
                let mut replay = history.replay(self.large.clone(), Moment::Now);
                while replay.next().await?.is_some() {
                    count += 1;
                }
                assert_all(count)
            };
            show(&format!("replay, {name}"), best(replay).await?, read);
            let blame = async || {
                assert_all(self.history(rules.clone()).blame(&self.large, Moment::Now).await?.at.folded)
            };
            show(&format!("blame, {name}"), best(blame).await?, read);
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
        let read = best(async || {
            for stream in &streams {
                assert_eq!(self.read(stream).await?, SMALL);
            }
            Ok(())
        })
        .await?;
        each("reading", read, read);
        let state = best(async || {
            let history = self.history(Rules::default());
            for stream in &streams {
                history.state(stream, Moment::Now).await?;
            }
            Ok(())
        })
        .await?;
        each("state", state, read);
        let history = self.history(Rules::default());
        let cached = best(async || {
            for stream in streams.iter().cycle().take(streams.len()).map(|_| &streams[0]) {
                history.state(stream, Moment::Now).await?;
            }
            Ok(())
        })
        .await?;
        each("state, cached", cached, read);
        Ok(())
    }

    async fn snapshots(&self) -> Outcome<()> {
        println!("states of the aggregate of {LARGE} events, microseconds:");
        let middle = Moment::Version(StreamVersion(LARGE / 2 + 50));
        for moment in [Moment::Now, middle] {
            let state = || async {
                Ok::<StateAt, Box<dyn Error>>(
                    self.history(Rules::default()).state(&self.large, moment).await?,
                )
            };
            let before = best(async || state().await.map(drop)).await?;
            let start = Instant::now();
            let run = self.history(Rules::default()).take_due_snapshots().await?;
            let took = start.elapsed();
            let after = best(async || state().await.map(drop)).await?;
            println!(
                "  {moment:?}: {:.0} without, {:.0} with snapshots, {:.0} times faster ({} taken in {took:?}, {:?})",
                before.as_secs_f64() * 1e6,
                after.as_secs_f64() * 1e6,
                before.as_secs_f64() / after.as_secs_f64(),
                run.taken,
                state().await?.source,
            );
            self.history(Rules::default()).drop_snapshots(None).await?;
        }
        Ok(())
    }
}

fn event(stream: &str, number: u64) -> Outcome<NewEvent> {
    let (sku, total) = (number * 7_919 % 99_991, number * 104_729 % 999_983);
    let payload = format!(
        r#"{{"orderId":"{stream}","invoice":"R-{number:08}","customer":{{"id":{},"name":"Customer {}","city":"Rotterdam"}},"items":[{{"sku":"SKU-{sku:05}","quantity":2,"price":{}.50}},{{"sku":"SKU-{:05}","quantity":1,"price":{}.25}}],"total":{total}.99,"currency":"EUR","delivery":{{"method":"parcel","address":"Weena 505, 3013 AL Rotterdam","note":"Please ring twice, or leave it with the neighbours below"}}}}"#,
        number % 97,
        number % 97,
        sku / 10,
        sku / 2,
        sku / 3,
    );
    let metadata = format!(
        r#"{{"correlationId":"0192f0c1-7b3e-7c4a-9d52-{number:012}","causationId":"0192f0c1-7b3e-7c4a-9d52-{number:012}","userId":"user_789","source":"orders"}}"#
    );
    let event = NewEvent::new(stream.parse()?, EventType::new("OrderChanged")?, JsonObject::new(payload)?);
    let timestamp = Some(Timestamp::from_micros(1_767_225_600_000_000 + i64::try_from(number)? * 20_000)?);
    Ok(NewEvent { metadata: JsonObject::new(metadata)?, timestamp, ..event })
}

fn assert_all(count: u64) -> Outcome<()> {
    assert_eq!(count, LARGE);
    Ok(())
}

/// The shortest time that the work took.
async fn best(work: impl AsyncFn() -> Outcome<()>) -> Outcome<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        work().await?;
        best = best.min(start.elapsed());
    }
    Ok(best)
}

fn show(name: &str, took: Duration, read: Duration) {
    let ratio = read.as_secs_f64() / took.as_secs_f64();
    println!("  {name:<20} {:>10.0}  {ratio:.2} of reading", LARGE as f64 / took.as_secs_f64());
}
