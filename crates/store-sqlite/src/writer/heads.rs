use std::collections::HashMap;
use std::collections::hash_map::Entry;

use annals_event::{StreamName, StreamVersion};
use rusqlite::{Connection, OptionalExtension, params};

use crate::errors::{Result, sqlite};
use crate::sql;
use crate::tail::Tail;
use crate::term::{Term, TermHasher};

/// With more streams than this in the young generation, the old one is forgotten and looked up again.
const YOUNG_STREAMS_MAX: usize = 65_536;

/// The versions of streams that were written or asked for lately. Only the writer changes versions, so what it
/// remembers is right until a transaction is rolled back.
///
/// Two generations keep memory bounded: what is used moves to the young one, and now and then the old one goes.
pub(crate) struct StreamHeads {
    young: HashMap<Term, Head, TermHasher>,
    old: HashMap<Term, Head, TermHasher>,
    /// Streams whose term is another's, too. There are hardly ever any.
    twins: HashMap<StreamName, Option<StreamVersion>>,
    /// The size of the log when either generation began: streams with events behind that of the old one are
    /// known.
    young_since: u64,
    old_since: u64,
}

struct Head {
    stream: StreamName,
    version: Option<StreamVersion>,
}

/// Where the version of a stream stands that is not remembered.
#[derive(Clone, Copy)]
pub(super) struct HeadSources<'a> {
    pub(super) tail: &'a Tail,
    pub(super) index: &'a Connection,
}

impl StreamHeads {
    /// Knows nothing of a log of this size.
    pub(super) fn starting_at(size: u64) -> Self {
        Self {
            young: HashMap::default(),
            old: HashMap::default(),
            twins: HashMap::default(),
            young_since: size,
            old_since: size,
        }
    }

    /// The version of a stream's last event, uncommitted ones included.
    pub(super) fn version(
        &mut self,
        stream: &StreamName,
        sources: HeadSources<'_>,
    ) -> Result<Option<StreamVersion>> {
        Ok(*self.head(Term::stream(stream), stream, sources)?)
    }

    /// The version of a stream's next event, which becomes its last.
    pub(super) fn advance(&mut self, stream: &StreamName, sources: HeadSources<'_>) -> Result<StreamVersion> {
        let head = self.head(Term::stream(stream), stream, sources)?;
        let next = head.map_or(StreamVersion::FIRST, StreamVersion::next);
        *head = Some(next);
        Ok(next)
    }

    fn head(
        &mut self,
        term: Term,
        stream: &StreamName,
        sources: HeadSources<'_>,
    ) -> Result<&mut Option<StreamVersion>> {
        if !self.young.contains_key(&term) {
            let head = match self.old.remove(&term) {
                Some(head) => head,
                None => {
                    let version = look_up(stream, self.old_since, sources)?;
                    Head { stream: stream.clone(), version }
                }
            };
            self.young.insert(term, head);
        }
        match self.young.get_mut(&term) {
            Some(head) if head.stream == *stream => Ok(&mut head.version),
            _ => twin(&mut self.twins, stream, sources),
        }
    }

    /// Keeps memory bounded; called between turns, so that what a turn has looked up stays known in it.
    pub(super) fn trim(&mut self, size: u64) {
        if self.young.len() > YOUNG_STREAMS_MAX {
            self.old = std::mem::take(&mut self.young);
            self.twins.clear();
            self.old_since = self.young_since;
            self.young_since = size;
        }
    }

    /// Forgets everything, as after a rollback. What was rolled back may turn out to be stored, so that from
    /// now on no stream counts as known for having events.
    pub(super) fn forget(&mut self) {
        *self = Self::starting_at(u64::MAX);
    }
}

fn twin<'a>(
    twins: &'a mut HashMap<StreamName, Option<StreamVersion>>,
    stream: &StreamName,
    sources: HeadSources<'_>,
) -> Result<&'a mut Option<StreamVersion>> {
    match twins.entry(stream.clone()) {
        Entry::Occupied(known) => Ok(known.into_mut()),
        Entry::Vacant(unknown) => Ok(unknown.insert(look_up(stream, u64::MAX, sources)?)),
    }
}

/// The version of a stream that is not known; those with events from `known_since` on would be.
fn look_up(stream: &StreamName, known_since: u64, sources: HeadSources<'_>) -> Result<Option<StreamVersion>> {
    {
        let published = sources.tail.read();
        if published.first() < known_since
            && let Some(end) = published.view().stream_end(stream)
        {
            return Ok(Some(end.version));
        }
    }
    let mut statement = sources.index.prepare_cached(sql::INDEX_STREAM_VERSION).map_err(sqlite)?;
    let name = params![stream.aggregate_type.as_str(), stream.aggregate_id.as_str()];
    let version = statement.query_row(name, |row| row.get(0)).optional().map_err(sqlite)?;
    Ok(version.map(StreamVersion))
}
