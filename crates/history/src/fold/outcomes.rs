//! What events make of a state, worked out ahead of whoever looks at it.

use std::sync::Arc;

use annals_event::{RecordedEvent, StreamName};

use super::engine::Engine;
use super::outcome::Outcome;
use super::ready::ReadyEvent;
use crate::ahead::Ahead;
use crate::error::HistoryError;
use crate::rules::Reducer;
use crate::value::Value;

/// Some events in the order of their versions, each with what it makes of the state before it.
pub(crate) type Outcomes = Vec<(RecordedEvent, Outcome)>;

impl Engine {
    /// What events make of the state before them. While some are looked at, a program works on the next, and those
    /// behind them are made ready.
    pub(super) fn outcomes(
        self: &Arc<Self>,
        stream: StreamName,
        state: &Value,
        mut ready: Ahead<Vec<ReadyEvent>>,
    ) -> Ahead<Outcomes> {
        let (engine, reducer) = (Arc::clone(self), self.rules.reducer(&stream.aggregate_type).clone());
        let mut state = if let Reducer::Jq(_) = reducer { state.to_string() } else { String::new() };
        Ahead::spawn(|taker| async move {
            while let Some(mut rest) = ready.next().await? {
                while !rest.is_empty() {
                    let (outcomes, failure);
                    (outcomes, rest, failure) =
                        engine.next_outcomes(&reducer, &stream, &mut state, rest).await;
                    if taker.give(outcomes).await.is_err() {
                        return Ok(());
                    }
                    failure.map_or(Ok(()), Err)?;
                }
            }
            Ok(())
        })
    }

    /// What the next of some events make of a state, which is the one behind them then; the events behind those; why
    /// the first of these makes nothing.
    async fn next_outcomes(
        &self,
        reducer: &Reducer,
        stream: &StreamName,
        state: &mut String,
        mut events: Vec<ReadyEvent>,
    ) -> (Outcomes, Vec<ReadyEvent>, Option<HistoryError>) {
        let Reducer::Jq(jq) = reducer else {
            let outcomes = events.into_iter().map(|ready| (ready.event, Outcome::of(ready.given)));
            return (outcomes.collect(), Vec::new(), None);
        };
        let (states, failure) = self.next_states(jq, stream, state, &events).await;
        if let Some(last) = states.last() {
            state.clone_from(last);
        }
        let rest = events.split_off(states.len());
        let states = states.into_iter().map(Outcome::State);
        (events.into_iter().map(|ready| ready.event).zip(states).collect(), rest, failure)
    }
}
