use annals_event::{JsonObject, RecordedEvent};

use super::ready::Given;
use crate::change::{Change, changes};
use crate::merge::{Recorded, merge};
use crate::rules::Reducer;
use crate::value::{InvalidValue, Value};

/// What an event makes of the state before it.
pub(crate) enum Outcome {
    /// Its payload says it.
    Stored,
    /// Its payload as upcasters made it says it.
    Upcast(JsonObject),
    /// A program has computed the state behind it, an object, as JSON.
    State(String),
}

impl Outcome {
    /// What follows from what a reducer that is no program gets.
    pub(super) fn of(given: Given) -> Self {
        match given {
            Given::Stored | Given::Text(_) => Self::Stored,
            Given::Upcast(payload) => Self::Upcast(payload),
        }
    }

    /// Changes the state; what it changed.
    pub(crate) fn apply(
        self,
        reducer: &Reducer,
        event: &RecordedEvent,
        state: &mut Value,
    ) -> Result<Vec<Change>, InvalidValue> {
        match self {
            Self::State(new) => Ok(replace(state, Value::parse(&new)?)),
            Self::Upcast(payload) => fold(reducer, &payload, state),
            Self::Stored => match event.payload.value() {
                Some(payload) => fold(reducer, payload, state),
                // What an erased payload said is not known any more.
                None => Ok(Vec::new()),
            },
        }
    }
}

/// Folds a payload into a state without a program.
fn fold(reducer: &Reducer, payload: &JsonObject, state: &mut Value) -> Result<Vec<Change>, InvalidValue> {
    if let Reducer::Merge = reducer {
        let mut recorded = Recorded::default();
        merge(state, payload, &mut recorded)?;
        return Ok(recorded.changes);
    }
    Ok(replace(state, Value::parse(payload.as_str())?))
}

fn replace(state: &mut Value, new: Value) -> Vec<Change> {
    let changes = changes(state, &new);
    *state = new;
    changes
}
