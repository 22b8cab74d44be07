use std::collections::HashSet;
use std::io::{self, BufRead};

use annals_event::write_json_string;

use super::jsonl::too_long;
use super::lines::{Lines, content};
use super::row_parser::{Progress, RowParser};
use super::{DecodeError, Decoded, Record, decode_text, excerpt};
use crate::refusal::Refusal;

/// Reads rows under a header.
#[derive(Debug)]
pub(super) struct Rows {
    /// The names of the columns; none before the header was read.
    columns: Option<Vec<String>>,
    parser: RowParser,
    /// Up to this line a quote is known to stay open, whatever opens it: the lines behind a row that was given up
    /// were all read within its quote, and a row that opens one among them is at the same place as that row was.
    open_until: u64,
}

/// A row as it was found, before its fields are looked at.
enum Row {
    Whole { line: u64, bytes: Vec<u8> },
    Refused(Decoded),
}

impl Rows {
    pub(super) fn new() -> Self {
        Self { columns: None, parser: RowParser::new(), open_until: 0 }
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
        let (line, first_length, mut bytes) = (first.number, first.bytes.len(), first.bytes);
        self.parser.start();
        let mut progress = self.parser.feed(&bytes);
        if progress == Progress::QuoteOpen && line <= self.open_until {
            return Ok(Some(Row::Refused(never_closed(line, bytes, lines.line_bytes_max()))));
        }
        while progress == Progress::QuoteOpen {
            let mut next = lines.next()?;
            let room = lines.line_bytes_max() - bytes.len();
            let Some(next) = next.take_if(|next| !next.is_cut() && next.bytes.len() <= room) else {
                self.open_until = lines.number() - u64::from(next.is_some());
                lines.give_back(line + 1, bytes.split_off(first_length), next);
                return Ok(Some(Row::Refused(never_closed(line, bytes, lines.line_bytes_max()))));
            };
            progress = self.parser.feed(&next.bytes);
            bytes.extend_from_slice(&next.bytes);
        }
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
fn never_closed(line: u64, mut bytes: Vec<u8>, bytes_max: usize) -> Decoded {
    let reason = format!("opens a quote that is not closed within {bytes_max} bytes; close or remove it");
    bytes.truncate(content(&bytes).len());
    Decoded::Refused { line, refusal: Refusal::CsvRow { reason }, bytes }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The lines of the rows that are read and of those that are given up.
    fn rows(text: &str, line_bytes_max: usize) -> (Vec<u64>, Vec<u64>) {
        let mut lines = Lines::new(text.as_bytes(), line_bytes_max);
        let mut rows = Rows::new();
        let (mut read, mut refused) = (Vec::new(), Vec::new());
        while let Some(row) = rows.read_row(&mut lines).unwrap() {
            match row {
                Row::Whole { line, .. } => read.push(line),
                Row::Refused(Decoded::Refused { line, .. }) => refused.push(line),
                Row::Refused(Decoded::Record(_)) => unreachable!(),
            }
        }
        (read, refused)
    }

    /// The same, trying from every line whether a row that starts there ever ends.
    fn rows_one_by_one(text: &str) -> (Vec<u64>, Vec<u64>) {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut parser = RowParser::new();
        let (mut read, mut refused, mut at) = (Vec::new(), Vec::new(), 0);
        while at < lines.len() {
            let line = at as u64 + 1;
            parser.start();
            let ends = |next: &&str| parser.feed(next.as_bytes()) != Progress::QuoteOpen;
            let taken = lines[at..].iter().position(ends);
            match taken {
                _ if lines[at].trim_ascii().is_empty() => at += 1,
                Some(further) => (read.push(line), at += further + 1).1,
                None => (refused.push(line), at += 1).1,
            }
        }
        (read, refused)
    }

    proptest! {
        #[test]
        fn a_quote_that_stays_open_costs_its_own_line_only(text in "[\",a\n]{0,60}") {
            prop_assert_eq!(rows(&text, 1_000), rows_one_by_one(&text));
        }
    }

    #[test]
    fn a_line_that_passes_the_limit_ends_a_row_and_is_a_row_of_its_own() {
        let long = format!("\"{}\nb\"", "x".repeat(58));
        let text = format!("\"open\n{long}\nlast\n");
        assert_eq!(rows(&text, 64), (vec![2, 4], vec![1]));
    }

    /// Each line ends one quoted field and opens the next. Trying each to the end would take hours.
    #[test]
    fn lines_that_all_leave_a_quote_open_are_read_in_time_that_grows_with_their_number() {
        let count = 1_000_000;
        let (read, refused) = rows(&"x\",\"\n".repeat(count), 8 << 20);
        assert_eq!((read.len(), refused.len()), (0, count));
    }
}
