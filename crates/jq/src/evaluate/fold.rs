//! Folding: one program on event after event, each time with the state that it gave before.

use jaq_core::{Ctx, Filter, Vars, unwrap_valr};
use jaq_json::{Map, Val};

use super::{Outputs, failure, input_not_json};
use crate::demand::{Demand, Stop, read_events};
use crate::error::ProgramError;
use crate::json_out::{JsonWriter, WriteFailure};
use crate::program::States;
use crate::vocabulary::{Data, Kind};

/// What folds: a compiled program, with what it demands of each event.
pub(super) struct Folder<'a> {
    pub(super) filter: &'a Filter<Kind>,
    pub(super) demand: &'a Demand,
    pub(super) states: States,
    /// The greatest length of all states' texts.
    pub(super) output_bytes_max: u64,
}

impl Folder<'_> {
    /// The states behind the events of `{"state": …, "events": […]}`: that behind each of them, or behind the last.
    pub(super) fn fold(&self, input: &[u8], outputs: &mut Outputs) -> Result<(), ProgramError> {
        outputs.clear();
        let data = Data::new(&self.filter.lut);
        let ctx = Ctx::<Kind>::new(&data, Vars::new([]));
        let names = ["state", "event"].map(|name| Val::from(name.to_owned()));
        let step = |state: Val, event: Val| {
            let members: Map = names.iter().cloned().zip([state, event]).collect();
            let mut given = self.filter.id.run((ctx.clone(), Val::obj(members))).map(unwrap_valr);
            let first = given.next().ok_or_else(|| not_one_state("nothing"))?;
            let state = first.map_err(|error| failure(error, data.raised.take()))?;
            if given.next().is_some() {
                return Err(not_one_state("several outputs"));
            }
            if !matches!(state, Val::Obj(_)) {
                return Err(not_one_state("something else"));
            }
            if self.states == States::Each {
                self.write(&state, outputs)?;
            }
            Ok(state)
        };
        let last = read_events(input, self.demand, step).map_err(|stop| match stop {
            Stop::Taken(error) => error,
            Stop::NotEvents(error) => input_not_json("the events", error.to_string()),
        })?;
        if self.states == States::Last { self.write(&last, outputs) } else { Ok(()) }
    }

    fn write(&self, state: &Val, outputs: &mut Outputs) -> Result<(), ProgramError> {
        let bytes_max = self.output_bytes_max;
        let len_max = usize::try_from(bytes_max).unwrap_or(usize::MAX);
        JsonWriter { buffer: &mut outputs.texts, len_max }.value(state).map_err(|failure| match failure {
            WriteFailure::NotJson(what) => ProgramError::OutputNotJson { what: what.to_owned() },
            WriteFailure::TooLarge => ProgramError::OutputTooLarge { bytes_max },
        })?;
        outputs.ends.push(outputs.texts.len());
        Ok(())
    }
}

/// People are not shown this: the parent tries the event alone, and says what was given.
fn not_one_state(given: &str) -> ProgramError {
    ProgramError::Failed { message: format!("it gave {given} for an event; exactly one object is a state") }
}
