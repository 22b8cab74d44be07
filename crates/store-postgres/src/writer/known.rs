use std::collections::{BTreeSet, HashMap, HashSet};

use annals_event::{
    AggregateId, AggregateType, CursorName, EventId, Position, RecordedEvent, Secret, StreamName,
    StreamVersion,
};
use annals_store::{AppendCondition, CursorValue, PreparedAppend};
use futures_util::future::try_join_all;
use tokio_postgres::Row;

use super::end::LogEnd;
use super::heads::StreamHeads;
use crate::connection::{Parameters, Session};
use crate::errors::{Failure, corrupt};
use crate::reader::{are_unknown, events_with_ids, first_match};
use crate::row::EventColumns;
use crate::sql;
use crate::tail::TailView;
use crate::uuid::Uuid;

/// Everything that the verdicts on a group depend on, besides the group itself and the versions of its streams. It
/// is read in one go; whether it was still true when the group was written, the gate decides.
#[derive(Default)]
pub(super) struct Known {
    pub(super) recorded: HashMap<EventId, RecordedBefore>,
    pub(super) cursors: HashMap<CursorName, CursorValue>,
    /// The first event that matches the condition of the append at an index.
    pub(super) matched: HashMap<usize, Position>,
}

/// An event that has the id of one that is to be written.
pub(super) struct RecordedBefore {
    pub(super) event: RecordedEvent,
    pub(super) secret: Option<Secret>,
}

/// Whether an earlier attempt to write the same group may have succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    None,
    /// The answer was lost, so that even ids that were made for the group may be recorded.
    MayBeStored,
}

/// From where the log is looked at: behind what is published, and behind what is under way over the same connection,
/// where everything that is asked for comes after it.
pub(super) struct Viewpoint<'v> {
    pub(super) session: &'v Session,
    pub(super) tail: &'v TailView,
    /// The end behind what is under way.
    pub(super) end: &'v LogEnd,
    /// The size of the log without what is under way.
    pub(super) published: u64,
    /// The greatest id of an event that is sealed; `None` while none is.
    pub(super) greatest_sealed: Option<EventId>,
    pub(super) doubt: Doubt,
}

impl Known {
    /// Reads what the verdicts on `appends` depend on; the versions of streams go to `heads`. Everything is asked
    /// at once, so that it takes one round trip, and none where all is known.
    pub(super) async fn read(
        viewpoint: &Viewpoint<'_>,
        appends: &[&PreparedAppend],
        heads: &mut StreamHeads,
    ) -> Result<Self, Failure> {
        let Viewpoint { session, tail, end, .. } = *viewpoint;
        let looked_at = (tail, end.size());
        let ids = viewpoint.unknown_ids(appends);
        let streams = unknown_streams(appends, heads);
        let names: BTreeSet<&str> =
            appends.iter().flat_map(|append| &append.cursors).map(|advance| advance.name.as_str()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let conditions = appends.iter().enumerate();
        let conditions = conditions.filter_map(|(index, append)| Some((index, append.condition.as_ref()?)));
        let conditions = conditions.map(|(index, condition)| matched((session, looked_at), index, condition));
        let (recorded, versions, cursors, matched) = tokio::try_join!(
            recorded(session, looked_at, ids),
            // What is under way wrote streams that are known.
            versions(session, (tail, viewpoint.published), &streams),
            cursors(session, &names),
            try_join_all(conditions)
        )?;
        for (stream, version) in streams.into_iter().zip(versions) {
            heads.learn(stream.clone(), version);
        }
        Ok(Self { recorded, cursors, matched: matched.into_iter().flatten().collect() })
    }
}

impl Viewpoint<'_> {
    /// The ids that may be recorded.
    fn unknown_ids(&self, appends: &[&PreparedAppend]) -> Vec<Uuid> {
        let events = appends.iter().flat_map(|append| &append.events);
        let is_doubtful = self.doubt == Doubt::MayBeStored;
        let may_be_recorded = events.filter(|event| is_doubtful || !self.end.has_new_id(event));
        let ids: Vec<Uuid> = may_be_recorded.map(|event| Uuid(event.event_id)).collect();
        let may_be_sealed = |id: &Uuid| self.greatest_sealed.is_some_and(|greatest| id.0 <= greatest);
        let is_known = !ids.iter().any(may_be_sealed) && are_unknown((self.tail, self.published), &ids);
        if is_known { Vec::new() } else { ids }
    }
}

/// The streams whose version decides something and is not known.
fn unknown_streams<'a>(appends: &[&'a PreparedAppend], heads: &StreamHeads) -> Vec<&'a StreamName> {
    let written = appends.iter().flat_map(|append| &append.events).map(|event| &event.sent.stream);
    let expected = appends.iter().flat_map(|append| &append.expected).map(|(stream, _)| stream);
    let unknown: HashSet<&StreamName> =
        written.chain(expected).filter(|stream| heads.known(stream).is_none()).collect();
    unknown.into_iter().collect()
}

