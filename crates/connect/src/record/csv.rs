use std::collections::HashSet;
use std::io::{self, BufRead};

use annals_event::write_json_string;

use super::jsonl::too_long;
use super::lines::{Line, Lines, content};
use super::row_parser::{Progress, RowParser};
use super::{DecodeError, Decoded, Record, decode_text, excerpt};
use crate::refusal::Refusal;

/// Reads rows under a header.
#[derive(Debug)]
pub(super) struct Rows {
    /// The names of the columns; none before the header was read.
    columns: Option<Vec<String>>,
    parser: RowParser,
}

/// A row as it was found, before its fields are looked at.
enum Row {
    Whole { line: u64, bytes: Vec<u8> },
    Refused(Decoded),
}

impl Rows {
    pub(super) fn new() -> Self {
        Self { columns: None, parser: RowParser::new() }
    }

    /// The next row; `None` at the end of the source.
    pub(super) fn next(&mut self, lines: &mut Lines<impl BufRead>) -> Result<Option<Decoded>, DecodeError> {
        if self.columns.is_none() {
            let Some(columns) = self.read_header(lines)? else { return Ok(None) };
            self.columns = Some(columns);
        }
        Ok(match self.read_row(lines)? {
            None => None,
            Some(Row::Refused(refused)) => Some(refused),
            Some(Row::Whole { line, bytes }) => {
                Some(decode_text(line, bytes, |text| self.decode(line, text)))
            }
        })
    }

    fn read_header(&mut self, lines: &mut Lines<impl BufRead>) -> Result<Option<Vec<String>>, DecodeError> {
        let refuse = |line, reason| Err(DecodeError::Header { line, reason });
        let line = match self.read_row(lines)? {
            None => return Ok(None),
            Some(Row::Whole { line, .. }) => line,
            Some(Row::Refused(Decoded::Refused { line, refusal, .. })) => {
                return refuse(line, format!("cannot be read: {refusal}"));
            }
            Some(Row::Refused(Decoded::Record(record))) => {
                return refuse(record.line, "cannot be read".into());
            }
        };
        let mut columns = Vec::new();
        let mut known = HashSet::new();
        for field in self.parser.fields() {
            let Ok(name) = std::str::from_utf8(field) else {
                return refuse(line, format!("is not UTF-8 at {:?}; convert the file", excerpt(field)));
            };
            if name.is_empty() {
                return refuse(line, format!("has no name for column {}; give it one", columns.len() + 1));
            }
            if !known.insert(name) {
                return refuse(line, format!("names two columns {name:?}; give each its own name"));
            }
            columns.push(name.to_owned());
        }
        if let [only] = columns.as_slice()
            && let Some(separator) = only.chars().find(|character| matches!(character, ';' | '\t' | '|'))
        {
            return refuse(line, format!("has {separator:?} where commas are expected; separate by commas"));
        }
        Ok(Some(columns))
    }

    /// The next row, of one line or more.
    fn read_row(&mut self, lines: &mut Lines<impl BufRead>) -> io::Result<Option<Row>> {
        let Some(first) = lines.next_with_content()? else { return Ok(None) };
        if first.is_cut() {
            return Ok(Some(Row::Refused(too_long(first, lines.line_bytes_max()))));
        }
        let line = first.number;
        let mut length = first.bytes.len();
        self.parser.start();
        let mut progress = self.parser.feed(&first.bytes);
        let mut taken = vec![first];
        while progress == Progress::QuoteOpen {
            let Some(next) = lines.next()? else { return Ok(give_up(taken, lines)) };
            length += next.bytes.len();
            let is_too_much = next.is_cut() || length > lines.line_bytes_max();
            progress = self.parser.feed(&next.bytes);
            taken.push(next);
            if is_too_much {
                return Ok(give_up(taken, lines));
            }
        }
        let mut bytes = taken.into_iter().map(|line| line.bytes).collect::<Vec<_>>().concat();
        bytes.truncate(content(&bytes).len());
        if progress == Progress::BareReturn {
            let reason = "holds a carriage return outside quotes; end lines with \\n or \\r\\n".into();
            let refusal = Refusal::CsvRow { reason };
            return Ok(Some(Row::Refused(Decoded::Refused { line, bytes, refusal })));
        }
        Ok(Some(Row::Whole { line, bytes }))
    }

    /// A row as a record.
    fn decode(&self, line: u64, text: String) -> Decoded {
        let columns = self.columns.as_deref().unwrap_or_default();
        let (found, expected) = (self.parser.fields().count(), columns.len());
        if found != expected {
            let refusal = Refusal::CsvRow {
                reason: format!("has {found} fields, the header has {expected}; quote fields with commas"),
            };
            return Decoded::Refused { line, bytes: text.into_bytes(), refusal };
        }
        let mut object = String::with_capacity(text.len() * 2);
        for (column, field) in columns.iter().zip(self.parser.fields()) {
            object.push(if object.is_empty() { '{' } else { ',' });
            write_json_string(&mut object, column);
            object.push(':');
            // The row is UTF-8 and fields are cut at ASCII characters, so nothing is lost here.
            write_json_string(&mut object, &String::from_utf8_lossy(field));
        }
        object.push('}');
        Decoded::Record(Record { line, text, object: Some(object) })
    }
}

/// A quote that is never closed would swallow the rest of the source: only the line that opens it is given up,
/// the others are read anew.
fn give_up(taken: Vec<Line>, lines: &mut Lines<impl BufRead>) -> Option<Row> {
    let mut taken = taken.into_iter();
    let first = taken.next()?;
    lines.give_back(taken);
    let bytes_max = lines.line_bytes_max();
    let reason = format!("opens a quote that is not closed within {bytes_max} bytes; close or remove it");
    Some(Row::Refused(Decoded::Refused {
        line: first.number,
        refusal: Refusal::CsvRow { reason },
        bytes: first.into_content(),
    }))
}
