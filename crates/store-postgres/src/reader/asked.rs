//! What is asked for a question: of each item how its events are found, and among which positions.

use annals_store::{Query, QueryItem, TimeRange};

use super::filter::{Filter, LookUp, Way};
use super::gathered::gathered;
use super::page::Range;
use crate::connection::Session;
use crate::errors::{Failure, corrupt};
use crate::payload_path::PayloadPaths;
use crate::sql;

/// Where events of a range of time lie among no more positions than this, they are looked up by their type.
const NEAR: u64 = 65_536;

/// An item of a question, as it is asked.
pub(super) struct Asked {
    pub(super) filter: Filter,
    /// Where its events lie, by their times.
    pub(super) range: Range,
    /// The blocks in which they are gathered, in their order; none where they are found otherwise.
    pub(super) blocks: Vec<Range>,
}

/// What is asked for the items of a question; one that asks for everything where it has none. And the size of the log
/// for which it holds, if not for every.
pub(super) async fn ask(
    session: &Session,
    query: &Query,
    paths: &PayloadPaths,
) -> Result<(Vec<Asked>, Option<u64>), Failure> {
    let everything = QueryItem::default();
    let items = if query.items.is_empty() { std::slice::from_ref(&everything) } else { &query.items };
    if paths.are_behind() && items.iter().any(|item| !item.payload.is_empty()) {
        paths.refresh(session).await?;
    }
    let mut asked = Vec::with_capacity(items.len());
    let mut at_size = None;
    for item in items {
        let (item, size) = ask_item(session, item, paths).await?;
        asked.push(item);
        at_size = at_size.into_iter().chain(size).min();
    }
    Ok((asked, at_size))
}

async fn ask_item(
    session: &Session,
    item: &QueryItem,
    paths: &PayloadPaths,
) -> Result<(Asked, Option<u64>), Failure> {
    let range = recorded_between(session, item.recorded_at).await?;
    let filter = Filter::of(item, paths);
    let gathered = if filter.is_wide() { gathering(session, item, paths).await? } else { None };
    let has_type = !item.event_types.is_empty();
    let may_be_narrow = filter.look_up == LookUp::Zones && (has_type || gathered.is_some());
    let narrow = if may_be_narrow { happened_between(session, item.timestamp).await? } else { None };
    Ok(match (narrow, gathered) {
        (Some((near, size)), _) => {
            let filter = if has_type { Filter::by_event_type(item, paths) } else { filter };
            let range = (range.0.max(near.0), range.1.min(near.1));
            (Asked { filter, range, blocks: Vec::new() }, Some(size))
        }
        (None, Some((way, blocks))) => (Asked { filter: Filter::by(way, item, paths), range, blocks }, None),
        (None, None) => (Asked { filter, range, blocks: Vec::new() }, None),
    })
}

/// By what an item's events may be gathered, and the blocks that have the index for it, if any has.
async fn gathering(
    session: &Session,
    item: &QueryItem,
    paths: &PayloadPaths,
) -> Result<Option<(Way, Vec<Range>)>, Failure> {
    for gathered in gathered(item, paths) {
        let mut blocks = Vec::new();
        for row in session.query(sql::BLOCKS_INDEXED, &[&gathered.index]).await? {
            let number = |at| row.try_get::<_, i64>(at).map(i64::cast_unsigned);
            blocks.push((number(0)?, number(1)?));
        }
        if !blocks.is_empty() {
            return Ok(Some((gathered.way, blocks)));
        }
    }
    Ok(None)
}

/// Where the events of a range of time lie, if that is known and no long way, and the size of the log for which it is.
async fn happened_between(session: &Session, range: TimeRange) -> Result<Option<(Range, u64)>, Failure> {
    let micros = |moment: Option<annals_event::Timestamp>| moment.map(annals_event::Timestamp::as_micros);
    let moments = (micros(range.from), micros(range.to));
    let row = session.query_optional(sql::ZONES_BETWEEN, &[&moments.0, &moments.1]).await?;
    let Some(row) = row else { return Ok(None) };
    let number = |at| row.try_get::<_, i64>(at).map(i64::cast_unsigned);
    let (first, until, size) = (number(0)?, number(1)?, number(2)?);
    Ok((until - first.min(until) <= NEAR).then_some(((first, until), size)))
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
