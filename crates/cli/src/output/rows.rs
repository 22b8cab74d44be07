use std::io::{self, Write};

use annals::JsonForm;

use super::cell::{Cell, Heading};
use super::console::Console;
use super::format::Format;
use super::spreadsheet::safe_cell;
use super::table::Table;

/// One row of an answer, in every format.
pub(crate) trait Row {
    /// The columns of the table.
    const HEADINGS: &'static [Heading];
    /// The header of the CSV.
    const COLUMNS: &'static [&'static str];

    /// The table's cells.
    fn cells(&self, console: &Console) -> Vec<Cell>;

    /// The CSV's cells, not yet safe for spreadsheets.
    fn fields(&self) -> Vec<String>;

    /// Appends the row as one JSON object.
    fn write_json(&self, text: &mut String, form: JsonForm);
}

/// Writes rows as they come, in constant memory.
pub(crate) struct RowWriter<W: Write> {
    out: W,
    form: JsonForm,
    sink: Sink,
}

enum Sink {
    Table(Table),
    Json { text: String, rows: u64 },
    Jsonl { text: String },
    Csv { line: csv::Writer<Vec<u8>>, rows: u64 },
}

impl<W: Write> RowWriter<W> {
    /// A writer of rows of one kind to `out`.
    pub(crate) fn new<R: Row>(out: W, console: &Console, form: JsonForm) -> Self {
        let sink = match console.format {
            Format::Table => Sink::Table(Table::new(R::HEADINGS, console)),
            Format::Json => Sink::Json { text: String::new(), rows: 0 },
            Format::Jsonl => Sink::Jsonl { text: String::new() },
            Format::Csv => Sink::Csv { line: csv::Writer::from_writer(Vec::new()), rows: 0 },
        };
        Self { out, form, sink }
    }

    /// Writes one row.
    pub(crate) fn row<R: Row>(&mut self, row: &R, console: &Console) -> io::Result<()> {
        match &mut self.sink {
            Sink::Table(table) => table.row(&mut self.out, row.cells(console)),
            Sink::Json { text, rows } => {
                text.clear();
                text.push_str(if *rows == 0 { "[\n" } else { ",\n" });
                row.write_json(text, self.form);
                *rows += 1;
                self.out.write_all(text.as_bytes())
            }
            Sink::Jsonl { text } => {
                text.clear();
                row.write_json(text, self.form);
                keep_on_one_line(text);
                text.push('\n');
                self.out.write_all(text.as_bytes())
            }
            Sink::Csv { line, rows } => {
                if *rows == 0 {
                    line.write_record(R::COLUMNS)?;
                }
                *rows += 1;
                line.write_record(row.fields().iter().map(|field| safe_cell(field).into_owned()))?;
                hand_over(line, &mut self.out)
            }
        }
    }

    /// Shows everything written so far to whoever reads.
    pub(crate) fn show(&mut self) -> io::Result<()> {
        if let Sink::Table(table) = &mut self.sink {
            table.write_waiting(&mut self.out)?;
        }
        self.out.flush()
    }

    /// Writes the end of the answer. An answer without rows is a header in CSV and `[]` in JSON.
    pub(crate) fn finish<R: Row>(mut self) -> io::Result<W> {
        match &mut self.sink {
            Sink::Json { rows: 0, .. } => self.out.write_all(b"[]\n")?,
            Sink::Json { .. } => self.out.write_all(b"\n]\n")?,
            Sink::Csv { line, rows: 0 } => {
                line.write_record(R::COLUMNS)?;
                hand_over(line, &mut self.out)?;
            }
            Sink::Table(_) | Sink::Jsonl { .. } | Sink::Csv { .. } => {}
        }
        self.show()?;
        Ok(self.out)
    }
}

/// Moves the finished lines on.
fn hand_over(line: &mut csv::Writer<Vec<u8>>, out: &mut impl Write) -> io::Result<()> {
    line.flush()?;
    let full = std::mem::replace(line, csv::Writer::from_writer(Vec::new()));
    out.write_all(&full.into_inner().map_err(|error| error.into_error())?)
}

/// A producer may have written its JSON over several lines. Line ends stand only between tokens of JSON, so
/// spaces in their place change no value.
fn keep_on_one_line(text: &mut String) {
    if text.contains(['\n', '\r']) {
        *text = text.replace(['\n', '\r'], " ");
    }
}
