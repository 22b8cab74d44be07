//! Records on their way to a worker.

use crate::error::WorkerError;
use crate::frame::put_text;
use crate::program::Program;

/// Records for one program, in order, already in the form in which they go through the pipe.
///
/// 256 to 512 small records make a good batch: fewer pay for waking the worker, more keep its results waiting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    variables_count: usize,
    encoded: Vec<u8>,
    /// Where each record begins in `encoded`.
    starts: Vec<usize>,
}

impl Batch {
    /// An empty batch for this program.
    pub fn new(program: &Program) -> Self {
        Self { variables_count: program.variables().len(), encoded: Vec::new(), starts: Vec::new() }
    }

    /// Adds a record: the JSON text of `.`, and the JSON text of each variable's value, in the program's order.
    ///
    /// ```
    /// use annals_jq::{Batch, Program, ProgramText};
    ///
    /// let program = Program::compile(ProgramText { name: "m", text: "[$line, .]", variables: &["line"] })?;
    /// let mut batch = Batch::new(&program);
    /// batch.push(r#"{"total": 1.10}"#, &["7"])?;
    /// assert_eq!(batch.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`WorkerError::VariableCount`], and the batch is as before.
    pub fn push(&mut self, input: &str, variables: &[&str]) -> Result<(), WorkerError> {
        let (expected, given) = (self.variables_count, variables.len());
        if expected != given {
            return Err(WorkerError::VariableCount { expected, given });
        }
        self.starts.push(self.encoded.len());
        put_text(&mut self.encoded, input.as_bytes());
        variables.iter().for_each(|text| put_text(&mut self.encoded, text.as_bytes()));
        Ok(())
    }

    /// How many records it holds.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether it holds no record.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The bytes of its records on their way to a worker.
    pub fn bytes(&self) -> usize {
        self.encoded.len()
    }

    /// The records from `first` on, as they go through the pipe.
    pub(crate) fn encoded_from(&self, first: usize) -> &[u8] {
        let start = self.starts.get(first).copied().unwrap_or(self.encoded.len());
        self.encoded.get(start..).unwrap_or_default()
    }
}
