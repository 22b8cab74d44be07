//! What was recorded, read back from the log.

use annals::{Appended, EventReader, JsonForm, Log, Position, Query, ReadOptions, RecordedEvent, StoreError};

use crate::failure::Failure;
use crate::output::{Cell, Console, EVENT_COLUMNS, EventRow, Heading, Record, Row, RowWriter};

/// An event that an append recorded, now or before.
///
/// Its JSON form is the event's, with `"repeated":true` at its end when it was recorded before.
pub(crate) struct AppendedRow {
    event: RecordedEvent,
    repeated: bool,
}

/// Prints the events of one append.
pub(super) async fn print(log: &Log, appended: &Appended, console: &Console) -> Result<(), Failure> {
    let mut rows = RowWriter::new::<AppendedRow>(console.out(), console, JsonForm::Embedded);
    for row in read_back(log, std::slice::from_ref(appended)).await? {
        rows.row(&row, console)?;
    }
    rows.finish::<AppendedRow>()?;
    if appended.repeated {
        console.remark("note: this append was recorded before; nothing was stored twice");
    }
    Ok(())
}

/// The events of appends as the log holds them. Neighbours in the log are read together.
pub(crate) async fn read_back(log: &Log, appended: &[Appended]) -> Result<Vec<AppendedRow>, Failure> {
    let mut rows: Vec<AppendedRow> = Vec::new();
    let places: Vec<(Position, bool)> = appended
        .iter()
        .flat_map(|append| append.events.iter().map(|place| (place.position, append.repeated)))
        .collect();
    for run in places.chunk_by(|(before, _), (position, _)| before.next() == *position) {
        let (Some((first, _)), Some((last, _))) = (run.first(), run.last()) else { continue };
        let options = ReadOptions {
            after: first.0.checked_sub(1).map(Position),
            size: Some(last.next().0),
            ..ReadOptions::default()
        };
        let mut reader = EventReader::new(log.events(), Query::all(), options);
        let mut events = Vec::with_capacity(run.len());
        while let Some(page) = reader.next_page().await? {
            events.extend(page);
        }
        if events.len() != run.len() {
            let reason = format!(
                "{} events were appended from position {first} on, {} are there",
                run.len(),
                events.len()
            );
            return Err(StoreError::Corrupt { reason }.into());
        }
        rows.extend(
            events
                .into_iter()
                .zip(run)
                .map(|(event, (_, repeated))| AppendedRow { event, repeated: *repeated }),
        );
    }
    Ok(rows)
}

impl Record for AppendedRow {
    const COLUMNS: &'static [&'static str] = EVENT_COLUMNS;

    fn fields(&self) -> Vec<String> {
        EventRow(&self.event).fields()
    }

    fn write_json(&self, text: &mut String, form: JsonForm) {
        self.event.write_json(text, form);
        if self.repeated && text.ends_with('}') {
            text.pop();
            text.push_str(",\"repeated\":true}");
        }
    }
}

impl Row for AppendedRow {
    const HEADINGS: &'static [Heading] = EventRow::HEADINGS;

    fn cells(&self, console: &Console) -> Vec<Cell> {
        EventRow(&self.event).cells(console)
    }
}
