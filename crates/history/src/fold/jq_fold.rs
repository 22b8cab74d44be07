//! Folding with a reducer in jq: many events go to its process at a time.

use annals_event::{Committed, JsonForm, RecordedEvent, StreamName};
use annals_jq::{Batch, Program, Stage};

use super::engine::{Engine, failure_on, one_object, reason_of};
use super::upcast::Upcasts;
use crate::error::HistoryError;
use crate::jq::JqReducer;
use crate::value::Value;

/// So many events, or bytes of them, go to a reducer together.
const CHUNK_EVENTS_MAX: usize = 512;
const CHUNK_BYTES_MAX: usize = 1 << 20;

/// The states between the events of a chunk may take about so many bytes together.
const STATES_BYTES_MAX: usize = 4 << 20;

impl Engine {
    /// Folds events into a state. After an error the state is of no use any more.
    pub(super) async fn fold_jq(
        &self,
        jq: &JqReducer,
        stream: &StreamName,
        state: &mut Value,
        events: &[RecordedEvent],
        upcasts: &Upcasts,
    ) -> Result<(), HistoryError> {
        let texts = texts_of(events, upcasts);
        let mut done = 0;
        while let (Some(events), Some(texts)) = (events.get(done..), texts.get(done..)) {
            let chunk = chunk_len(texts, CHUNK_EVENTS_MAX);
            let (Some(events), Some(texts)) = (events.get(..chunk), texts.get(..chunk)) else { break };
            if texts.is_empty() {
                break;
            }
            let folded = self.run_chunk(jq.last(), state, texts).await?;
            if let Some([folded]) = folded.as_deref() {
                *state = folded.clone();
            } else {
                let (mut states, error) = self.one_by_one(jq, stream, state, events, texts).await;
                if let Some(error) = error {
                    return Err(error);
                }
                if let Some(last) = states.pop() {
                    *state = last;
                }
            }
            done += chunk;
        }
        Ok(())
    }

    /// The state behind each event, until one fails, and why that one does.
    pub(super) async fn states_jq(
        &self,
        jq: &JqReducer,
        stream: &StreamName,
        state: &Value,
        events: &[RecordedEvent],
        upcasts: &Upcasts,
    ) -> (Vec<Value>, Option<HistoryError>) {
        let texts = texts_of(events, upcasts);
        let mut states: Vec<Value> = Vec::with_capacity(events.len());
        while let (Some(events), Some(texts)) = (events.get(states.len()..), texts.get(states.len()..)) {
            let before = states.last().unwrap_or(state);
            let foreseen = STATES_BYTES_MAX / before.to_string().len().max(1);
            let chunk = chunk_len(texts, foreseen.clamp(1, CHUNK_EVENTS_MAX));
            let (Some(events), Some(texts)) = (events.get(..chunk), texts.get(..chunk)) else { break };
            if texts.is_empty() {
                break;
            }
            match self.run_chunk(jq.each(), before, texts).await {
                Ok(Some(chunk)) if chunk.len() == texts.len() => states.extend(chunk),
                Ok(_) => {
                    let (singly, error) = self.one_by_one(jq, stream, before, events, texts).await;
                    states.extend(singly);
                    if error.is_some() {
                        return (states, error);
                    }
                }
                Err(error) => return (states, Some(error)),
            }
        }
        (states, None)
    }

    /// The outputs of a program for a state and events; `None` when it fails on one of them.
    async fn run_chunk(
        &self,
        program: &Program,
        state: &Value,
        events: &[String],
    ) -> Result<Option<Vec<Value>>, HistoryError> {
        let mut input = String::with_capacity(events.iter().map(String::len).sum::<usize>() + 1_024);
        input.push_str(r#"{"state":"#);
        state.write_json(&mut input);
        input.push_str(r#","events":["#);
        for (index, event) in events.iter().enumerate() {
            input.push_str(if index == 0 { "" } else { "," });
            input.push_str(event);
        }
        input.push_str("]}");
        let outputs = self.run_one(program, &input, &[]).await?;
        let values = |outputs: Vec<String>| outputs.iter().map(|output| Value::parse(output).ok()).collect();
        Ok(outputs.ok().and_then(values))
    }

    /// Folds events one after the other, to find the one on which the reducer fails, or because it needs much for
    /// each.
    async fn one_by_one(
        &self,
        jq: &JqReducer,
        stream: &StreamName,
        state: &Value,
        events: &[RecordedEvent],
        texts: &[String],
    ) -> (Vec<Value>, Option<HistoryError>) {
        let program = jq.program();
        let mut states: Vec<Value> = Vec::with_capacity(events.len());
        for (event, text) in events.iter().zip(texts) {
            let before = states.last().unwrap_or(state);
            let input = format!(r#"{{"state":{before},"event":{text}}}"#);
            let outputs = match self.run_one(program, &input, &[]).await {
                Ok(outputs) => outputs,
                Err(error) => return (states, Some(error)),
            };
            let state = outputs
                .and_then(|outputs| Value::parse(one_object(&outputs)?).map_err(|error| error.to_string()));
            match state {
                Ok(state) => states.push(state),
                Err(reason) => {
                    let line = self.failing_line(program, &input, &[]).await;
                    let failure = Box::new(failure_on(program.name(), line, stream, event, reason));
                    return (states, Some(HistoryError::Reducer { failure }));
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

/// How many of the next events go to a reducer together.
fn chunk_len(texts: &[String], events_max: usize) -> usize {
    let mut bytes = 0_usize;
    let fitting = texts.iter().take(events_max).take_while(|text| {
        bytes = bytes.saturating_add(text.len());
        bytes <= CHUNK_BYTES_MAX
    });
    fitting.count().max(1).min(texts.len())
}

/// The events as a reducer sees them: behind their upcasters.
fn texts_of(events: &[RecordedEvent], upcasts: &Upcasts) -> Vec<String> {
    let text_of = |(index, event): (usize, &RecordedEvent)| match upcasts.of(index) {
        None => event.to_json(JsonForm::Embedded),
        Some(upcast) => {
            let payload = Committed::Value(upcast.payload.clone());
            let schema_version = upcast.schema_version;
            RecordedEvent { payload, schema_version, ..event.clone() }.to_json(JsonForm::Embedded)
        }
    };
    events.iter().enumerate().map(text_of).collect()
}
