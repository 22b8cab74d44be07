use annals_event::{JsonObject, Position, RecordedEvent};

use crate::page::{Direction, Page, PageRequest};
use crate::proof_store::ProvableEvent;
use crate::query::Query;

/// Looks at one event after the other until the page is full.
pub(super) fn page(rows: &[ProvableEvent], query: &Query, request: PageRequest) -> Page {
    let size = request.size.map_or(rows.len() as u64, |size| size.min(rows.len() as u64));
    let rows = rows.get(..size as usize).unwrap_or(rows);
    match request.direction {
        Direction::Forwards => fill(rows.iter(), query, request, size),
        Direction::Backwards => fill(rows.iter().rev(), query, request, size),
    }
}

fn fill<'a>(
    rows: impl Iterator<Item = &'a ProvableEvent>,
    query: &Query,
    request: PageRequest,
    size: u64,
) -> Page {
    let mut page = Page { size, ..Page::default() };
    let mut bytes = 0;
    let mut candidates =
        rows.map(|row| &row.event).filter(|event| is_behind(event.position, request)).peekable();
    while let Some(event) = candidates.next() {
        if !query.matches(event) {
            continue;
        }
        bytes += producer_bytes(event);
        page.events.push(event.clone());
        let is_full = page.events.len() >= request.events_max || bytes >= request.bytes_max;
        if is_full && candidates.peek().is_some() {
            page.resume = Some(event.position);
            break;
        }
    }
    page
}

/// Whether a position lies behind the place to go on from, in the order asked for.
fn is_behind(position: Position, request: PageRequest) -> bool {
    request.after.is_none_or(|after| match request.direction {
        Direction::Forwards => position > after,
        Direction::Backwards => position < after,
    })
}

/// The bytes of payload and metadata.
fn producer_bytes(event: &RecordedEvent) -> usize {
    let texts = [event.payload.value(), event.metadata.value()];
    texts.into_iter().flatten().map(JsonObject::as_str).map(str::len).sum()
}
