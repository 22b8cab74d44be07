//! One record through a compiled program.

use std::fmt::{self, Write as _};

use jaq_core::{Ctx, Filter, Vars, unwrap_valr};
use jaq_json::Val;

use crate::error::ProgramError;
use crate::json_in::parse_json;
use crate::json_out::{JsonWriter, WriteFailure};
use crate::vocabulary::{Data, Kind};

/// A longer message is cut: jaq's errors quote the offending value whole.
const MESSAGE_BYTES_MAX: usize = 4 << 10;

/// The outputs of a record while they are made: their texts, one after the other, and where each ends.
#[derive(Default)]
pub(crate) struct Outputs {
    pub(crate) texts: Vec<u8>,
    pub(crate) ends: Vec<usize>,
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
    names: &'a [String],
    variables: Vec<Variable>,
    output_bytes_max: u64,
    outputs: Outputs,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(filter: &'a Filter<Kind>, names: &'a [String], output_bytes_max: u64) -> Self {
        let variable = || Variable { text: b"null".to_vec(), value: Val::Null };
        let variables = names.iter().map(|_| variable()).collect();
        Self { filter, names, variables, output_bytes_max, outputs: Outputs::default() }
    }

    /// The outputs for the record whose `.` is `input`, with one text for each variable.
    pub(crate) fn evaluate(&mut self, input: &[u8], variables: &[&[u8]]) -> Result<&Outputs, ProgramError> {
        let input_not_json =
            |name: &str, what: String| ProgramError::InputNotJson { what: format!("{name}: {what}") };
        let input = parse_json(input).map_err(|what| input_not_json("the record", what))?;
        for ((variable, text), name) in self.variables.iter_mut().zip(variables).zip(self.names) {
            if variable.text != *text {
                variable.value =
                    parse_json(text).map_err(|what| input_not_json(&format!("${name}"), what))?;
                variable.text = text.to_vec();
            }
        }
        self.run(input)?;
        Ok(&self.outputs)
    }

    fn run(&mut self, input: Val) -> Result<(), ProgramError> {
        let Outputs { texts, ends } = &mut self.outputs;
        texts.clear();
        ends.clear();
        let bytes_max = self.output_bytes_max;
        let data = Data::new(&self.filter.lut);
        let variables = Vars::new(self.variables.iter().map(|variable| variable.value.clone()));
        let ctx = Ctx::<Kind>::new(&data, variables);
        for output in self.filter.id.run((ctx, input)).map(unwrap_valr) {
            let output = output.map_err(|error| failure(error, data.raised.take()))?;
            let len_max = usize::try_from(bytes_max).unwrap_or(usize::MAX);
            JsonWriter { buffer: &mut *texts, len_max }.value(&output).map_err(|failure| match failure {
                WriteFailure::NotJson(what) => ProgramError::OutputNotJson { what: what.to_owned() },
                WriteFailure::TooLarge => ProgramError::OutputTooLarge { bytes_max },
            })?;
            ends.push(texts.len());
        }
        Ok(())
    }
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