async fn recorded(
    session: &Session,
    looked_at: (&TailView, u64),
    ids: Vec<Uuid>,
) -> Result<HashMap<EventId, RecordedBefore>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = events_with_ids(session, looked_at, &ids).await?;
    let mut found = HashMap::with_capacity(rows.len());
    for row in &rows {
        let columns = EventColumns::from(row, 0);
        if let Some(event) = columns.event()? {
            found.insert(event.event_id, RecordedBefore { event, secret: columns.secret() });
        }
    }
    Ok(found)
}

/// The versions of streams' last events below a size.
async fn versions(
    session: &Session,
    (tail, size): (&TailView, u64),
    streams: &[&StreamName],
) -> Result<Vec<Option<StreamVersion>>, Failure> {
    if streams.is_empty() {
        return Ok(Vec::new());
    }
    let types: Vec<&str> = streams.iter().map(|stream| stream.aggregate_type.as_str()).collect();
    let ids: Vec<&str> = streams.iter().map(|stream| stream.aggregate_id.as_str()).collect();
    if tail.reaches(size) {
        let places: Vec<Option<u64>> = streams.iter().map(|stream| tail.last_of(stream, size)).collect();
        let parameters: Parameters<'_> = &[&types, &ids];
        let (sealed, last) = tokio::try_join!(
            sealed_versions(session, tail.sealed, parameters),
            versions_at(session, &places)
        )?;
        let sealed = sealed.into_iter().map(Some).chain(std::iter::repeat(None)).map(Option::flatten);
        let found = sealed.zip(streams.iter().zip(places)).map(|(sealed, (stream, place))| match place {
            Some(place) => last.get(&place).filter(|last| last.0 == **stream).map(|last| Some(last.1)),
            None => Some(sealed),
        });
        // Where another stream meets one in its hash, there is no answer.
        if let Some(versions) = found.collect::<Option<Vec<_>>>() {
            return Ok(versions);
        }
    }
    let size = size.cast_signed();
    let rows = session.query(sql::STREAM_VERSIONS_SUMMED, &[&types, &ids, &size]).await?;
    rows.iter().map(|row| version(row, 0)).collect()
}

/// The versions of streams' last events among those that are sealed; nothing is asked of a young log, where none is.
async fn sealed_versions(
    session: &Session,
    sealed: u64,
    streams: Parameters<'_>,
) -> Result<Vec<Option<StreamVersion>>, Failure> {
    if sealed == 0 {
        return Ok(Vec::new());
    }
    let rows = session.query_blocks(sql::STREAM_VERSIONS, (0, sealed), streams).await?;
    rows.iter().map(|row| version(row, 0)).collect()
}

/// The streams and versions of the events at some positions.
async fn versions_at(
    session: &Session,
    places: &[Option<u64>],
) -> Result<HashMap<u64, (StreamName, StreamVersion)>, Failure> {
    let positions: Vec<i64> = places.iter().flatten().map(|position| position.cast_signed()).collect();
    if positions.is_empty() {
        return Ok(HashMap::new());
    }
    let mut found = HashMap::with_capacity(positions.len());
    for row in session.query(sql::VERSIONS_AT, &[&positions]).await? {
        if let (Some(aggregate_id), Some(version)) = (row.try_get::<_, Option<&str>>(2)?, version(&row, 3)?) {
            let stream = StreamName {
                aggregate_type: AggregateType::from_stored(row.try_get(1)?),
                aggregate_id: AggregateId::from_stored(aggregate_id),
            };
            found.insert(row.try_get::<_, i64>(0)?.cast_unsigned(), (stream, version));
        }
    }
    Ok(found)
}

fn version(row: &Row, at: usize) -> Result<Option<StreamVersion>, Failure> {
    let version: Option<i64> = row.try_get(at)?;
    let version = version.map(u64::try_from).transpose();
    Ok(version.map_err(|_| corrupt("an event has a negative version"))?.map(StreamVersion))
}

async fn cursors(session: &Session, names: &[&str]) -> Result<HashMap<CursorName, CursorValue>, Failure> {
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = session.query(sql::CURSORS_NAMED, &[&names]).await?;
    let mut cursors = HashMap::with_capacity(rows.len());
    for row in &rows {
        let name = CursorName::from_stored(row.try_get(0)?);
        cursors.insert(name, CursorValue(row.try_get::<_, String>(1)?.into()));
    }
    Ok(cursors)
}

async fn matched(
    (session, (tail, size)): (&Session, (&TailView, u64)),
    index: usize,
    condition: &AppendCondition,
) -> Result<Option<(usize, Position)>, Failure> {
    let question = (&condition.fail_if_events_match, condition.after);
    let first = first_match((session, tail), question, size).await?;
    Ok(first.map(|position| (index, position)))
}
