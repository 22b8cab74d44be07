//! What parent and worker say to each other, one message a frame.
//!
//! ```text
//! parent                        worker
//! Setup {limits, program}  →
//!                          ←    Ready, or Refused {message}
//! Batch {pace, records}    →
//!                          ←    Results {one for each of the next records} …
//! ```
//!
//! The results of a batch come in one or several messages. The parent may send further batches meanwhile; a message
//! never holds results of two batches. When the parent closes its end, the worker ends.

use crate::error::{ProgramError, RecordResult};
use crate::evaluate::Outputs;
use crate::frame::{FrameBuilder, FrameReader, Malformed};
use crate::limits::Limits;
use crate::program::{Program, ProgramText};

/// Names the protocol and its version; both sides begin with it.
const GREETING: &[u8] = b"annals-jq 1";

const SETUP: u8 = b'S';
const BATCH: u8 = b'B';
const READY: u8 = b'Y';
const REFUSED: u8 = b'N';
const RESULTS: u8 = b'R';

const OUTPUTS: u8 = 0;
const RAISED: u8 = 1;
const FAILED: u8 = 2;
const INPUT_NOT_JSON: u8 = 3;
const OUTPUT_NOT_JSON: u8 = 4;
const OUTPUT_TOO_LARGE: u8 = 5;

/// How eagerly the worker sends results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Many at once, for throughput.
    Together,
    /// Each as soon as it is known, so that the parent sees on which record the worker dies.
    OneByOne,
}

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
        frame.end()?;
        let source = ProgramText { name: &name, text: &text, variables: &variables };
        Ok(Self { limits, program: Program::unchecked(source) })
    }
}

/// Encodes the records of a batch, as [`crate::Batch`] keeps them.
pub(crate) fn encode_batch(pace: Pace, count: usize, records: &[u8]) -> Vec<u8> {
    let mut frame = FrameBuilder::new();
    frame.byte(BATCH);
    frame.byte(u8::from(pace == Pace::OneByOne));
    frame.number(count as u64);
    frame.encoded(records);
    frame.finish()
}

/// The head of a batch; the records follow in the reader, each as the text of `.` and one text for each variable.
pub(crate) fn decode_batch<'a>(body: &'a [u8]) -> Result<(Pace, u64, FrameReader<'a>), Malformed> {
    let mut frame = FrameReader::new(body);
    if frame.byte()? != BATCH {
        return Err(Malformed("it is no batch"));
    }
    let pace = if frame.byte()? == 0 { Pace::Together } else { Pace::OneByOne };
    let count = frame.number()?;
    Ok((pace, count, frame))
}

/// A message from a worker.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    Ready,
    Refused(String),
    Results(Vec<RecordResult>),
}

pub(crate) fn encode_ready() -> Vec<u8> {
    let mut frame = FrameBuilder::new();
    frame.byte(READY);
    frame.text(GREETING);
    frame.finish()
}

pub(crate) fn encode_refused(message: &str) -> Vec<u8> {
    let mut frame = FrameBuilder::new();
    frame.byte(REFUSED);
    frame.text(message.as_bytes());
    frame.finish()
}

/// Results that have not been sent yet.
#[derive(Default)]
pub(crate) struct PendingResults {
    count: u64,
    encoded: Vec<u8>,
}

impl PendingResults {
    pub(crate) fn push(&mut self, result: Result<&Outputs, ProgramError>) {
        self.count += 1;
        let (code, text) = match result {
            Ok(outputs) => return self.push_outputs(outputs),
            Err(ProgramError::Raised { message }) => (RAISED, message),
            Err(ProgramError::InputNotJson { what }) => (INPUT_NOT_JSON, what),
            Err(ProgramError::OutputNotJson { what }) => (OUTPUT_NOT_JSON, what),
            Err(ProgramError::OutputTooLarge { .. }) => (OUTPUT_TOO_LARGE, String::new()),
            Err(ProgramError::Failed { message }) => (FAILED, message),
            Err(other) => (FAILED, other.to_string()),
        };
        self.encoded.push(code);
        crate::frame::put_text(&mut self.encoded, text.as_bytes());
    }

    fn push_outputs(&mut self, outputs: &Outputs) {
        self.encoded.push(OUTPUTS);
        crate::frame::put_number(&mut self.encoded, outputs.ends.len() as u64);
        let mut start = 0;
        for &end in &outputs.ends {
            crate::frame::put_text(&mut self.encoded, outputs.texts.get(start..end).unwrap_or_default());
            start = end;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(crate) fn bytes(&self) -> usize {
        self.encoded.len()
    }

    /// The message with all pending results; then none is pending.
    pub(crate) fn take_frame(&mut self) -> Vec<u8> {
        let mut frame = FrameBuilder::new();
        frame.byte(RESULTS);
        frame.number(std::mem::take(&mut self.count));
        frame.encoded(&self.encoded);
        self.encoded.clear();
        frame.finish()
    }
}

impl Reply {
    /// Decodes a worker's message; `limits` are those that the worker was given.
    pub(crate) fn decode(body: &[u8], limits: &Limits) -> Result<Self, Malformed> {
        let mut frame = FrameReader::new(body);
        let reply = match frame.byte()? {
            READY if frame.text()? == GREETING => Self::Ready,
            REFUSED => Self::Refused(frame.string()?),
            RESULTS => {
                let count = frame.number()?;
                Self::Results(
                    (0..count).map(|_| decode_result(&mut frame, limits)).collect::<Result<_, _>>()?,
                )
            }
            _ => return Err(Malformed("it is no reply of this version")),
        };
        frame.end()?;
        Ok(reply)
    }
}

fn decode_result(frame: &mut FrameReader<'_>, limits: &Limits) -> Result<RecordResult, Malformed> {
    let code = frame.byte()?;
    if code == OUTPUTS {
        let count = frame.number()?;
        return Ok(Ok((0..count).map(|_| frame.string()).collect::<Result<_, _>>()?));
    }
    let text = frame.string()?;
    Ok(Err(match code {
        RAISED => ProgramError::Raised { message: text },
        FAILED => ProgramError::Failed { message: text },
        INPUT_NOT_JSON => ProgramError::InputNotJson { what: text },
        OUTPUT_NOT_JSON => ProgramError::OutputNotJson { what: text },
        OUTPUT_TOO_LARGE => ProgramError::OutputTooLarge { bytes_max: limits.output_bytes_max },
        _ => return Err(Malformed("a result has an unknown kind")),
    }))
}
