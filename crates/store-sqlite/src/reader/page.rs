use std::time::{Duration, Instant};

use annals_event::{JsonPointer, Position, RecordedEvent};
use annals_store::{Comparison, Direction, Page, PageRequest, PayloadPredicate, Query, QueryItem, TimeRange};
use rusqlite::{Connection, params};

use super::candidates::Candidates;
use super::moment::Moment;
use super::plan::{Connections, PAYLOAD_POSITIONS_MAX, Sources};
use super::truth::{EventsAt, event_at};
use crate::errors::{Result, sqlite};
use crate::tail::Tail;
use crate::{row, sql};

/// No read transaction lives longer than this: a page ends early and says where to go on.
const PAGE_TIME_MAX: Duration = Duration::from_millis(500);

/// So many candidates are looked at between two looks at the clock.
const CANDIDATES_PER_LOOK: u32 = 256;

/// What takes no longer than this is read on the caller's own thread: another one would have to be woken for it,
/// which takes as long.
const MOMENT: Duration = Duration::from_micros(200);

/// More events than this are not expected to be read in a moment.
const MOMENT_EVENTS_MAX: usize = 100;

/// So many positions of an indexed value are listed in a moment.
const MOMENT_POSITIONS_MAX: u32 = 1_024;

/// Room for so many events is made beforehand.
const EVENTS_EXPECTED: usize = 64;

/// A page, and whether it ended for want of time.
pub(crate) struct Begun {
    pub(crate) page: Page,
    pub(crate) bytes: usize,
    pub(crate) is_late: bool,
}

/// A page that is being filled.
struct Filling {
    request: PageRequest,
    events: Vec<RecordedEvent>,
    bytes: usize,
    started: Instant,
    looked_at: u32,
    time_max: Duration,
    is_late: bool,
}

/// Reads one page of what matches `query`. The tail is locked while the page is planned, not while it is read.
pub(crate) fn read_page(
    connections: Connections<'_>,
    tail: &Tail,
    query: &Query,
    request: PageRequest,
) -> Result<Page> {
    let filling = Filling::new(request, PAGE_TIME_MAX);
    Ok(fill(connections, tail, query, (filling, PAYLOAD_POSITIONS_MAX))?.page)
}

/// Reads as much of a page as can be read in a moment, where it is likely that this is all.
pub(crate) fn begin_page(
    connections: Connections<'_>,
    tail: &Tail,
    query: &Query,
    request: PageRequest,
) -> Result<Begun> {
    fill(connections, tail, query, (Filling::new(request, MOMENT), MOMENT_POSITIONS_MAX))
}

/// Whether a page can probably be read in a moment: each item has a condition that few events fulfil and whose
/// positions are found at once, and either few events are wanted or an indexed value names them.
pub(crate) fn is_short(query: &Query, request: &PageRequest, payload_paths: &[JsonPointer]) -> bool {
    let few_wanted = request.events_max <= MOMENT_EVENTS_MAX;
    let is_value = |predicate: &PayloadPredicate| {
        predicate.comparison == Comparison::Equal && payload_paths.contains(&predicate.pointer)
    };
    let is_narrow = |item: &QueryItem| {
        let is_named = !item.streams.is_empty() || item.correlation_id.is_some() || !item.tags.is_empty();
        let has_no_range = item.timestamp == TimeRange::default() && item.recorded_at == TimeRange::default();
        let has_few = few_wanted && is_named || item.payload.iter().any(is_value);
        has_few && has_no_range && item.aggregate_id.is_none()
    };
    !query.items.is_empty() && query.items.iter().all(is_narrow)
}

fn fill(
    connections: Connections<'_>,
    tail: &Tail,
    query: &Query,
    (mut filling, positions_max): (Filling, u32),
) -> Result<Begun> {
    let moment = Moment::of(connections);
    let (mut candidates, size) = {
        let tail = tail.read();
        let size = filling.request.size.map_or(tail.size, |size| size.min(tail.size));
        (Sources { connections, tail: &tail.view(), size }.plan_within(query, positions_max)?, size)
    };
    if candidates.are_read_from_index() {
        moment.begin_on_index()?;
    }
    let resume = match (first_position(&filling.request, size), &mut candidates) {
        (None, _) | (_, Candidates::Nothing) => None,
        (Some(from), Candidates::Range { first, last }) => {
            filling.scan(connections.truth, query, (*first, *last), from)?
        }
        (Some(from), candidates) => {
            filling.follow((connections.truth, &moment), query, candidates, (from, size))?
        }
    };
    let Filling { events, bytes, is_late, .. } = filling;
    Ok(Begun { page: Page { events, resume: resume.map(Position), size }, bytes, is_late })
}

