use std::io::{self, Write};

use annals::JsonForm;
use annals_wire::{Record, RecordWriter};

use super::cell::{Cell, Heading};
use super::console::Console;
use super::format::record_format;
use super::table::Table;

/// One row of an answer that people may read as a table.
pub(crate) trait Row: Record {
    /// The columns of the table.
    const HEADINGS: &'static [Heading];

    /// The table's cells.
    fn cells(&self, console: &Console) -> Vec<Cell>;
}

/// Writes rows as they come, in constant memory, in the form that the console asks for.
pub(crate) enum RowWriter<W: Write> {
    /// For people.
    Table {
        /// Where the table goes.
        out: W,
        /// The rows that wait until the columns' widths are known.
        table: Table,
    },
    /// For programs.
    Records(RecordWriter<W>),
}

impl<W: Write> RowWriter<W> {
    /// A writer of rows of one kind to `out`.
    pub(crate) fn new<R: Row>(out: W, console: &Console, form: JsonForm) -> Self {
        match record_format(console.format) {
            None => Self::Table { out, table: Table::new(R::HEADINGS, console) },
            Some(format) => Self::Records(RecordWriter::new(out, format, form)),
        }
    }

    /// Writes one row.
    pub(crate) fn row<R: Row>(&mut self, row: &R, console: &Console) -> io::Result<()> {
        match self {
            Self::Table { out, table } => table.row(out, row.cells(console)),
            Self::Records(records) => records.record(row),
        }
    }

    /// Shows everything written so far to whoever reads.
    pub(crate) fn show(&mut self) -> io::Result<()> {
        match self {
            Self::Table { out, table } => {
                table.write_waiting(out)?;
                out.flush()
            }
            Self::Records(records) => records.flush(),
        }
    }

    /// Writes the end of the answer.
    pub(crate) fn finish<R: Row>(mut self) -> io::Result<()> {
        self.show()?;
        match self {
            Self::Table { .. } => Ok(()),
            Self::Records(records) => records.finish::<R>().map(drop),
        }
    }
}
