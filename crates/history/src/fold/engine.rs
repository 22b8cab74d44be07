use std::sync::Arc;

use annals_event::{JsonObject, RecordedEvent, StreamName};
use annals_jq::ProgramError;

use super::upcast::Upcasts;
use super::{Outcome, Outcomes};
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
        events: &[RecordedEvent],
    ) -> Result<(), HistoryError> {
        let mut upcasts = self.upcast(stream, events).await;
        if let (_, Some(error)) = upcasts.ready(events.len()) {
            return Err(error);
        }
        let mut payloads = events
            .iter()
            .enumerate()
            .filter_map(|(index, event)| Some((event, payload_of(event, index, &upcasts)?)));
        match reducer {
            Reducer::Merge => {
                for (event, payload) in payloads {
                    merge(state, payload, &mut Unrecorded)
                        .map_err(|error| unreadable(stream, event, &error))?;
                }
            }
            Reducer::Replace => {
                if let Some((event, payload)) = payloads.next_back() {
                    *state =
                        Value::parse(payload.as_str()).map_err(|error| unreadable(stream, event, &error))?;
                }
            }
            Reducer::Jq(jq) => self.fold_jq(jq, stream, state, events, &upcasts).await?,
        }
        Ok(())
    }

    /// What each event makes of the state before it.
    pub(super) async fn outcomes(
        &self,
        reducer: &Reducer,
        stream: &StreamName,
        state: &Value,
        events: Vec<RecordedEvent>,
    ) -> Outcomes {
        let mut upcasts = self.upcast(stream, &events).await;
        let (ready, mut error) = upcasts.ready(events.len());
        let outcomes: Vec<_> = match reducer {
            Reducer::Jq(jq) => {
                let ready = events.get(..ready).unwrap_or(&events);
                let (states, failed) = self.states_jq(jq, stream, state, ready, &upcasts).await;
                error = failed.or(error);
                states.into_iter().map(Outcome::State).collect()
            }
            Reducer::Merge | Reducer::Replace => {
                let mut upcast = |index| upcasts.take(index).map(|upcast| Outcome::Upcast(upcast.payload));
                (0..ready).map(|index| upcast(index).unwrap_or(Outcome::Stored)).collect()
            }
        };
        (events.into_iter().zip(outcomes).collect(), error)
    }
}

/// The payload that a reducer sees; none where it was erased.
fn payload_of<'a>(event: &'a RecordedEvent, index: usize, upcasts: &'a Upcasts) -> Option<&'a JsonObject> {
    upcasts.of(index).map(|upcast| &upcast.payload).or(event.payload.value())
}

pub(super) fn unreadable(stream: &StreamName, event: &RecordedEvent, error: &InvalidValue) -> HistoryError {
    HistoryError::Payload {
        stream: stream.clone(),
        version: event.version,
        event_id: event.event_id,
        reason: error.to_string(),
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
