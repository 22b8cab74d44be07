use annals::{Committed, RecordedEvent};
use annals_wire::{ERASED, EventRow, event_actor, scalar_members};

use super::cell::{Cell, Heading};
use super::console::Console;
use super::rows::Row;

impl Row for EventRow<'_> {
    const HEADINGS: &'static [Heading] = &[
        Heading::right("position"),
        Heading::left("time"),
        Heading::left("type"),
        Heading::left("aggregate"),
        Heading::right("version"),
        Heading::left("actor"),
        Heading::left("payload"),
    ];

    fn cells(&self, console: &Console) -> Vec<Cell> {
        let event = self.0;
        let payload = match &event.payload {
            Committed::Value(payload) => Cell::Members(scalar_members(payload.as_str())),
            Committed::Erased(_) => Cell::from(ERASED),
        };
        vec![
            Cell::from(event.position),
            Cell::from(console.time(event.timestamp)),
            Cell::from(&event.event_type),
            Cell::from(aggregate(event)),
            Cell::from(event.version),
            Cell::from(event_actor(event)),
            payload,
        ]
    }
}

fn aggregate(event: &RecordedEvent) -> String {
    let id = event.aggregate_id.value().map_or_else(|| ERASED.to_owned(), ToString::to_string);
    format!("{}/{id}", event.aggregate_type)
}