/// The first event at or behind `from` that matches `query`.
pub(crate) fn first_match(sources: &Sources<'_, '_>, query: &Query, from: u64) -> Result<Option<Position>> {
    let mut candidates = sources.plan(query)?;
    let mut from = from;
    while let Some(at) = candidates.seek(from, Direction::Forwards)?.filter(|at| *at < sources.size) {
        if event_at(sources.connections.truth, at)?.is_some_and(|event| query.matches(&event)) {
            return Ok(Some(Position(at)));
        }
        from = at + 1;
    }
    Ok(None)
}

/// Where to begin; `None` when nothing can lie there.
fn first_position(request: &PageRequest, size: u64) -> Option<u64> {
    let last = size.checked_sub(1)?;
    match (request.direction, request.after) {
        (Direction::Forwards, None) => Some(0),
        (Direction::Forwards, Some(after)) => after.0.checked_add(1).filter(|from| *from <= last),
        (Direction::Backwards, None) => Some(last),
        (Direction::Backwards, Some(after)) => after.0.checked_sub(1).map(|from| from.min(last)),
    }
}

impl Filling {
    fn new(request: PageRequest, time_max: Duration) -> Self {
        let events = Vec::with_capacity(request.events_max.min(EVENTS_EXPECTED));
        Self { request, events, bytes: 0, started: Instant::now(), looked_at: 0, time_max, is_late: false }
    }

    fn is_full(&mut self) -> bool {
        if self.events.len() >= self.request.events_max.max(1) || self.bytes >= self.request.bytes_max.max(1)
        {
            return true;
        }
        self.looked_at += 1;
        let look = self.looked_at.is_multiple_of(CANDIDATES_PER_LOOK) || self.time_max == MOMENT;
        self.is_late = look && self.started.elapsed() > self.time_max;
        self.is_late
    }

    fn take(&mut self, event: RecordedEvent) {
        let payload = event.payload.value().map_or(0, |payload| payload.as_str().len());
        let metadata = event.metadata.value().map_or(0, |metadata| metadata.as_str().len());
        self.bytes += payload + metadata;
        self.events.push(event);
    }

    /// Reads a run of positions with one statement; the position to go on from, if the run is longer.
    fn scan(
        &mut self,
        truth: &Connection,
        query: &Query,
        (first, last): (u64, u64),
        from: u64,
    ) -> Result<Option<u64>> {
        let (statement, first, last) = match self.request.direction {
            Direction::Forwards => (sql::EVENTS_FORWARDS, first.max(from), last),
            Direction::Backwards => (sql::EVENTS_BACKWARDS, first, last.min(from)),
        };
        let mut statement = truth.prepare_cached(statement).map_err(sqlite)?;
        let mut rows = statement.query(params![first, last.saturating_add(1)]).map_err(sqlite)?;
        let end = if self.request.direction == Direction::Forwards { last } else { first };
        while let Some(row) = rows.next().map_err(sqlite)? {
            let event = row::event(row)?;
            let position = event.position.0;
            if query.matches(&event) {
                self.take(event);
            }
            if position == end {
                return Ok(None);
            }
            if self.is_full() {
                return Ok(Some(position));
            }
        }
        Ok(None)
    }

    /// Looks at candidate after candidate.
    fn follow(
        &mut self,
        (truth, moment): (&Connection, &Moment<'_>),
        query: &Query,
        candidates: &mut Candidates<'_>,
        (from, size): (u64, u64),
    ) -> Result<Option<u64>> {
        let direction = self.request.direction;
        let mut from = from;
        let mut events = EventsAt::of(truth)?;
        while let Some(at) = candidates.seek(from, direction)?.filter(|at| *at < size) {
            if self.looked_at == 1 {
                moment.begin_on_truth()?;
            }
            if let Some(event) = events.get(at)?.filter(|event| query.matches(event)) {
                self.take(event);
            }
            let next = match direction {
                Direction::Forwards => at.checked_add(1),
                Direction::Backwards => at.checked_sub(1),
            };
            let Some(next) = next else { return Ok(None) };
            if self.is_full() {
                return Ok(Some(at));
            }
            from = next;
        }
        Ok(None)
    }
}
