//! The states of all aggregates of a type, beside reading all their events.

use annals_event::StreamName;
use annals_history::{Moment, Rules};
use annals_store::Query;

use crate::logs::{Outcome, create, fill, history, jq, read};
use crate::timing::best;

/// As many as the log of loan applications has, and about as long.
const AGGREGATES: u64 = 13_000;
const EVENTS_EACH: u64 = 20;

const ROUNDS: usize = 3;

pub(crate) async fn run() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let store = create(folder.path())?;
    let stream =
        |number: u64| -> Outcome<StreamName> { Ok(format!("Application/{}", number % AGGREGATES).parse()?) };
    let mut events = Vec::new();
    for number in 0..AGGREGATES * EVENTS_EACH {
        events.push((stream(number)?, number));
    }
    fill(&store, &events).await?;
    let aggregate_type = stream(0)?.aggregate_type;
    println!("the states of {AGGREGATES} aggregates of {EVENTS_EACH} events:");
    let read = best(ROUNDS, async || {
        assert_eq!(read(&store, Query::all()).await?, AGGREGATES * EVENTS_EACH);
        Ok(())
    })
    .await?;
    let each = |seconds: f64| seconds * 1e6 / AGGREGATES as f64;
    println!("  reading all events   {:>8.1} µs each", each(read.as_secs_f64()));
    for (name, rules) in [("merge", Rules::default()), ("jq", jq(&aggregate_type)?)] {
        let states = best(ROUNDS, async || {
            let (history, mut count) = (history(&store, rules.clone()), 0);
            let mut states = history.states(aggregate_type.clone(), Moment::Now);
            while states.next().await?.is_some() {
                count += 1;
            }
            assert_eq!(count, AGGREGATES);
            Ok(())
        })
        .await?;
        let ratio = read.as_secs_f64() / states.as_secs_f64();
        println!("  states, {name:<12} {:>8.1} µs each, {ratio:.2} of reading", each(states.as_secs_f64()));
    }
    store.close().await?;
    Ok(())
}
