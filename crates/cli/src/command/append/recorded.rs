//! What was recorded, read back from the log.

use annals::{Appended, JsonForm, Log};
use annals_wire::{AppendedRow, EventRow, read_back};

use crate::failure::Failure;
use crate::output::{Cell, Console, Heading, Row, RowWriter};

/// Prints the events of one append.
pub(super) async fn print(log: &Log, appended: &Appended, console: &Console) -> Result<(), Failure> {
    let mut rows = RowWriter::new::<AppendedRow>(console.out(), console, JsonForm::Embedded);
    for row in read_back(log.events(), std::slice::from_ref(appended)).await? {
        rows.row(&row, console)?;
    }
    rows.finish::<AppendedRow>()?;
    if appended.repeated {
        console.remark("note: this append was recorded before; nothing was stored twice");
    }
    Ok(())
}

impl Row for AppendedRow {
    const HEADINGS: &'static [Heading] = EventRow::HEADINGS;

    fn cells(&self, console: &Console) -> Vec<Cell> {
        EventRow(&self.event).cells(console)
    }
}
