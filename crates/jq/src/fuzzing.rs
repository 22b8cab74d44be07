//! What reads foreign text in a worker process, in this very process, for the fuzz targets; it is no interface.

use jaq_core::Filter;

use crate::compile::compile;
use crate::compile_error::CompileError;
use crate::error::RecordResult;
use crate::evaluate::Evaluator;
use crate::limits::Limits;
use crate::message::{Reply, Setup, decode_batch};
use crate::program::Program;
use crate::vocabulary::Kind;

/// A program that runs without a worker, so without its limits.
pub struct InProcess {
    program: Program,
    filter: Filter<Kind>,
    output_bytes_max: u64,
}

impl InProcess {
    /// Compiles a program that has no variables.
    ///
    /// # Errors
    /// [`CompileError`] as [`Program::compile`].
    pub fn new(program: &Program) -> Result<Self, CompileError> {
        Ok(Self {
            program: program.clone(),
            filter: compile(program)?,
            output_bytes_max: Limits::default().output_bytes_max,
        })
    }

    /// The outputs for one record.
    ///
    /// # Errors
    /// [`ProgramError`](crate::ProgramError) as a worker would answer.
    pub fn run(&mut self, record: &[u8]) -> RecordResult {
        let mut evaluator = Evaluator::new(&self.filter, &self.program, self.output_bytes_max);
        let outputs = evaluator.evaluate(record, &[])?;
        let mut start = 0;
        let texts = outputs.ends.iter().map(|end| {
            let text = outputs.texts.get(start..*end).unwrap_or_default();
            start = *end;
            String::from_utf8_lossy(text).into_owned()
        });
        Ok(texts.collect())
    }
}

/// Decodes bytes as each message that parent and worker send each other.
pub fn decode_message(bytes: &[u8]) {
    let _ = Setup::decode(bytes).map(|setup| Setup::decode(setup.encode().get(8..).unwrap_or_default()));
    let _ = decode_batch(bytes).and_then(|(_, _, mut records)| {
        records.text()?;
        records.end()
    });
    let _ = Reply::decode(bytes, &Limits::default());
}
