//! What a worker answers.

use super::{GREETING, READY, REFUSED, RESULTS};
use crate::error::{ProgramError, RecordResult};
use crate::evaluate::Outputs;
use crate::frame::{FrameBuilder, FrameReader, Malformed, put_number, put_text};
use crate::limits::Limits;

// The first byte of a result says what became of the record.
const OUTPUTS: u8 = 0;
const RAISED: u8 = 1;
const FAILED: u8 = 2;
const INPUT_NOT_JSON: u8 = 3;
const OUTPUT_NOT_JSON: u8 = 4;
const OUTPUT_TOO_LARGE: u8 = 5;

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
        put_text(&mut self.encoded, text.as_bytes());
    }

    fn push_outputs(&mut self, outputs: &Outputs) {
        self.encoded.push(OUTPUTS);
        put_number(&mut self.encoded, outputs.ends.len() as u64);
        let mut start = 0;
        for &end in &outputs.ends {
            put_text(&mut self.encoded, outputs.texts.get(start..end).unwrap_or_default());
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
