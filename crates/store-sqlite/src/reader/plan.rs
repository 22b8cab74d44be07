use annals_event::{AggregateId, AggregateType, JsonPointer, StreamName};
use annals_store::{Comparison, PayloadPredicate, Query, QueryItem, TimeRange};
use rusqlite::{Connection, OptionalExtension, params};

use super::candidates::Candidates;
use super::postings::Postings;
use super::zones::Zones;
use crate::errors::{Result, sqlite};
use crate::index::payload_key;
use crate::sql;
use crate::tail::TailView;
use crate::term::Term;

/// More positions of one indexed value are not listed: other conditions or a scan are cheaper then.
pub(super) const PAYLOAD_POSITIONS_MAX: u32 = 65_536;

/// What a plan is made from.
///
/// A plan copies what it needs of the tail, so that nobody waits for whoever follows it.
pub(crate) struct Sources<'a, 't> {
    pub(crate) connections: Connections<'a>,
    pub(crate) tail: &'t TailView<'t>,
    /// Only positions below this one.
    pub(crate) size: u64,
}

/// The two files of a log, opened.
#[derive(Clone, Copy)]
pub(crate) struct Connections<'a> {
    pub(crate) truth: &'a Connection,
    pub(crate) index: &'a Connection,
    /// The payload paths that the index has.
    pub(crate) payload_paths: &'a [JsonPointer],
}

