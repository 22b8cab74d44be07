//! Appends of lines of JSON, as many as there are, in constant memory.

use annals::{Append, Log, StoreError};
use axum::body::Body;
use axum::response::Response;
use bytes::{Buf as _, BytesMut};
use http_body_util::BodyExt as _;
use serde::Serialize;
use serde_json::value::RawValue;

use super::receiving::Receiving;
use crate::answer;
use crate::options::RequestLimits;
use crate::problem::{Problem, RequestError};
use crate::telemetry::AppendedEvents;

/// So many lines at the most are appended together; they share one commit.
const LINES_MAX: usize = 512;

/// So many lines that were not stored are named.
const NAMED_MAX: usize = 100;

/// What became of the lines. This is the shape of the answer as JSON.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    /// Lines that are not blank.
    read: u64,
    appended: u64,
    /// Recorded before.
    repeated: u64,
    rejected: u64,
    /// Why, for the first ones.
    problems: Vec<LineProblem>,
}

/// Why a line was not stored.
#[derive(Serialize)]
struct LineProblem {
    /// Its number, from 1.
    line: u64,
    problem: Box<RawValue>,
}

/// Lines that are appended together.
#[derive(Default)]
struct Batch {
    numbers: Vec<u64>,
    appends: Vec<Append>,
}

/// Appends every line for itself; a line that cannot be stored holds up no other.
///
/// # Errors
/// [`RequestError`] when the body cannot be read on, or the store cannot write. What stood before it is stored.
pub(super) async fn append(
    log: &Log,
    mut body: Body,
    mut receiving: Receiving,
    limits: &RequestLimits,
) -> Result<Response, RequestError> {
    let mut report = Report::default();
    let mut batch = Batch::default();
    let mut lines = Lines::default();
    let mut number = 0;
    loop {
        let frame = tokio::time::timeout(limits.answer_within, body.frame()).await;
        let frame =
            frame.map_err(|_| RequestError::BodyCutOff { what: "nothing came for too long".to_owned() })?;
        let frame =
            frame.transpose().map_err(|error| RequestError::BodyCutOff { what: error.to_string() })?;
        let ended = frame.is_none();
        if let Some(data) = frame.and_then(|frame| frame.into_data().ok()) {
            lines.buffer.extend_from_slice(&data);
        }
        while let Some(line) = lines.next(ended) {
            number += 1;
            report.receive(number, &line, &mut receiving, &mut batch);
            if batch.appends.len() == LINES_MAX {
                report.store(log, &mut batch).await?;
            }
        }
        if lines.buffer.len() > limits.line_bytes_max {
            return Err(RequestError::BodyTooLarge { bytes_max: limits.line_bytes_max });
        }
        if ended {
            break;
        }
    }
    report.store(log, &mut batch).await?;
    let mut answer = super::telling_refused(answer::document(&report)?, report.rejected);
    answer.extensions_mut().insert(AppendedEvents(report.appended));
    Ok(answer)
}

/// What of the body was read and not yet taken.
#[derive(Default)]
struct Lines {
    buffer: BytesMut,
    /// So many bytes at its beginning hold no line end.
    searched: usize,
}

impl Lines {
    /// The next line, without its end; the last one need not have one.
    fn next(&mut self, ended: bool) -> Option<BytesMut> {
        let unsearched = self.buffer.get(self.searched..).unwrap_or_default();
        match unsearched.iter().position(|byte| *byte == b'\n') {
            Some(end) => {
                let line = self.buffer.split_to(self.searched + end);
                self.buffer.advance(1);
                self.searched = 0;
                Some(line)
            }
            None => {
                self.searched = self.buffer.len();
                (ended && !self.buffer.is_empty()).then(|| self.buffer.split())
            }
        }
    }
}

impl Report {
    fn receive(&mut self, number: u64, line: &[u8], receiving: &mut Receiving, batch: &mut Batch) {
        if line.trim_ascii().is_empty() {
            return;
        }
        self.read += 1;
        let text = std::str::from_utf8(line).map_err(|error| RequestError::Body {
            what: format!("the line is not UTF-8 from byte {} on", error.valid_up_to()),
        });
        match text.and_then(|text| receiving.event(text)) {
            Ok(event) => {
                batch.numbers.push(number);
                batch.appends.push(Append::event(event));
            }
            Err(error) => self.reject(number, &error),
        }
    }

    async fn store(&mut self, log: &Log, batch: &mut Batch) -> Result<(), RequestError> {
        let Batch { numbers, appends } = std::mem::take(batch);
        for (number, verdict) in numbers.into_iter().zip(log.events().append_each(appends).await) {
            match verdict {
                Ok(appended) if appended.repeated => self.repeated += 1,
                Ok(_) => self.appended += 1,
                Err(error) if is_about_the_line(&error) => self.reject(number, &RequestError::Store(error)),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn reject(&mut self, line: u64, error: &RequestError) {
        self.rejected += 1;
        if self.problems.len() < NAMED_MAX
            && let Ok(problem) = RawValue::from_string(Problem::from(error).to_json())
        {
            self.problems.push(LineProblem { line, problem });
        }
    }
}

/// Whether the next lines may fare better.
fn is_about_the_line(error: &StoreError) -> bool {
    RequestError::Store(error.clone()).status().is_client_error()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_wherever_the_body_is_cut() {
        let body = b"one\n\ntwo\r\nthree";
        for cut in 0..body.len() {
            let (mut lines, mut found) = (Lines::default(), Vec::new());
            for (part, ended) in [(&body[..cut], false), (&body[cut..], true)] {
                lines.buffer.extend_from_slice(part);
                while let Some(line) = lines.next(ended) {
                    found.push(line);
                }
            }
            assert_eq!(found, ["one", "", "two\r", "three"], "cut at {cut}");
        }
    }
}
