//! Where an item of a question is looked for: in what is sealed, in what the tail knows, and in the rest.

use annals_event::RecordedEvent;
use annals_store::Direction;
use futures_util::future::try_join_all;

use super::asked::Asked;
use super::filter::{Filter, SCANNED_SPAN};
use super::page::{Filling, Range, producer_bytes};
use super::statement::{Place, statement};
use crate::connection::{Parameters, Session};
use crate::errors::Failure;
use crate::row::EventColumns;

/// Where many of the events that are found do not match, so many are asked for at least.
const CANDIDATES_MIN: usize = 512;

/// Where the tail knows of so few events that may be wanted, they are asked for together with those that are sealed.
const TOGETHER_MAX: usize = 64;

/// What statements found.
pub(super) struct Found {
    /// The least size of the log that one of them saw; `None` if there was nothing to ask.
    pub(super) size: Option<u64>,
    pub(super) events: Vec<RecordedEvent>,
    /// The last position that was looked at; `None` when all were.
    pub(super) looked_until: Option<u64>,
}

/// What one statement asks for an item.
pub(super) struct Part<'a> {
    pub(super) place: Place,
    /// The blocks that are asked, where the statement names them.
    pub(super) blocks: Range,
    pub(super) keys: Option<&'a [String]>,
    pub(super) range: Range,
    /// Whether the item is looked for beyond the range, too.
    pub(super) is_cut: bool,
}

