use std::io::{self, Write};

use annals::JsonForm;

use crate::spreadsheet::safe_cell;

/// A line of CSV is collected in so many bytes before it is handed on.
const LINE_BYTES_USUAL: usize = 2 << 10;

/// One record of an answer that programs read.
pub trait Record {
    /// The header of the CSV.
    const COLUMNS: &'static [&'static str];

    /// The CSV's cells, not yet safe for spreadsheets.
    fn fields(&self) -> Vec<String>;

    /// Appends the record as one JSON object.
    fn write_json(&self, text: &mut String, form: JsonForm);
}

/// A form of records that programs read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordFormat {
    /// One array.
    Json,
    /// One object a line.
    Jsonl,
    /// Comma-separated values with a header (RFC 4180), safe for spreadsheets.
    Csv,
}

/// Writes records as they come, in constant memory.
pub struct RecordWriter<W: Write> {
    out: W,
    format: RecordFormat,
    form: JsonForm,
    /// How many were written.
    count: u64,
    /// The record that is being written; kept for its capacity.
    text: String,
}

impl<W: Write> RecordWriter<W> {
    /// A writer to `out`.
    pub fn new(out: W, format: RecordFormat, form: JsonForm) -> Self {
        Self { out, format, form, count: 0, text: String::new() }
    }

    /// How many records were written.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Writes one record.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn record<R: Record>(&mut self, record: &R) -> io::Result<()> {
        self.text.clear();
        match self.format {
            RecordFormat::Json => {
                self.text.push_str(if self.count == 0 { "[\n" } else { ",\n" });
                record.write_json(&mut self.text, self.form);
            }
            RecordFormat::Jsonl => {
                record.write_json(&mut self.text, self.form);
                keep_on_one_line(&mut self.text);
                self.text.push('\n');
            }
            RecordFormat::Csv => {
                if self.count == 0 {
                    write_csv_line(&mut self.out, R::COLUMNS.iter().copied())?;
                }
                self.count += 1;
                return write_csv_line(&mut self.out, record.fields().iter().map(String::as_str));
            }
        }
        self.count += 1;
        self.out.write_all(self.text.as_bytes())
    }

    /// Hands everything written so far on.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Writes the end of the answer. One without records is a header in CSV and `[]` in JSON.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish<R: Record>(mut self) -> io::Result<W> {
        match (self.format, self.count) {
            (RecordFormat::Json, 0) => self.out.write_all(b"[]\n")?,
            (RecordFormat::Json, _) => self.out.write_all(b"\n]\n")?,
            (RecordFormat::Csv, 0) => write_csv_line(&mut self.out, R::COLUMNS.iter().copied())?,
            (RecordFormat::Csv | RecordFormat::Jsonl, _) => {}
        }
        self.out.flush()?;
        Ok(self.out)
    }
}

fn write_csv_line<'a>(out: &mut impl Write, cells: impl Iterator<Item = &'a str>) -> io::Result<()> {
    let mut line = csv::WriterBuilder::new().buffer_capacity(LINE_BYTES_USUAL).from_writer(out);
    line.write_record(cells.map(|cell| safe_cell(cell).into_owned()))?;
    line.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(())
}

/// A producer may have written its JSON over several lines. Line ends stand only between tokens of JSON, so
/// spaces in their place change no value.
fn keep_on_one_line(text: &mut String) {
    // Each by itself is looked for several bytes at a time, both together are not.
    if text.contains('\n') || text.contains('\r') {
        *text = text.replace(['\n', '\r'], " ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Payload(&'static str);

    impl Record for Payload {
        const COLUMNS: &'static [&'static str] = &["payload"];

        fn fields(&self) -> Vec<String> {
            vec![self.0.to_owned()]
        }

        fn write_json(&self, text: &mut String, _form: JsonForm) {
            text.push_str(self.0);
        }
    }

    fn written(format: RecordFormat, payloads: &[&'static str]) -> String {
        let mut writer = RecordWriter::new(Vec::new(), format, JsonForm::Embedded);
        payloads.iter().for_each(|payload| writer.record(&Payload(payload)).unwrap());
        String::from_utf8(writer.finish::<Payload>().unwrap()).unwrap()
    }

    #[test]
    fn a_record_of_several_lines_becomes_one_line() {
        assert_eq!(written(RecordFormat::Jsonl, &["{\r\n\"a\":1}", "{}"]), "{  \"a\":1}\n{}\n");
    }

    #[test]
    fn an_answer_without_records_is_still_an_answer() {
        assert_eq!(written(RecordFormat::Json, &[]), "[]\n");
        assert_eq!(written(RecordFormat::Csv, &[]), "payload\n");
        assert_eq!(written(RecordFormat::Jsonl, &[]), "");
    }

    #[test]
    fn cells_are_quoted_and_safe() {
        assert_eq!(written(RecordFormat::Csv, &["a,\"b\"", "=1"]), "payload\n\"a,\"\"b\"\"\"\n'=1\n");
    }
}
