//! Folding with a reducer in jq: many events go to its process at a time.

use annals_event::StreamName;
use annals_jq::{Batch, Program, Stage};

use super::engine::{Engine, failure_on, one_object, reason_of};
use super::ready::ReadyEvent;
use crate::error::HistoryError;
use crate::jq::JqReducer;
use crate::value::Value;

/// So many events, or bytes of them, go to a reducer together.
const CHUNK_EVENTS_MAX: usize = 512;
const CHUNK_BYTES_MAX: usize = 1 << 20;

/// The states between the events of a chunk may take about so many bytes together.
const STATES_BYTES_MAX: usize = 4 << 20;

/// The states behind events, as JSON, and why there is none behind the next one.
pub(super) type StatesBehind = (Vec<String>, Option<HistoryError>);

/// A state that a program made.
struct Made {
    state: Value,
    text: String,
}

impl Made {
    fn read(text: &str) -> Result<Self, String> {
        let state = Value::parse(text).map_err(|error| error.to_string())?;
        Ok(Self { state, text: text.to_owned() })
    }
}

impl Engine {
    /// Folds events into a state. After an error the state is of no use any more.
    pub(super) async fn fold_jq(
        &self,
        jq: &JqReducer,
        stream: &StreamName,
        state: &mut Value,
        mut events: &[ReadyEvent],
    ) -> Result<(), HistoryError> {
        let mut text = state.to_string();
        while !events.is_empty() {
            let (chunk, rest) = events.split_at(chunk_len(events, CHUNK_EVENTS_MAX));
            let outputs = self.run_one(jq.last(), &folding_input(&text, chunk), &[]).await?;
            let made = match outputs.as_deref() {
                Ok([last]) => Made::read(last).ok(),
                _ => None,
            };
            let made = match made {
                Some(made) => Some(made),
                None => {
                    let (mut singly, error) = self.one_by_one(jq, stream, &text, chunk).await;
                    if let Some(error) = error {
                        return Err(error);
                    }
                    singly.pop()
                }
            };
            if let Some(made) = made {
                (*state, text) = (made.state, made.text);
            }
            events = rest;
        }
        Ok(())
    }

    /// The states behind the next events of those given, at least one: as many as are worked out at a time.
    pub(super) async fn next_states(
        &self,
        jq: &JqReducer,
        stream: &StreamName,
        state: &str,
        events: &[ReadyEvent],
    ) -> StatesBehind {
        let foreseen = STATES_BYTES_MAX / state.len().max(1);
        let (chunk, _) = events.split_at(chunk_len(events, foreseen.clamp(1, CHUNK_EVENTS_MAX)));
        match self.run_one(jq.each(), &folding_input(state, chunk), &[]).await {
            Ok(Ok(states)) if states.len() == chunk.len() => (states, None),
            Ok(_) => {
                let (singly, error) = self.one_by_one(jq, stream, state, chunk).await;
                (singly.into_iter().map(|made| made.text).collect(), error)
            }
            Err(error) => (Vec::new(), Some(error)),
        }
    }

    /// Folds events one after the other, to find the one on which the reducer fails, or because it needs much for
    /// each.
    async fn one_by_one(
        &self,
        jq: &JqReducer,
        stream: &StreamName,
        state: &str,
        events: &[ReadyEvent],
    ) -> (Vec<Made>, Option<HistoryError>) {
        let program = jq.program();
        let mut states: Vec<Made> = Vec::with_capacity(events.len());
        for ready in events {
            let (before, event) = (states.last().map_or(state, |made| &made.text), ready.text());
            let input = format!(r#"{{"state":{before},"event":{event}}}"#);
            let outputs = match self.run_one(program, &input, &[]).await {
                Ok(outputs) => outputs,
                Err(error) => return (states, Some(error)),
            };
            match outputs.and_then(|outputs| Made::read(one_object(&outputs)?)) {
                Ok(made) => states.push(made),
                Err(reason) => {
                    let line = self.failing_line(program, &input, &[]).await;
                    let failure = failure_on(program.name(), line, stream, &ready.event, reason);
                    return (states, Some(HistoryError::Reducer { failure: Box::new(failure) }));
                }
            }
        }
        (states, None)
    }

    /// The line of a program on which the stage begins that fails on an input; `None` where that cannot be told, or
    /// nothing fails but what the program gives is of no use.
    pub(super) async fn failing_line(
        &self,
        program: &Program,
        input: &str,
        variables: &[&str],
    ) -> Option<usize> {
        let stages = program.stages();
        let fails = async |stage: &Stage| {
            self.run_one(&stage.until, input, variables).await.is_ok_and(|outputs| outputs.is_err())
        };
        if !fails(stages.last()?).await {
            return None;
        }
        // The first that fails is among those from `low` to `high`, and `high` fails.
        let (mut low, mut high) = (0, stages.len() - 1);
        while low < high {
            let middle = usize::midpoint(low, high);
            if fails(stages.get(middle)?).await {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        stages.get(high).map(|stage| stage.line)
    }

    /// The outputs of a program for one input, or what a person is told of its failure.
    async fn run_one(
        &self,
        program: &Program,
        input: &str,
        variables: &[&str],
    ) -> Result<Result<Vec<String>, String>, HistoryError> {
        let failed = |source| HistoryError::Worker { program: program.name().to_owned(), source };
        let mut batch = Batch::new(program);
        batch.push(input, variables).map_err(failed)?;
        let mut results = self.workers.run(program, batch).await?;
        let missing = || Err("the worker gave no result".to_owned());
        Ok(results.pop().map_or_else(missing, |result| result.map_err(|error| reason_of(&error))))
    }
}

/// How many of the next events go to a reducer together; at least one where there are any.
fn chunk_len(events: &[ReadyEvent], events_max: usize) -> usize {
    let mut bytes = 0_usize;
    let fitting = events.iter().take(events_max).take_while(|event| {
        bytes = bytes.saturating_add(event.text().len());
        bytes <= CHUNK_BYTES_MAX
    });
    fitting.count().max(1).min(events.len())
}

/// What a program gets that folds: a state, and the events behind it.
pub(super) fn folding_input(state: &str, events: &[ReadyEvent]) -> String {
    let bytes: usize = events.iter().map(|event| event.text().len() + 1).sum();
    let mut input = String::with_capacity(bytes + state.len() + 32);
    input.push_str(r#"{"state":"#);
    input.push_str(state);
    input.push_str(r#","events":["#);
    for (index, event) in events.iter().enumerate() {
        input.push_str(if index == 0 { "" } else { "," });
        input.push_str(event.text());
    }
    input.push_str("]}");
    input
}
