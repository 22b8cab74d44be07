use std::time::{Duration, Instant};

use annals_event::{Position, RecordedEvent};
use annals_store::{Direction, Page, PageRequest, Query};
use rusqlite::{Connection, params};

use super::candidates::Candidates;
use super::plan::{Connections, Sources};
use super::truth::event_at;
use crate::errors::{Result, sqlite};
use crate::tail::Tail;
use crate::{row, sql};

/// No read transaction lives longer than this: a page ends early and says where to go on.
const PAGE_TIME_MAX: Duration = Duration::from_millis(500);

/// So many candidates are looked at between two looks at the clock.
const CANDIDATES_PER_LOOK: u32 = 256;

/// A page that is being filled.
struct Filling {
    request: PageRequest,
    events: Vec<RecordedEvent>,
    bytes: usize,
    started: Instant,
    looked_at: u32,
}

/// Reads one page of what matches `query`. The tail is locked while the page is planned, not while it is read.
pub(crate) fn read_page(
    connections: Connections<'_>,
    tail: &Tail,
    query: &Query,
    request: PageRequest,
) -> Result<Page> {
    let (mut candidates, size) = {
        let tail = tail.read();
        let size = request.size.map_or(tail.size, |size| size.min(tail.size));
        (Sources { connections, tail: &tail.view(), size }.plan(query)?, size)
    };
    let page = |events, resume| Page { events, resume, size };
    let Some(from) = first_position(&request, size) else { return Ok(page(Vec::new(), None)) };
    let mut filling = Filling::new(request);
    let resume = match &mut candidates {
        Candidates::Nothing => None,
        Candidates::Range { first, last } => filling.scan(connections.truth, query, (*first, *last), from)?,
        candidates => filling.follow(connections.truth, query, candidates, (from, size))?,
    };
    Ok(page(filling.events, resume.map(Position)))
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
    fn new(request: PageRequest) -> Self {
        let events = Vec::with_capacity(request.events_max.min(256));
        Self { request, events, bytes: 0, started: Instant::now(), looked_at: 0 }
    }

    fn is_full(&mut self) -> bool {
        self.looked_at += 1;
        let look = self.looked_at.is_multiple_of(CANDIDATES_PER_LOOK);
        self.events.len() >= self.request.events_max.max(1)
            || self.bytes >= self.request.bytes_max.max(1)
            || (look && self.started.elapsed() > PAGE_TIME_MAX)
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
        truth: &Connection,
        query: &Query,
        candidates: &mut Candidates<'_>,
        (from, size): (u64, u64),
    ) -> Result<Option<u64>> {
        let direction = self.request.direction;
        let mut from = from;
        while let Some(at) = candidates.seek(from, direction)?.filter(|at| *at < size) {
            if let Some(event) = event_at(truth, at)?.filter(|event| query.matches(event)) {
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
