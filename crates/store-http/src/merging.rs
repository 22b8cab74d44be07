//! One page of the answers to several questions. A server answers one question at a time.

use annals_event::{Position, RecordedEvent};
use annals_store::Direction;

/// A part of the answer to one question, in the order asked for.
pub(crate) struct Part {
    pub(crate) events: Vec<RecordedEvent>,
    /// Where to go on: every match up to here is in this part or in those before.
    pub(crate) resume: Option<Position>,
}

/// The events of all parts up to where every part is complete, each once, at most so many.
pub(crate) fn merge(parts: Vec<Part>, direction: Direction, events_max: usize) -> Part {
    let is_before = |one: Position, other: Position| match direction {
        Direction::Forwards => one < other,
        Direction::Backwards => one > other,
    };
    let ends = parts.iter().filter_map(|part| part.resume);
    let end = ends.reduce(|one, other| if is_before(one, other) { one } else { other });
    let mut events: Vec<RecordedEvent> = parts.into_iter().flat_map(|part| part.events).collect();
    events.retain(|event| end.is_none_or(|end| !is_before(end, event.position)));
    events.sort_by(|one, other| match direction {
        Direction::Forwards => one.position.cmp(&other.position),
        Direction::Backwards => other.position.cmp(&one.position),
    });
    events.dedup_by_key(|event| event.position);
    if events.len() <= events_max {
        return Part { events, resume: end };
    }
    events.truncate(events_max);
    let resume = events.last().map(|event| event.position);
    Part { events, resume }
}
