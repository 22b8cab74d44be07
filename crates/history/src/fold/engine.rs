use std::sync::Arc;

use annals_event::{RecordedEvent, StreamName};
use annals_jq::ProgramError;

use super::ready::ReadyEvent;
use crate::error::{HistoryError, ProgramFailure};
use crate::jq::Workers;
use crate::merge::{Unrecorded, merge};
use crate::rules::{Reducer, Rules};
use crate::value::{InvalidValue, Value};

/// What folds: the rules, and the processes that run jq programs.
pub(crate) struct Engine {
    pub(crate) rules: Rules,
    pub(crate) workers: Arc<Workers>,
}

impl Engine {
    /// Folds events into a state. After an error the state is of no use any more.
    pub(super) async fn fold(
        &self,
        reducer: &Reducer,
        stream: &StreamName,
        state: &mut Value,
        events: &[ReadyEvent],
    ) -> Result<(), HistoryError> {
        match reducer {
            Reducer::Jq(jq) => self.fold_jq(jq, stream, state, events).await,
            Reducer::Merge | Reducer::Replace => fold_payloads(reducer, stream, state, events),
        }
    }
}

/// Folds events into a state without a program.
pub(super) fn fold_payloads(
    reducer: &Reducer,
    stream: &StreamName,
    state: &mut Value,
    events: &[ReadyEvent],
) -> Result<(), HistoryError> {
    let mut payloads = events.iter().filter_map(|ready| Some((&ready.event, ready.payload()?)));
    if let Reducer::Merge = reducer {
        for (event, payload) in payloads {
            merge(state, payload, &mut Unrecorded).map_err(|error| unreadable(stream, event, &error))?;
        }
    } else if let Some((event, payload)) = payloads.next_back() {
        *state = Value::parse(payload.as_str()).map_err(|error| unreadable(stream, event, &error))?;
    }
    Ok(())
}

fn unreadable(stream: &StreamName, event: &RecordedEvent, error: &InvalidValue) -> HistoryError {
    HistoryError::Payload {
        stream: stream.clone(),
        version: event.version,
        event_id: event.event_id,
        reason: error.to_string(),
    }
}

/// What a reducer made of an event, or got of it, is no value: the state of a program, or a payload.
pub(super) fn unusable(
    reducer: &Reducer,
    stream: &StreamName,
    event: &RecordedEvent,
    error: &InvalidValue,
) -> HistoryError {
    match reducer {
        Reducer::Jq(jq) => {
            let failure = failure_on(jq.program().name(), None, stream, event, error.to_string());
            HistoryError::Reducer { failure: Box::new(failure) }
        }
        Reducer::Merge | Reducer::Replace => unreadable(stream, event, error),
    }
}

/// The failure of a program on an event.
pub(super) fn failure_on(
    program: &str,
    line: Option<usize>,
    stream: &StreamName,
    event: &RecordedEvent,
    reason: String,
) -> ProgramFailure {
    ProgramFailure {
        program: program.to_owned(),
        line,
        stream: stream.clone(),
        version: event.version,
        event_id: event.event_id,
        event_type: event.event_type.clone(),
        reason,
    }
}

/// The one object that a program must give for an event, as text.
pub(super) fn one_object(outputs: &[String]) -> Result<&str, String> {
    match outputs {
        [object] if object.starts_with('{') => Ok(object),
        [other] => Err(format!("it gave {}, which is not an object", excerpt(other))),
        [] => Err("it gave nothing; exactly one object is expected".to_owned()),
        several => Err(format!("it gave {} outputs; exactly one object is expected", several.len())),
    }
}

/// What a person is told of a program's failure.
pub(super) fn reason_of(error: &ProgramError) -> String {
    match error {
        ProgramError::Raised { message } => format!("it refused the event: {message}"),
        ProgramError::Failed { message } => message.clone(),
        other => other.to_string(),
    }
}

/// The beginning of a text that may be long.
fn excerpt(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
