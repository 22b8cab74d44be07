use std::io::{self, Write};

use annals_connect::ImportReport;
use serde::Serialize;

use crate::output::{Console, Document};

/// What an import did. Its shape as JSON is that of [`ImportReport`].
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(super) struct ReportDocument(pub(super) ImportReport);

impl Document for ReportDocument {
    fn write_text(&self, out: &mut dyn Write, console: &Console) -> io::Result<()> {
        let ImportReport { source, read, appended, repeated, skipped, rejected, seconds, events_per_second } =
            &self.0;
        let style = console.heading;
        writeln!(out, "{style}{source}{style:#}")?;
        writeln!(out, "  read      {read:>10} records")?;
        writeln!(out, "  appended  {appended:>10} events, {repeated} more were there already")?;
        writeln!(out, "  skipped   {skipped:>10} records")?;
        writeln!(out, "  rejected  {rejected:>10} records")?;
        writeln!(out, "  in {seconds:.1} s, {events_per_second:.0} events/s")
    }
}
