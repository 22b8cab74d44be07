use std::time::{Duration, Instant};

use annals_event::{JsonObject, Position, RecordedEvent};
use annals_store::{Direction, Page, PageRequest, Query, QueryItem, TimeRange};
use futures_util::future::try_join_all;

use super::filter::Filter;
use crate::connection::Session;
use crate::errors::{Failure, corrupt};
use crate::row::EventColumns;
use crate::sql;

/// A page that took so long ends early and says where to go on.
const PAGE_TIME_MAX: Duration = Duration::from_millis(500);

/// Where many of the events that are found do not match, so many are asked for at least.
const CANDIDATES_MIN: usize = 512;

/// Positions from the first to, not including, the second.
type Range = (u64, u64);

/// What one statement found.
struct Found {
    size: u64,
    events: Vec<RecordedEvent>,
    /// The last position that was looked at; `None` when all were.
    looked_until: Option<u64>,
}

/// An item of a question, as it is asked.
struct Asked {
    filter: Filter,
    /// Where its events lie, by their time of recording.
    range: Range,
}

/// A page that is being filled.
struct Filling<'q> {
    query: &'q Query,
    request: PageRequest,
    events: Vec<RecordedEvent>,
    bytes: usize,
    /// The log's size that the page shows, once it is known.
    size: Option<u64>,
    /// Where to go on.
    after: Option<Position>,
    /// How many statements were carried out for each item so far.
    statements: u32,
}

/// Reads one page of what matches `query`, statement by statement, each a transaction of its own.
pub(crate) async fn read_page(
    session: &Session,
    query: &Query,
    request: PageRequest,
) -> Result<Page, Failure> {
    let started = Instant::now();
    let asked = ask(session, query).await?;
    let mut filling = Filling {
        query,
        request,
        events: Vec::new(),
        bytes: 0,
        size: None,
        after: request.after,
        statements: 0,
    };
    if asked.iter().any(|asked| asked.filter.span(0) < u64::MAX) && request.direction == Direction::Backwards
    {
        filling.learn_size(session).await?;
    }
    loop {
        let found = try_join_all(asked.iter().map(|asked| filling.find(session, asked))).await?;
        let resume = filling.take(found);
        let is_late = started.elapsed() > PAGE_TIME_MAX;
        if resume.is_none() || filling.is_full() || is_late {
            let size = filling.size.unwrap_or_default();
            return Ok(Page { events: filling.events, resume, size });
        }
        filling.after = resume;
        filling.statements += 1;
    }
}

/// The first event behind `after` that matches `query`.
pub(crate) async fn first_match(
    session: &Session,
    query: &Query,
    after: Option<Position>,
) -> Result<Option<Position>, Failure> {
    let mut request = PageRequest { after, events_max: 1, ..PageRequest::default() };
    loop {
        let page = read_page(session, query, request).await?;
        match (page.events.first(), page.resume) {
            (Some(event), _) => return Ok(Some(event.position)),
            (None, None) => return Ok(None),
            (None, resume) => request.after = resume,
        }
    }
}

/// What is asked for the items of a question; one that asks for everything where it has none.
async fn ask(session: &Session, query: &Query) -> Result<Vec<Asked>, Failure> {
    let everything = QueryItem::default();
    let items = if query.items.is_empty() { std::slice::from_ref(&everything) } else { &query.items };
    let mut asked = Vec::with_capacity(items.len());
    for item in items {
        let range = recorded_between(session, item.recorded_at).await?;
        asked.push(Asked { filter: Filter::of(item), range });
    }
    Ok(asked)
}

/// Times of recording grow with positions, so a range of the one is a range of the other.
async fn recorded_between(session: &Session, range: TimeRange) -> Result<Range, Failure> {
    if range == TimeRange::default() {
        return Ok((0, u64::MAX));
    }
    let micros = |moment: Option<annals_event::Timestamp>| moment.map(annals_event::Timestamp::as_micros);
    let row = session.query_optional(sql::RECORDED_RANGE, &[&micros(range.from), &micros(range.to)]).await?;
    let row = row.ok_or_else(|| corrupt("the log has no head"))?;
    let (first, until): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    // What is recorded from now on may lie in an open range, too.
    let until = if range.to.is_some() { until.cast_unsigned() } else { u64::MAX };
    Ok((first.cast_unsigned(), until))
}

