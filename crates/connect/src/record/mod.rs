//! From bytes to records: lines of JSON or rows of CSV, compressed or not, in constant memory.

mod csv;
mod gzip;
mod jsonl;
mod lines;
mod row_parser;

use std::borrow::Cow;
use std::io::{self, BufRead};

use crate::refusal::Refusal;

pub use gzip::decompressed;
use lines::Lines;

/// Longer records are refused: room for payload and metadata at their limits, even when escaped as strings.
const RECORD_BYTES_MAX: usize = 8 << 20;

/// How much of a record that is too long is kept for its dead letter.
const RECORD_BYTES_KEPT: usize = 64 << 10;

/// How records are written in a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON value on each line.
    Jsonl,
    /// Comma-separated values (RFC 4180) with a header; a row becomes an object of strings.
    Csv,
}

impl Format {
    /// The format that a file's name tells: CSV for `.csv` and `.csv.gz`, lines of JSON for all others.
    #[must_use]
    pub fn of_file_name(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        if name.strip_suffix(".gz").unwrap_or(&name).ends_with(".csv") { Self::Csv } else { Self::Jsonl }
    }
}

/// One record of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its first line in the source, from 1.
    pub line: u64,
    /// The record as it stands there, without the end of its line.
    pub text: String,
    /// The record as JSON, where its own text is something else.
    object: Option<String>,
}

impl Record {
    /// A record that is JSON by itself.
    #[must_use]
    pub fn json(line: u64, text: impl Into<String>) -> Self {
        Self { line, text: text.into(), object: None }
    }

    /// Whether it is a row of CSV, all of whose values are strings.
    #[must_use]
    pub fn is_row(&self) -> bool {
        self.object.is_some()
    }

    /// The record as JSON: its own text, or the object that a row of CSV becomes.
    #[must_use]
    pub fn as_json(&self) -> &str {
        self.object.as_deref().unwrap_or(&self.text)
    }
}

/// What stands at a place where a record is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    /// A record.
    Record(Record),
    /// Something that cannot be read as one.
    Refused {
        /// Its first line in the source, from 1.
        line: u64,
        /// Its bytes, or the first of them when they are too many.
        bytes: Vec<u8>,
        /// Why not.
        refusal: Refusal,
    },
}

/// Why no further record can be read.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The source cannot be read.
    #[error(transparent)]
    Read(#[from] io::Error),
    /// The header of a CSV source cannot be used.
    #[error("the header {reason}")]
    Header {
        /// Its line, from 1.
        line: u64,
        /// What is wrong and what to do.
        reason: String,
    },
}

/// Reads record after record. Blank lines are nothing and only counted as lines; a byte-order mark is dropped.
pub struct RecordReader<R> {
    lines: Lines<R>,
    rows: Option<csv::Rows>,
}

impl<R: BufRead> RecordReader<R> {
    /// A reader at the start of `input`, which is already decompressed.
    pub fn new(input: R, format: Format) -> Self {
        let rows = match format {
            Format::Jsonl => None,
            Format::Csv => Some(csv::Rows::new()),
        };
        Self { lines: Lines::new(input, RECORD_BYTES_MAX), rows }
    }

    /// What stands next in the source; `None` at its end.
    ///
    /// # Errors
    /// [`DecodeError`], after which there is nothing more to be had.
    pub fn next_decoded(&mut self) -> Result<Option<Decoded>, DecodeError> {
        match &mut self.rows {
            None => Ok(jsonl::next(&mut self.lines)?),
            Some(rows) => rows.next(&mut self.lines),
        }
    }

    /// The last line that was read, 0 before the first.
    pub fn line(&self) -> u64 {
        self.lines.number()
    }
}

/// What `decode` makes of the bytes, if they are text.
fn decode_text(line: u64, bytes: Vec<u8>, decode: impl FnOnce(String) -> Decoded) -> Decoded {
    match String::from_utf8(bytes) {
        Ok(text) => decode(text),
        Err(error) => {
            let refusal = Refusal::NotUtf8 { offset: error.utf8_error().valid_up_to() };
            Decoded::Refused { line, bytes: error.into_bytes(), refusal }
        }
    }
}

/// A short form of what was found, for messages.
fn excerpt(bytes: &[u8]) -> Cow<'_, str> {
    const EXCERPT_BYTES: usize = 40;
    String::from_utf8_lossy(bytes.get(..EXCERPT_BYTES).unwrap_or(bytes))
}
