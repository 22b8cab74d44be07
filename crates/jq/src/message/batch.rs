//! Records for a worker.

use super::BATCH;
use crate::frame::{FrameBuilder, FrameReader, Malformed};

/// How eagerly the worker sends results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Many at once, for throughput.
    Together,
    /// Each as soon as it is known, so that the parent sees on which record the worker dies.
    OneByOne,
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
