use annals::history::{Source, StateAt};
use annals_wire::{StateRow, compact, scalar_members};

use crate::output::{Cell, Console, Heading, Row};

impl Row for StateRow<'_> {
    const HEADINGS: &'static [Heading] = &[
        Heading::left("aggregate"),
        Heading::right("version"),
        Heading::left("last change"),
        Heading::left("state"),
    ];

    fn cells(&self, console: &Console) -> Vec<Cell> {
        let last = self.at.last.as_ref();
        vec![
            Cell::from(&self.at.stream),
            Cell::from(self.at.version()),
            Cell::from(last.map(|last| console.time(last.timestamp)).unwrap_or_default()),
            Cell::Members(scalar_members(&compact(&self.at.state))),
        ]
    }
}

/// Where a state comes from, for people.
pub(super) fn source_in_words(at: &StateAt) -> String {
    let events = match at.folded {
        1 => "1 event".to_owned(),
        folded => format!("{folded} events"),
    };
    match at.source {
        Source::Replay => format!("{events}, without a snapshot"),
        Source::Snapshot(version) => format!("a snapshot of version {version}, and {events} behind it"),
        Source::Cache => "the cache".to_owned(),
    }
}

/// Tells that not all events that came late are named.
pub(super) fn tell_unnamed(at: &StateAt, console: &Console) {
    let named = at.late.events.len() as u64;
    if at.late.count > named {
        let (count, stream) = (at.late.count, &at.stream);
        console.remark(&format!("note: {count} events of {stream} came late; the first {named} are named"));
    }
}