impl<'a> Sources<'a, '_> {
    /// Where to look for the answer to `query`.
    pub(crate) fn plan(&self, query: &Query) -> Result<Candidates<'a>> {
        self.plan_within(query, PAYLOAD_POSITIONS_MAX)
    }

    /// The same with at most so many positions of an indexed payload value listed.
    pub(super) fn plan_within(&self, query: &Query, positions_max: u32) -> Result<Candidates<'a>> {
        if query.items.is_empty() {
            return Ok(self.everything());
        }
        let mut alternatives =
            query.items.iter().map(|item| self.plan_item(item, positions_max)).collect::<Result<Vec<_>>>()?;
        Ok(if alternatives.len() == 1 { alternatives.remove(0) } else { Candidates::Any(alternatives) })
    }

    fn everything(&self) -> Candidates<'a> {
        match self.size.checked_sub(1) {
            Some(last) => Candidates::Range { first: 0, last },
            None => Candidates::Nothing,
        }
    }

    fn plan_item(&self, item: &QueryItem, positions_max: u32) -> Result<Candidates<'a>> {
        let mut conditions = Vec::new();
        if !item.streams.is_empty() {
            conditions.push(self.any(item.streams.iter().map(Term::stream)));
        }
        if let Some(id) = &item.aggregate_id {
            let streams = self.streams_of_id(id, item)?;
            conditions.push(self.any(streams.iter().map(Term::stream)));
        }
        conditions.extend(item.correlation_id.as_deref().map(|id| self.term(Term::correlation(id))));
        conditions.extend(item.tags.iter().map(|tag| self.term(Term::tag(tag))));
        conditions.extend(item.actor_id.as_ref().map(|actor| self.term(Term::actor(actor))));
        for predicate in &item.payload {
            conditions.extend(self.payload_positions(predicate, positions_max)?);
        }
        if !item.event_types.is_empty() {
            conditions.push(self.any(item.event_types.iter().map(Term::event_type)));
        }
        conditions.extend(item.aggregate_type.as_ref().map(|name| self.term(Term::aggregate_type(name))));
        if item.timestamp != TimeRange::default() {
            conditions.push(Candidates::Zones(Zones::of(
                self.connections.index,
                self.tail.first,
                item.timestamp,
            )));
        }
        if item.recorded_at != TimeRange::default() {
            conditions.push(self.recorded_between(item.recorded_at)?);
        }
        Ok(match conditions.len() {
            0 => self.everything(),
            1 => conditions.remove(0),
            _ => Candidates::All(conditions),
        })
    }

    fn any(&self, terms: impl Iterator<Item = Term>) -> Candidates<'a> {
        let mut alternatives: Vec<_> = terms.map(|term| self.term(term)).collect();
        match alternatives.len() {
            0 => Candidates::Nothing,
            1 => alternatives.remove(0),
            _ => Candidates::Any(alternatives),
        }
    }

    fn term(&self, term: Term) -> Candidates<'a> {
        let segments = self.tail.segments.iter();
        let tail = segments.flat_map(|segment| segment.positions_of(term)).collect();
        Candidates::Postings(Postings::of_term(self.connections.index, term, self.tail.first, tail))
    }

    /// The streams with this aggregate id, of whatever type.
    fn streams_of_id(&self, id: &AggregateId, item: &QueryItem) -> Result<Vec<StreamName>> {
        let mut types = Vec::new();
        if let Some(wanted) = &item.aggregate_type {
            types.push(wanted.clone());
        } else {
            let in_tail = self.tail.segments.iter().flat_map(|segment| segment.entries());
            let with_id = in_tail.filter(|(_, entry)| entry.aggregate_id.as_ref() == Some(id));
            types.extend(with_id.map(|(_, entry)| entry.aggregate_type.clone()));
            let mut statement =
                self.connections.index.prepare_cached(sql::INDEX_STREAMS_OF_ID).map_err(sqlite)?;
            let rows =
                statement.query_map(params![id.as_str()], |row| row.get::<_, String>(0)).map_err(sqlite)?;
            for name in rows {
                types.push(AggregateType::from_stored(&name.map_err(sqlite)?));
            }
            types.sort_unstable();
            types.dedup();
        }
        Ok(types
            .into_iter()
            .map(|aggregate_type| StreamName { aggregate_type, aggregate_id: id.clone() })
            .collect())
    }

    /// The positions of an indexed payload value or range of values, when the path is indexed and they are few.
    fn payload_positions(
        &self,
        predicate: &PayloadPredicate,
        positions_max: u32,
    ) -> Result<Option<Candidates<'a>>> {
        let path = self.connections.payload_paths.iter().position(|path| *path == predicate.pointer);
        let (Some(path), Some((least, greatest))) = (path, key_range(predicate)) else { return Ok(None) };
        let mut positions = Vec::new();
        let mut statement =
            self.connections.index.prepare_cached(sql::INDEX_PAYLOAD_POSITIONS).map_err(sqlite)?;
        let limits = params![path, least, greatest, positions_max.saturating_add(1)];
        for position in statement.query_map(limits, |row| row.get::<_, u64>(0)).map_err(sqlite)? {
            positions.push(position.map_err(sqlite)?);
        }
        if positions.len() > positions_max as usize {
            return Ok(None);
        }
        positions.retain(|position| *position < self.tail.first);
        for segment in &self.tail.segments {
            let values = segment.payload_values().filter(|(value, _)| {
                value.path == path && (least.as_slice()..=greatest.as_slice()).contains(&value.key.as_slice())
            });
            positions.extend(values.map(|(_, position)| position));
        }
        positions.sort_unstable();
        Ok(Some(Candidates::Postings(Postings::listed(positions))))
    }

    /// Times of recording grow with positions, so a range of the one is a range of the other.
    fn recorded_between(&self, range: TimeRange) -> Result<Candidates<'a>> {
        let first = match range.from {
            Some(from) => self.partition_point(|recorded_at| recorded_at < from.as_micros())?,
            None => 0,
        };
        let end = match range.to {
            Some(to) => self.partition_point(|recorded_at| recorded_at <= to.as_micros())?,
            None => self.size,
        };
        Ok(match end.checked_sub(1).filter(|last| *last >= first) {
            Some(last) => Candidates::Range { first, last },
            None => Candidates::Nothing,
        })
    }

    /// The first position whose time of recording is not `before`.
    fn partition_point(&self, before: impl Fn(i64) -> bool) -> Result<u64> {
        let mut statement = self.connections.truth.prepare_cached(sql::RECORDED_AT).map_err(sqlite)?;
        let (mut low, mut high) = (0, self.size);
        while low < high {
            let middle = low + (high - low) / 2;
            let recorded_at =
                statement.query_row(params![middle], |row| row.get(0)).optional().map_err(sqlite)?;
            if recorded_at.is_some_and(&before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }
}

/// The keys between which the values lie that fulfil a predicate, both included; none where keys do not help.
fn key_range(predicate: &PayloadPredicate) -> Option<(Vec<u8>, Vec<u8>)> {
    let key = payload_key(&predicate.value.to_string())?;
    let kind = *key.first()?;
    match predicate.comparison {
        Comparison::Equal => Some((key.clone(), key)),
        Comparison::Less | Comparison::LessOrEqual if kind >= 3 => Some((vec![kind], key)),
        Comparison::Greater | Comparison::GreaterOrEqual if kind >= 3 => Some((key, vec![kind + 1])),
        _ => None,
    }
}
