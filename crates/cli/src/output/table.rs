use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::cell::{Align, Cell, Heading};
use super::console::Console;
use super::summary::fitting;

/// So many rows are looked at before the widths of the columns are fixed; a table may have any length.
const ROWS_MEASURED: usize = 200;

/// A payload gets so many columns also where the terminal is narrow; there its lines wrap.
const MEMBERS_WIDTH_MIN: usize = 32;

/// What stands between columns.
const GAP: &str = "  ";

/// An aligned table that is written as its rows come, in constant memory.
pub(crate) struct Table {
    headings: &'static [Heading],
    waiting: Vec<Vec<Cell>>,
    /// The columns' widths, once they are fixed.
    widths: Option<Vec<usize>>,
    console: Console,
}

impl Table {
    pub(super) fn new(headings: &'static [Heading], console: &Console) -> Self {
        Self { headings, waiting: Vec::new(), widths: None, console: console.clone() }
    }

    pub(super) fn row(&mut self, out: &mut impl Write, cells: Vec<Cell>) -> io::Result<()> {
        self.waiting.push(cells);
        if self.widths.is_some() || self.waiting.len() == ROWS_MEASURED {
            self.write_waiting(out)?;
        }
        Ok(())
    }

    /// Writes what waits, so that somebody can read it.
    pub(super) fn write_waiting(&mut self, out: &mut impl Write) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let widths = match self.widths.take() {
            Some(widths) => widths,
            None => {
                let widths = self.measure();
                self.write_headings(out, &widths)?;
                widths
            }
        };
        for cells in std::mem::take(&mut self.waiting) {
            self.write_row(out, &widths, &cells)?;
        }
        self.widths = Some(widths);
        Ok(())
    }

    fn measure(&self) -> Vec<usize> {
        let widest = |(column, heading): (usize, &Heading)| {
            let cells = self.waiting.iter().filter_map(|row| match row.get(column) {
                Some(Cell::Text(text)) => Some(text.width()),
                _ => None,
            });
            cells.chain([heading.name.width()]).max().unwrap_or_default()
        };
        self.headings.iter().enumerate().map(widest).collect()
    }

    fn write_headings(&self, out: &mut impl Write, widths: &[usize]) -> io::Result<()> {
        let cells: Vec<Cell> = self.headings.iter().map(|heading| Cell::from(heading.name)).collect();
        let style = self.console.heading;
        write!(out, "{style}")?;
        self.write_cells(out, widths, &cells)?;
        writeln!(out, "{style:#}")
    }

    fn write_row(&self, out: &mut impl Write, widths: &[usize], cells: &[Cell]) -> io::Result<()> {
        self.write_cells(out, widths, cells)?;
        out.write_all(b"\n")
    }

    fn write_cells(&self, out: &mut impl Write, widths: &[usize], cells: &[Cell]) -> io::Result<()> {
        let mut used = 0;
        let mut owed = 0;
        for ((heading, width), cell) in self.headings.iter().zip(widths).zip(cells) {
            let room = self.console.width.saturating_sub(used + owed).max(MEMBERS_WIDTH_MIN);
            let shown = match cell {
                Cell::Text(text) => text.clone(),
                Cell::Members(members) => fitting(members, room),
            };
            let padding = width.saturating_sub(shown.width());
            let (before, after) = match heading.align {
                Align::Left => (owed, padding),
                Align::Right => (owed + padding, 0),
            };
            if !shown.is_empty() {
                // Spaces are written only before something, so that no line ends in them.
                write!(out, "{:before$}{shown}", "")?;
                used += before + shown.width();
                owed = after + GAP.len();
            } else {
                owed += width + GAP.len();
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::OutputConfig;

    #[test]
    fn columns_stand_below_each_other_and_no_line_ends_in_spaces() {
        const HEADINGS: &[Heading] = &[Heading::right("n"), Heading::left("name"), Heading::left("last")];
        let console = Console::new(&OutputConfig::default(), false);
        let mut table = Table::new(HEADINGS, &console);
        let mut out = Vec::new();
        table.row(&mut out, vec![Cell::from(7), Cell::from("日本"), Cell::from("x")]).unwrap();
        table.row(&mut out, vec![Cell::from(1_000), Cell::from("longer"), Cell::from("")]).unwrap();
        table.write_waiting(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "   n  name    last\n   7  日本    x\n1000  longer\n");
    }
}
