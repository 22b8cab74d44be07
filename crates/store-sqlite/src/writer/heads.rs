use std::collections::HashMap;

use annals_event::{StreamName, StreamVersion};
use foldhash::fast::RandomState;
use rusqlite::{Connection, OptionalExtension, params};

use crate::errors::{Result, sqlite};
use crate::sql;
use crate::tail::TailView;

/// With more streams remembered than this after a turn, all are forgotten and looked up again.
const STREAMS_MAX: usize = 65_536;

/// The versions of streams that were written lately. Only the writer changes versions, so what it remembers
/// is right until a transaction is rolled back.
#[derive(Default)]
pub(crate) struct StreamHeads {
    known: HashMap<StreamName, Option<StreamVersion>, RandomState>,
}

impl StreamHeads {
    /// The version of a stream's last event, uncommitted ones included.
    pub(super) fn version(
        &mut self,
        stream: &StreamName,
        tail: &TailView<'_>,
        index: &Connection,
    ) -> Result<Option<StreamVersion>> {
        if let Some(version) = self.known.get(stream) {
            return Ok(*version);
        }
        let version = match tail.stream_end(stream) {
            Some(end) => Some(end.version),
            None => indexed_version(stream, index)?,
        };
        self.known.insert(stream.clone(), version);
        Ok(version)
    }

    /// The version of a stream's next event, which becomes its last. `None` when the stream was never looked up.
    pub(super) fn advance(&mut self, stream: &StreamName) -> Option<StreamVersion> {
        let known = self.known.get_mut(stream)?;
        let next = known.map_or(StreamVersion::FIRST, StreamVersion::next);
        *known = Some(next);
        Some(next)
    }

    /// Keeps memory bounded; called between turns, so that what a turn has looked up stays known in it.
    pub(super) fn trim(&mut self) {
        if self.known.len() > STREAMS_MAX {
            self.known.clear();
        }
    }

    /// Forgets everything, as after a rollback.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }
}

fn indexed_version(stream: &StreamName, index: &Connection) -> Result<Option<StreamVersion>> {
    let mut statement = index.prepare_cached(sql::INDEX_STREAM_VERSION).map_err(sqlite)?;
    let name = params![stream.aggregate_type.as_str(), stream.aggregate_id.as_str()];
    let version = statement.query_row(name, |row| row.get(0)).optional().map_err(sqlite)?;
    Ok(version.map(StreamVersion))
}
