//! What was recorded.

use std::fmt::Write as _;

use annals::{
    Appended, EventReader, EventStore, JsonForm, Placement, Position, Query, ReadOptions, RecordedEvent,
    StoreError,
};

use crate::event::{EVENT_COLUMNS, EventRow};
use crate::records::Record;

/// An event that an append recorded, now or before.
///
/// Its JSON form is the event's, with `"repeated":true` at its end when it was recorded before.
pub struct AppendedRow {
    /// The event.
    pub event: RecordedEvent,
    /// Whether it was recorded before.
    pub repeated: bool,
}

/// The events of appends as the log holds them. Neighbours in the log are read together.
///
/// # Errors
/// [`StoreError`], also when an event that was acknowledged is not there.
pub async fn read_back(
    events: &dyn EventStore,
    appended: &[Appended],
) -> Result<Vec<AppendedRow>, StoreError> {
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
        let mut reader = EventReader::new(events, Query::all(), options);
        let mut found = Vec::with_capacity(run.len());
        while let Some(page) = reader.next_page().await? {
            found.extend(page);
        }
        if found.len() != run.len() {
            let reason = format!(
                "{} events were appended from position {first} on, {} are there",
                run.len(),
                found.len()
            );
            return Err(StoreError::Corrupt { reason });
        }
        rows.extend(
            found
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

/// Appends where the events of one append stand, as one JSON object: `events`, each with `eventId`, `position`, `version`
/// and `recordedAt`, in the order of the append, and `repeated`.
pub fn write_appended(text: &mut String, appended: &Appended) {
    text.push_str("{\"events\":[");
    for (index, placement) in appended.events.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        let Placement { event_id, position, version, recorded_at } = placement;
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "{{\"eventId\":\"{event_id}\",\"position\":{position},\"version\":{version},\"recordedAt\":\"{recorded_at}\"}}"
        );
    }
    let _ = write!(text, "],\"repeated\":{}}}", appended.repeated);
}
