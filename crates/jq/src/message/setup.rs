//! What a worker is told before its first batch.

use super::{GREETING, SETUP};
use crate::frame::{FrameBuilder, FrameReader, Malformed};
use crate::limits::Limits;
use crate::program::{Program, ProgramText, States};

/// The first message to a worker.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Setup {
    pub(crate) limits: WorkerLimits,
    pub(crate) program: Program,
}

/// Those of the [`Limits`] that the worker itself enforces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WorkerLimits {
    pub(crate) address_space_bytes: u64,
    pub(crate) stack_bytes: usize,
    /// Processor time for one record, whole seconds.
    pub(crate) record_cpu_seconds: u64,
    pub(crate) output_bytes_max: u64,
}

impl From<&Limits> for WorkerLimits {
    fn from(limits: &Limits) -> Self {
        Self {
            address_space_bytes: limits.address_space_bytes,
            stack_bytes: limits.stack_bytes,
            // Rounded up, and a second more: the parent's deadline comes first as long as there is a parent.
            record_cpu_seconds: limits.record_deadline.as_secs().saturating_add(2),
            output_bytes_max: limits.output_bytes_max,
        }
    }
}

impl Setup {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut frame = FrameBuilder::new();
        frame.byte(SETUP);
        frame.text(GREETING);
        frame.number(self.limits.address_space_bytes);
        frame.number(self.limits.stack_bytes as u64);
        frame.number(self.limits.record_cpu_seconds);
        frame.number(self.limits.output_bytes_max);
        frame.text(self.program.name().as_bytes());
        frame.text(self.program.text().as_bytes());
        frame.number(self.program.variables().len() as u64);
        self.program.variables().iter().for_each(|name| frame.text(name.as_bytes()));
        frame.byte(match self.program.states() {
            None => 0,
            Some(States::Last) => 1,
            Some(States::Each) => 2,
        });
        frame.finish()
    }

    pub(crate) fn decode(body: &[u8]) -> Result<Self, Malformed> {
        let mut frame = FrameReader::new(body);
        if frame.byte()? != SETUP || frame.text()? != GREETING {
            return Err(Malformed("it is no setup of this version"));
        }
        let limits = WorkerLimits {
            address_space_bytes: frame.number()?,
            stack_bytes: frame.size()?,
            record_cpu_seconds: frame.number()?,
            output_bytes_max: frame.number()?,
        };
        let (name, text) = (frame.string()?, frame.string()?);
        let count = frame.number()?;
        let variables = (0..count).map(|_| frame.string()).collect::<Result<Vec<_>, _>>()?;
        let variables: Vec<&str> = variables.iter().map(String::as_str).collect();
        let states = match frame.byte()? {
            0 => None,
            1 => Some(States::Last),
            2 => Some(States::Each),
            _ => return Err(Malformed("its states are of no known kind")),
        };
        frame.end()?;
        let program = Program::unchecked(ProgramText { name: &name, text: &text, variables: &variables });
        Ok(Self { limits, program: states.map_or(program.clone(), |states| program.folding(states)) })
    }
}
