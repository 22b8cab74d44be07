//! One record through a compiled program.

mod fold;

use std::fmt::{self, Write as _};

use jaq_core::{Ctx, Filter, Vars, unwrap_valr};
use jaq_json::Val;

use crate::demand::Demand;
use crate::error::ProgramError;
use crate::json_in::parse_json;
use crate::json_out::{JsonWriter, WriteFailure};
use crate::picks::Pick;
use crate::program::{Program, States};
use crate::vocabulary::{Data, Kind};
use fold::Folder;

/// A longer message is cut: jaq's errors quote the offending value whole.
const MESSAGE_BYTES_MAX: usize = 4 << 10;

/// The outputs of a record while they are made: their texts, one after the other, and where each ends.
#[derive(Default)]
pub(crate) struct Outputs {
    pub(crate) texts: Vec<u8>,
    pub(crate) ends: Vec<usize>,
}

impl Outputs {
    fn clear(&mut self) {
        self.texts.clear();
        self.ends.clear();
    }
}

/// A variable's last value. Most variables keep theirs over many records.
#[derive(Default)]
struct Variable {
    text: Vec<u8>,
    value: Val,
}

/// Runs one compiled program on record after record.
pub(crate) struct Evaluator<'a> {
    filter: &'a Filter<Kind>,
    /// What the program picks, where it does nothing else.
    pick: Option<Pick>,
    /// What it demands of each event, and which states it gives, where it folds.
    fold: Option<(Demand, States)>,
    names: &'a [String],
    variables: Vec<Variable>,
    output_bytes_max: u64,
    outputs: Outputs,
}

impl<'a> Evaluator<'a> {
    /// An evaluator of `program`, of which `filter` was compiled.
    pub(crate) fn new(filter: &'a Filter<Kind>, program: &'a Program, output_bytes_max: u64) -> Self {
        let names = program.variables();
        let variable = || Variable { text: b"null".to_vec(), value: Val::Null };
        let variables = names.iter().map(|_| variable()).collect();
        let (pick, outputs) = (Pick::of(program), Outputs::default());
        let fold = program.states().map(|states| (Demand::of(program), states));
        Self { filter, pick, fold, names, variables, output_bytes_max, outputs }
    }

    /// Whether picking is tried, to hold it against the interpreter.
    #[cfg(test)]
    pub(crate) fn picks(&mut self, picks: bool) {
        self.pick.take_if(|_| !picks);
    }

    /// The outputs for the record whose `.` is `input`, with one text for each variable.
    pub(crate) fn evaluate(&mut self, input: &[u8], variables: &[&[u8]]) -> Result<&Outputs, ProgramError> {
        if let Some((demand, states)) = &self.fold {
            let (filter, states, output_bytes_max) = (self.filter, *states, self.output_bytes_max);
            Folder { filter, demand, states, output_bytes_max }.fold(input, &mut self.outputs)?;
        } else if self.pick(input, variables).is_none() {
            self.interpret(input, variables)?;
        }
        Ok(&self.outputs)
    }

    /// The outputs without the interpreter; `None` where only it can tell them.
    fn pick(&mut self, input: &[u8], variables: &[&[u8]]) -> Option<()> {
        let needs_variables = self.pick.as_ref()?.has_variables();
        if needs_variables {
            self.set_variables(variables).ok()?;
        }
        self.outputs.clear();
        let len_max = self.len_max();
        let Outputs { texts, ends } = &mut self.outputs;
        let variable = |index: usize| self.variables.get(index).map(|variable| &variable.value);
        self.pick.as_ref()?.write(input, variable, &mut JsonWriter { buffer: texts, len_max })?;
        ends.push(texts.len());
        Some(())
    }

    /// The outputs that the interpreter gives.
    fn interpret(&mut self, input: &[u8], variables: &[&[u8]]) -> Result<(), ProgramError> {
        let input = parse_json(input).map_err(|what| input_not_json("the record", what))?;
        self.set_variables(variables)?;
        self.run(input)
    }

    fn set_variables(&mut self, variables: &[&[u8]]) -> Result<(), ProgramError> {
        for ((variable, text), name) in self.variables.iter_mut().zip(variables).zip(self.names) {
            if variable.text != *text {
                variable.value =
                    parse_json(text).map_err(|what| input_not_json(&format!("${name}"), what))?;
                variable.text.clear();
                variable.text.extend_from_slice(text);
            }
        }
        Ok(())
    }

    /// The greatest length of all outputs' texts.
    fn len_max(&self) -> usize {
        usize::try_from(self.output_bytes_max).unwrap_or(usize::MAX)
    }

    fn run(&mut self, input: Val) -> Result<(), ProgramError> {
        self.outputs.clear();
        let (bytes_max, len_max) = (self.output_bytes_max, self.len_max());
        let Outputs { texts, ends } = &mut self.outputs;
        let data = Data::new(&self.filter.lut);
        let variables = Vars::new(self.variables.iter().map(|variable| variable.value.clone()));
        let ctx = Ctx::<Kind>::new(&data, variables);
        for output in self.filter.id.run((ctx, input)).map(unwrap_valr) {
            let output = output.map_err(|error| failure(error, data.raised.take()))?;
            JsonWriter { buffer: &mut *texts, len_max }.value(&output).map_err(|failure| match failure {
                WriteFailure::NotJson(what) => ProgramError::OutputNotJson { what: what.to_owned() },
                WriteFailure::TooLarge => ProgramError::OutputTooLarge { bytes_max },
            })?;
            ends.push(texts.len());
        }
        Ok(())
    }
}

fn input_not_json(name: &str, what: String) -> ProgramError {
    ProgramError::InputNotJson { what: format!("{name}: {what}") }
}

/// An error whose value is the one that `error` raised last is the program's own.
fn failure(error: jaq_json::Error, raised: Option<Val>) -> ProgramError {
    let mut message = ShortText::default();
    let value = error.into_val();
    let is_raised = raised.is_some_and(|raised| raised == value);
    // The only failure of writing is that the message is full.
    let _ = match &value {
        Val::TStr(text) => message.write_str(&String::from_utf8_lossy(text)),
        other => write!(message, "{other}"),
    };
    let message = message.text;
    if is_raised { ProgramError::Raised { message } } else { ProgramError::Failed { message } }
}

/// Takes text up to [`MESSAGE_BYTES_MAX`], and then fails, so that a huge value is not formatted to its end.
#[derive(Default)]
struct ShortText {
    text: String,
}

impl fmt::Write for ShortText {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let room = MESSAGE_BYTES_MAX.saturating_sub(self.text.len());
        if part.len() <= room {
            self.text.push_str(part);
            return Ok(());
        }
        self.text.push_str(part.get(..part.floor_char_boundary(room)).unwrap_or_default());
        self.text.push('…');
        Err(fmt::Error)
    }
}