impl Filling<'_> {
    /// Where is still to be looked, for one item.
    pub(super) fn range_left(&self, asked: &Asked) -> Range {
        let until = self.size.or(self.request.size).unwrap_or(u64::MAX);
        let (first, until) = match (self.request.direction, self.after) {
            (_, None) => (0, until),
            (Direction::Forwards, Some(after)) => (after.0.saturating_add(1), until),
            (Direction::Backwards, Some(after)) => (0, until.min(after.0)),
        };
        let until = until.min(asked.range.1).min(i64::MAX.cast_unsigned());
        (first.max(asked.range.0).min(until), until)
    }

    /// Finds the next events of one item, part by part of the log, in the order of reading.
    pub(super) async fn find(&self, session: &Session, asked: &Asked) -> Result<Found, Failure> {
        if !asked.blocks.is_empty() {
            return self.gather(session, asked).await;
        }
        let (filter, range) = (&asked.filter, self.range_left(asked));
        let Some(wanted) = filter.wanted() else {
            let span = filter.span(self.statements);
            return self
                .ask(session, filter, self.part(Place::Whole, filter.keys.as_deref(), (range, span)))
                .await;
        };
        let known = within(range, (self.tail.sealed, self.tail.until));
        let candidates = self.tail.positions(&wanted, known, self.request.direction, self.limit(filter));
        let mut places = [
            (Place::Sealed, within(range, (0, self.tail.sealed))),
            (Place::Known, known),
            (Place::Unknown, within(range, (self.tail.until, u64::MAX))),
        ];
        if self.request.direction == Direction::Backwards {
            places.reverse();
        }
        let places = places.into_iter().filter(|(_, range)| range.0 < range.1);
        let parts = places.map(|place| self.find_in(session, filter, place, &candidates));
        let is_all_known = range.1 <= self.tail.until;
        let mut found = Found::nothing();
        if is_all_known && candidates.len() < self.limit(filter).min(TOGETHER_MAX) {
            for part in try_join_all(parts).await? {
                found.add(part);
            }
            return Ok(found);
        }
        for part in parts {
            found.add(part.await?);
            if found.looked_until.is_some() {
                break;
            }
        }
        Ok(found)
    }

    /// Finds the next events of one item in one part of the log; `candidates` are those that the tail knows of.
    async fn find_in(
        &self,
        session: &Session,
        filter: &Filter,
        (place, range): (Place, Range),
        candidates: &[u64],
    ) -> Result<Found, Failure> {
        let span = match place {
            Place::Known => return self.find_known(session, filter, (candidates, range)).await,
            Place::Unknown => SCANNED_SPAN,
            Place::Whole | Place::Sealed | Place::Gathered => u64::MAX,
        };
        self.ask(session, filter, self.part(place, filter.keys.as_deref(), (range, span))).await
    }

    /// Finds the next events of one item in the part that the tail knows.
    async fn find_known(
        &self,
        session: &Session,
        filter: &Filter,
        (candidates, range): (&[u64], Range),
    ) -> Result<Found, Failure> {
        let Some(last) = candidates.last().copied() else { return Ok(Found::nothing()) };
        let is_cut = candidates.len() >= self.limit(filter);
        let range = match self.request.direction {
            Direction::Forwards if is_cut => (range.0, last + 1),
            Direction::Backwards if is_cut => (last, range.1),
            _ => range,
        };
        let keys: Vec<String> = candidates.iter().map(u64::to_string).collect();
        let (place, blocks) = (Place::Known, (0, self.tail.sealed));
        self.ask(session, filter, Part { place, blocks, keys: Some(&keys), range, is_cut }).await
    }

    /// A part that looks at no more than `span` positions.
    fn part<'a>(&self, place: Place, keys: Option<&'a [String]>, (range, span): (Range, u64)) -> Part<'a> {
        let (first, until) = range;
        let range = match self.request.direction {
            Direction::Forwards => (first, until.min(first.saturating_add(span))),
            Direction::Backwards => (first.max(until.saturating_sub(span)), until),
        };
        Part { place, blocks: (0, self.tail.sealed), keys, range, is_cut: until - first > span }
    }

    /// How many events of an item are asked for at a time.
    pub(super) fn limit(&self, filter: &Filter) -> usize {
        let wanted = self.request.events_max.max(1).saturating_sub(self.events.len()).saturating_add(1);
        if filter.is_exact { wanted } else { wanted.max(CANDIDATES_MIN) }
    }

    /// Asks for the next events of one item in one part.
    pub(super) async fn ask(
        &self,
        session: &Session,
        filter: &Filter,
        part: Part<'_>,
    ) -> Result<Found, Failure> {
        let found = self.ask_once(session, filter, &part).await?;
        let (first, until) = part.range;
        let size = found.size.unwrap_or_default();
        if session.has_blocks_until(until.min(size)) {
            return Ok(found);
        }
        // A statement is planned before it looks. A block that was attached between the two is not in its plan, although
        // the size tells of its events; a statement that begins later has it.
        session.learn_block_of(size).await?;
        let part = Part { range: (first.min(size), until.min(size)), ..part };
        let again = self.ask_once(session, filter, &part).await?;
        Ok(Found { size: found.size, ..again })
    }

    async fn ask_once(&self, session: &Session, filter: &Filter, part: &Part<'_>) -> Result<Found, Failure> {
        let (first, until) = part.range;
        let limit = self.limit(filter);
        let bytes_left = self.request.bytes_max.max(1).saturating_sub(self.bytes).max(1);
        let statement = statement(filter.look_up, part.place, self.request.direction);
        let parameters: Parameters<'_> = &[
            &first.cast_signed(),
            &until.cast_signed(),
            &i64::try_from(limit).unwrap_or(i64::MAX),
            &i64::try_from(bytes_left).unwrap_or(i64::MAX),
            &part.keys,
            &filter.event_types,
            &filter.streams,
            &filter.aggregate_type,
            &filter.aggregate_id,
            &filter.actor_id,
            &filter.earliest,
            &filter.latest,
        ];
        let rows = match part.place {
            Place::Sealed | Place::Gathered => {
                session.query_blocks(statement, part.blocks, parameters).await?
            }
            Place::Whole | Place::Known | Place::Unknown => session.query(statement, parameters).await?,
        };
        let mut found = Found { size: None, events: Vec::with_capacity(rows.len()), looked_until: None };
        for row in &rows {
            found.size = Some(row.try_get::<_, i64>(0)?.cast_unsigned());
            found.events.extend(EventColumns::from(row, 1).event()?);
        }
        let bytes: usize = found.events.iter().map(producer_bytes).sum();
        let is_cut_short = found.events.len() >= limit || bytes >= bytes_left;
        let last = found.events.last().map(|event| event.position.0);
        let end_of_range = match self.request.direction {
            Direction::Forwards => until.checked_sub(1),
            Direction::Backwards => Some(first),
        };
        found.looked_until = if is_cut_short { last } else { end_of_range.filter(|_| part.is_cut) };
        Ok(found)
    }
}

impl Found {
    fn nothing() -> Self {
        Self { size: None, events: Vec::new(), looked_until: None }
    }

    /// Adds what was found in the next part, unless something is left out before it.
    fn add(&mut self, next: Self) {
        self.size = self.size.into_iter().chain(next.size).min();
        if self.looked_until.is_none() {
            self.events.extend(next.events);
            self.looked_until = next.looked_until;
        }
    }
}

/// What two ranges have in common.
pub(super) fn within(range: Range, other: Range) -> Range {
    (range.0.max(other.0), range.1.min(other.1))
}