impl Filling<'_> {
    fn is_full(&self) -> bool {
        self.events.len() >= self.request.events_max.max(1) || self.bytes >= self.request.bytes_max.max(1)
    }

    async fn learn_size(&mut self, session: &Session) -> Result<(), Failure> {
        let head = crate::writer::read_head(session).await?.head();
        self.size = Some(self.request.size.map_or(head.size, |size| size.min(head.size)));
        Ok(())
    }

    /// Where is still to be looked, for one item.
    fn range_left(&self, asked: &Asked) -> Range {
        let until = self.size.or(self.request.size).unwrap_or(u64::MAX);
        let (first, until) = match (self.request.direction, self.after) {
            (_, None) => (0, until),
            (Direction::Forwards, Some(after)) => (after.0.saturating_add(1), until),
            (Direction::Backwards, Some(after)) => (0, until.min(after.0)),
        };
        let until = until.min(asked.range.1).min(i64::MAX.cast_unsigned());
        (first.max(asked.range.0).min(until), until)
    }

    /// Asks for the next events of one item.
    async fn find(&self, session: &Session, asked: &Asked) -> Result<Found, Failure> {
        let (first, until) = self.range_left(asked);
        let span = asked.filter.span(self.statements);
        let (first, until, is_cut) = match self.request.direction {
            Direction::Forwards => (first, until.min(first.saturating_add(span)), until - first > span),
            Direction::Backwards => (first.max(until.saturating_sub(span)), until, until - first > span),
        };
        let wanted = self.request.events_max.max(1).saturating_sub(self.events.len()).saturating_add(1);
        let limit = if asked.filter.is_exact { wanted } else { wanted.max(CANDIDATES_MIN) };
        let bytes_left = self.request.bytes_max.max(1).saturating_sub(self.bytes).max(1);
        let filter = &asked.filter;
        let rows = session
            .query(
                filter.statement(self.request.direction),
                &[
                    &first.cast_signed(),
                    &until.cast_signed(),
                    &i64::try_from(limit).unwrap_or(i64::MAX),
                    &i64::try_from(bytes_left).unwrap_or(i64::MAX),
                    &filter.keys,
                    &filter.event_types,
                    &filter.streams,
                    &filter.aggregate_type,
                    &filter.aggregate_id,
                    &filter.actor_id,
                    &filter.earliest,
                    &filter.latest,
                ],
            )
            .await?;
        let mut found = Found { size: 0, events: Vec::with_capacity(rows.len()), looked_until: None };
        for row in &rows {
            found.size = row.try_get::<_, i64>(0)?.cast_unsigned();
            found.events.extend(EventColumns::from(row, 1).event()?);
        }
        let bytes: usize = found.events.iter().map(producer_bytes).sum();
        let is_cut_short = found.events.len() >= limit || bytes >= bytes_left;
        let last = found.events.last().map(|event| event.position.0);
        let end_of_span = match self.request.direction {
            Direction::Forwards => until.checked_sub(1),
            Direction::Backwards => Some(first),
        };
        found.looked_until = if is_cut_short { last } else { end_of_span.filter(|_| is_cut) };
        Ok(found)
    }

    /// Takes what was found, in the order of reading; where to go on, if there may be more.
    fn take(&mut self, found: Vec<Found>) -> Option<Position> {
        let seen = found.first().map_or(0, |found| found.size);
        let size = *self.size.get_or_insert(self.request.size.map_or(seen, |size| size.min(seen)));
        let direction = self.request.direction;
        // What lies beyond the nearest end is not complete: other items were not looked at so far.
        let ends = found.iter().filter_map(|found| found.looked_until);
        let end = match direction {
            Direction::Forwards => ends.min(),
            Direction::Backwards => ends.max(),
        };
        let is_complete = |position: u64| {
            end.is_none_or(|end| match direction {
                Direction::Forwards => position <= end,
                Direction::Backwards => position >= end,
            })
        };
        let mut events: Vec<RecordedEvent> = found.into_iter().flat_map(|found| found.events).collect();
        events.retain(|event| event.position.0 < size && is_complete(event.position.0));
        events.sort_by_key(|event| event.position);
        events.dedup_by_key(|event| event.position);
        if direction == Direction::Backwards {
            events.reverse();
        }
        let mut events = events.into_iter().peekable();
        while let Some(event) = events.next() {
            if !self.query.matches(&event) {
                continue;
            }
            let position = event.position;
            self.bytes += producer_bytes(&event);
            self.events.push(event);
            if self.is_full() {
                return (events.peek().is_some() || end.is_some()).then_some(position);
            }
        }
        // Forwards a span may end beyond the log.
        end.filter(|end| direction == Direction::Backwards || end.saturating_add(1) < size).map(Position)
    }
}

/// The bytes of payload and metadata.
fn producer_bytes(event: &RecordedEvent) -> usize {
    let texts = [event.payload.value(), event.metadata.value()];
    texts.into_iter().flatten().map(JsonObject::as_str).map(str::len).sum()
}
